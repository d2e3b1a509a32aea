import { randomBytes } from 'node:crypto';
import { type NewPlatformKey, platformKeyHash } from '#libs/core';

/** A new key of 256 random bits: `platformKey` is shown once, the rest is kept. */
export function newPlatformKey(): NewPlatformKey & { platformKey: string } {
  const id = randomBytes(8).toString('hex');
  const platformKey = `cbk_${id}_${randomBytes(32).toString('base64url')}`;
  return { id, hash: platformKeyHash(platformKey), platformKey };
}
