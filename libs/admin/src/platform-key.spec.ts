import { platformKeyHash } from '#libs/core';
import { newPlatformKey } from './platform-key.ts';

describe('a platform key', () => {
  it('carries its id and 256 random bits, and only its hash is kept', () => {
    const { id, hash, platformKey } = newPlatformKey();
    const [, keyId, secret] = /^cbk_([0-9a-f]{16})_([\w-]{43})$/.exec(platformKey) ?? [];
    expect(keyId).toBe(id);
    expect(Buffer.from(secret ?? '', 'base64url')).toHaveLength(32);
    expect(hash).toBe(platformKeyHash(platformKey));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(newPlatformKey().platformKey).not.toBe(platformKey);
  });
});
