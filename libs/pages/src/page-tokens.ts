import { SignJWT, errors, jwtVerify } from 'jose';
import type { Account, Instant } from '#libs/core';
import { Problem } from '#libs/protocol';

/** Whom a page speaks for. */
export interface PageIdentity {
  accountId: string;
  /** When the account was created: a token is no good for a later account of the same id. */
  accountSince: Instant;
  visitorId: string;
  /** Milliseconds since the epoch; the page is let go then. */
  expiresAt: number;
}

const AUDIENCE = 'cobridge:pages';
const ALGORITHM = 'HS256';

/** Whether it is the account that the page was let in by, and not gone, or another of the same id. */
export const isOf = (account: Account | null, page: PageIdentity): account is Account => account?.createdAt === page.accountSince;

/** Signs and reads page tokens: short-lived JWTs that say which visitor of which account a page belongs to. */
export class PageTokens {
  /** `secret`: at least 32 bytes, the same on every bridge of an installation. */
  constructor(private readonly secret: Uint8Array) {
    if (secret.length < 32) throw new RangeError('The secret for page tokens needs at least 32 bytes.');
  }

  async sign(
    account: Pick<Account, 'id' | 'createdAt'>,
    visitorId: string,
    ttlSeconds: number,
  ): Promise<{ token: string; expiresAt: number }> {
    const expires = Math.floor(Date.now() / 1000) + ttlSeconds;
    const token = await new SignJWT({ acc: account.id, since: account.createdAt })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setAudience(AUDIENCE)
      .setSubject(visitorId)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(this.secret);
    return { token, expiresAt: expires * 1000 };
  }

  /** Throws `token_missing`, `token_expired` or `token_invalid`. */
  async verify(token: unknown): Promise<PageIdentity> {
    if (typeof token !== 'string' || token === '')
      throw new Problem('token_missing', 'Connect with auth: { token } from the page-tokens call.');
    if (token.length > 4096) throw invalid();
    try {
      const { payload } = await jwtVerify(token, this.secret, {
        algorithms: [ALGORITHM],
        audience: AUDIENCE,
        requiredClaims: ['sub', 'acc', 'since', 'exp'],
      });
      const { acc, since, sub, exp } = payload;
      if (typeof acc !== 'string' || typeof since !== 'number' || typeof sub !== 'string' || exp === undefined) throw invalid();
      return { accountId: acc, accountSince: since, visitorId: sub, expiresAt: exp * 1000 };
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw new Problem('token_expired', 'The page token has expired. Ask your server for a new one.');
      throw invalid();
    }
  }
}

const invalid = (): Problem =>
  new Problem('token_invalid', 'The page token is not one of ours. Get one from the page-tokens call of this bridge.');
