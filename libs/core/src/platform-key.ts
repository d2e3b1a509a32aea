import { createHash } from 'node:crypto';

/** What is kept of a platform key: SHA-256 of the whole key, in hex. Enough, because a key has 256 random bits. */
export function platformKeyHash(platformKey: string): string {
  return createHash('sha256').update(platformKey).digest('hex');
}
