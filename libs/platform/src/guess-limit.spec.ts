import { RateLimiterMemory } from 'rate-limiter-flexible';
import { GuessLimit, MISSES_SECONDS, TRIES_IN_A_PAUSE, TooSoon } from './guess-limit.ts';

const wrong = async () => ({ right: false });
const right = async () => ({ right: true });

describe('guessing codes', () => {
  let limit: GuessLimit;
  const one = { accountId: 'shop', keyId: 'key-1' };

  beforeEach(() => {
    jest.useFakeTimers();
    limit = new GuessLimit(
      new RateLimiterMemory({ keyPrefix: 'misses', points: 1, duration: MISSES_SECONDS }),
      new RateLimiterMemory({ keyPrefix: 'pauses', points: TRIES_IN_A_PAUSE, duration: 1 }),
    );
  });
  afterEach(() => jest.useRealTimers());

  /** So many wrong codes in a row, each as soon as it is let through; how long each had to wait, in seconds. */
  async function waits(tries: number, who: () => typeof one = () => one): Promise<number[]> {
    const waited: number[] = [];
    for (let i = 0; i < tries; i++) {
      let seconds = 0;
      for (;;) {
        const outcome: unknown = await limit.guard(who(), wrong).catch((error: unknown) => error);
        if (!(outcome instanceof TooSoon)) break;
        seconds += outcome.retryAfterSeconds;
        jest.advanceTimersByTime(1000 * outcome.retryAfterSeconds);
      }
      waited.push(seconds);
    }
    return waited;
  }

  it('costs nothing ten times, and then pauses that double up to a minute', async () => {
    expect(await waits(20)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('is forgotten a quarter of an hour after the first', async () => {
    await waits(12);
    jest.advanceTimersByTime(1000 * MISSES_SECONDS);
    expect(await waits(11)).toEqual(Array.from({ length: 11 }, () => 0));
  });

  it('with one key does not slow another key of the account, until the account has too many', async () => {
    await waits(12);
    expect(await waits(1, () => ({ ...one, keyId: 'key-2' }))).toEqual([0]);
    let key = 10;
    const manyKeys = await waits(40, () => ({ ...one, keyId: `key-${key++}` }));
    expect(manyKeys.slice(0, 35).every((seconds) => seconds === 0)).toBe(true);
    expect(manyKeys.at(-1)).toBeGreaterThan(0);
    expect(await waits(1, () => ({ accountId: 'another', keyId: 'key-1' }))).toEqual([0]);
  });

  it('is not what typing right codes is, however many', async () => {
    for (let i = 0; i < 200; i++) await limit.guard(one, right);
    expect(await waits(1)).toEqual([0]);
  });

  it('is not quicker by many at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 500 }, () => limit.guard(one, wrong)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(11);
  });

  it('gives no credit for what is taken back when its quarter of an hour is over', async () => {
    const slow = Array.from({ length: 300 }, () => limit.guard(one, async () => (await held, { right: true })));
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await Promise.resolve();
    jest.advanceTimersByTime(1000 * MISSES_SECONDS);
    release();
    await Promise.allSettled(slow);
    expect((await waits(12)).slice(10)).toEqual([0, 1]);
  });

  it('is not made slow for a key by what another key is refused at the same time', async () => {
    const other = { ...one, keyId: 'key-2' };
    await waits(11);
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 100 }, () => limit.guard(one, wrong)),
      limit.guard(other, right),
      ...Array.from({ length: 100 }, () => limit.guard(one, wrong)),
      limit.guard(other, right),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });

  it('does not spoil a right code when the count cannot be taken back, and does not count what failed', async () => {
    let broken = false;
    const misses = new RateLimiterMemory({ keyPrefix: 'misses', points: 1, duration: MISSES_SECONDS });
    const fragile = new GuessLimit(
      {
        penalty: (name) => misses.penalty(name),
        reward: (name) => (broken ? Promise.reject(new Error('the store is away')) : misses.reward(name)),
      },
      new RateLimiterMemory({ keyPrefix: 'pauses', points: TRIES_IN_A_PAUSE, duration: 1 }),
    );
    for (let i = 0; i < 50; i++)
      await expect(fragile.guard(one, () => Promise.reject(new Error('contended')))).rejects.toThrow('contended');
    broken = true;
    await expect(fragile.guard(one, right)).resolves.toEqual({ right: true });
  });

  it('does not look at a code that comes too soon', async () => {
    await waits(11);
    const attempt = jest.fn(right);
    await expect(limit.guard(one, attempt)).rejects.toThrow('Try again in');
    expect(attempt).not.toHaveBeenCalled();
  });
});
