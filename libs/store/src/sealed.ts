import { CompactEncrypt, compactDecrypt } from 'jose';

/** Encrypts secrets for the database: compact JWE, AES-256-GCM, one key for the installation. */
export class Sealer {
  /** `key`: 32 bytes, the same on every bridge of an installation. */
  constructor(private readonly key: Uint8Array) {
    if (key.length !== 32) throw new RangeError('The key that seals secrets has 32 bytes.');
  }

  seal(secret: string): Promise<string> {
    return new CompactEncrypt(new TextEncoder().encode(secret)).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(this.key);
  }

  /** Throws when it was sealed with another key. */
  async unseal(sealed: string): Promise<string> {
    const { plaintext } = await compactDecrypt(sealed, this.key);
    return new TextDecoder().decode(plaintext);
  }
}
