import { type CanActivate, Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Problem } from '#libs/protocol';

/** All demo pages together. People click; more is a loop. */
const WRITES_IN_TEN_SECONDS = 200;

/** How much the demo pages may ask for. */
@Injectable()
export class WriteLimit implements CanActivate {
  private readonly limiter = new RateLimiterMemory({ points: WRITES_IN_TEN_SECONDS, duration: 10 });

  /** Throws `too_many_requests`. */
  async canActivate(): Promise<true> {
    await this.limiter.consume('demo').catch(() => {
      throw new Problem('too_many_requests', 'The demo is too busy. Try again in some seconds.');
    });
    return true;
  }
}
