import { createHash } from 'node:crypto';
import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '#libs/protocol';

export interface Guesser {
  accountId: string;
  keyId: string;
}

/** A quarter of an hour's mistakes that cost nothing: one team on one key, and all teams of an account. */
const FREE = { key: 10, account: 50 };
const LONGEST_PAUSE_SECONDS = 60;

/** How long wrong codes are remembered. */
export const MISSES_SECONDS = 900;

/** One code may be tried in each pause. */
export const TRIES_IN_A_PAUSE = 1;

/** A count that ends within this time is not taken back: taken back too late, it would be credit for the next one. */
const TOO_LATE_MS = 10_000;

/**
 * Makes guessing codes slow. After so many wrong ones, by key and by account, only one try is let through in each pause, and the
 * pauses double up to a minute.
 */
export class GuessLimit {
  /** `misses` counts for `MISSES_SECONDS`; `pauses` allows `TRIES_IN_A_PAUSE`, for as long as it is told each time. */
  constructor(
    private readonly misses: Pick<RateLimiterAbstract, 'penalty' | 'reward'>,
    private readonly pauses: Pick<RateLimiterAbstract, 'consume'>,
  ) {}

  /**
   * Runs `attempt`, which says whether the code was right. Throws `TooSoon` without running it while a pause lasts, and what `attempt`
   * throws; neither counts as a wrong code.
   */
  async guard<T extends { right: boolean }>({ accountId, keyId }: Guesser, attempt: () => Promise<T>): Promise<T> {
    const takeBack: (() => Promise<unknown>)[] = [];
    const forgive = (): Promise<unknown> => Promise.allSettled(takeBack.map((step) => step()));
    try {
      // The key first: what it is refused does not count for the others of its account.
      takeBack.push(await this.count(digest('key', accountId, keyId), FREE.key));
      takeBack.push(await this.count(digest('account', accountId), FREE.account));
      const result = await attempt();
      if (result.right) await forgive();
      return result;
    } catch (error) {
      await forgive();
      throw error;
    }
  }

  /** Counts a try before it is looked at, so that a thousand at once are not a thousand for free. Answers how to take that back. */
  private async count(name: string, free: number): Promise<() => Promise<unknown>> {
    const { consumedPoints, msBeforeNext } = await this.misses.penalty(name);
    const until = performance.now() + msBeforeNext - TOO_LATE_MS;
    const takeBack = async (): Promise<unknown> => (performance.now() < until ? this.misses.reward(name) : undefined);
    const over = consumedPoints - free;
    if (over <= 0) return takeBack;
    try {
      await this.pauses.consume(name, 1, { customDuration: Math.min(2 ** (over - 1), LONGEST_PAUSE_SECONDS) });
    } catch (error) {
      await takeBack().catch(() => undefined);
      throw error instanceof Error ? error : tooSoon(error as RateLimiterRes);
    }
    return takeBack;
  }
}

/** Says when the next code may be tried. */
export class TooSoon extends Problem {
  constructor(readonly retryAfterSeconds: number) {
    super('too_many_requests', `Too many wrong codes. Try again in ${retryAfterSeconds} s.`);
  }
}

const tooSoon = ({ msBeforeNext }: RateLimiterRes): TooSoon => new TooSoon(Math.max(1, Math.ceil(msBeforeNext / 1000)));

const digest = (...names: string[]): string => createHash('sha256').update(JSON.stringify(names)).digest('base64url');
