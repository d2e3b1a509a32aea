import { createHash } from 'node:crypto';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Visit } from './handshake.ts';

/** How often one visitor may ask: this many times in `ASKING_SECONDS`, whatever the number of pages. */
export const ASKS = 15;
export const ASKING_SECONDS = 180;

/** Counts a visitor's requests on all bridges. */
export class AskLimit {
  /** `limiter` allows `ASKS` in `ASKING_SECONDS`. */
  constructor(private readonly limiter: Pick<RateLimiterAbstract, 'consume'>) {}

  async allows({ accountId, visitorId }: Visit): Promise<boolean> {
    const key = createHash('sha256')
      .update(JSON.stringify([accountId, visitorId]))
      .digest('base64url');
    return this.limiter.consume(key).then(
      () => true,
      (error: unknown) => {
        if (error instanceof RateLimiterRes) return false;
        throw error;
      },
    );
  }
}
