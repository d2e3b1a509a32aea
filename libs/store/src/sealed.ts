import { CompactEncrypt, compactDecrypt } from 'jose';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

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

/** The key at hand is not the one that the secrets in the database were sealed with. */
export class WrongSealError extends Error {
  readonly code = 'wrong_seal';
}

const SAMPLE = 'cobridge';

/** Finds out at the start, and not at the first notification, whether the secrets in the database can be read. Throws `WrongSealError`. */
export async function checkSeal(db: Kysely<Tables>, sealer: Sealer): Promise<void> {
  await db
    .insertInto('seal')
    .values({ sample: await sealer.seal(SAMPLE) })
    .onConflict((on) => on.doNothing())
    .execute();
  const { sample } = await db.selectFrom('seal').select('sample').executeTakeFirstOrThrow();
  const opened = await sealer.unseal(sample).catch(() => null);
  if (opened === SAMPLE) return;
  throw new WrongSealError(
    'COBRIDGE_SECRET_KEY is not the one that the secrets in this database were sealed with. Set it to that one; where it was never set, that is the former COBRIDGE_ADMIN_KEY.',
  );
}
