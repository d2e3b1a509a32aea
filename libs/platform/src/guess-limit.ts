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

  /** Runs `attempt`, which says whether the code was right. Throws `too_many_requests` without running it while a pause lasts. */
  async guard<T extends { right: boolean }>(guesser: Guesser, attempt: () => Promise<T>): Promise<T> {
    const counters = [
      { name: digest('account', guesser.accountId), free: FREE.account },
      { name: digest('key', guesser.accountId, guesser.keyId), free: FREE.key },
    ];
    // Counted before it is looked at, so that a thousand at once are not a thousand for free.
    const counted = await Promise.all(counters.map(async ({ name, free }) => (await this.misses.penalty(name)).consumedPoints - free));
    const forgive = (): Promise<unknown> => Promise.all(counters.map(({ name }) => this.misses.reward(name)));
    try {
      for (const [i, { name }] of counters.entries()) {
        const over = counted[i] ?? 0;
        if (over > 0) await this.pauses.consume(name, 1, { customDuration: Math.min(2 ** (over - 1), LONGEST_PAUSE_SECONDS) });
      }
    } catch (error) {
      await forgive();
      throw error instanceof Error ? error : tooSoon(error as RateLimiterRes);
    }
    const result = await attempt();
    if (result.right) await forgive();
    return result;
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
