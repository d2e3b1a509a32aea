import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** `sha1=` or `sha256=`, in small letters, and the digest in base64 or hexadecimal: at most 71 characters. */
const SIGNATURE = /^(sha1|sha256)=([A-Za-z0-9+/]{26,64}={0,2})$/;

/** Digits of a digest written in hexadecimal; in base64 it is shorter. */
const HEX_LENGTH: Record<string, number> = { sha1: 40, sha256: 64 };

/** Stands in for a secret that is not there, so that a refusal takes as long and tells as little. */
const NOBODYS_SECRET = randomBytes(32);

/**
 * Whether `x-liveperson-signature` is the app secret's HMAC over these very bytes (Connector API, webhooks: notification protocol).
 * The body must not have been parsed before: writing it again turns `1.502893131855E9` into something else. Never throws; a header
 * that is missing, doubled or oddly written is simply not a signature.
 */
export function isSigned(raw: Buffer, header: string | string[] | undefined, appSecret: string | undefined): boolean {
  const [signature, ...more] = Array.isArray(header) ? header : [header];
  if (!signature || more.length > 0 || signature.length > 80) return false;
  const [, algorithm = '', claimed = ''] = SIGNATURE.exec(signature) ?? [];
  if (!algorithm) return false;
  const encoding = claimed.length === HEX_LENGTH[algorithm] ? 'hex' : 'base64';
  const expected = Buffer.from(
    createHmac(algorithm, appSecret || NOBODYS_SECRET)
      .update(raw)
      .digest(encoding),
  );
  const given = Buffer.from(encoding === 'hex' ? claimed.toLowerCase() : claimed);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
