/** Milliseconds. */
export interface BackoffTimes {
  firstPauseMs: number;
  longestPauseMs: number;
  /** So long a connection has to hold before it counts as a good one: a service that lets in and drops at once is not hammered. */
  stableMs: number;
}

const TIMES: BackoffTimes = { firstPauseMs: 1000, longestPauseMs: 60_000, stableMs: 60_000 };

/** Where trying soon would lock a user out, or cannot help. */
const LATER: Pick<BackoffTimes, 'firstPauseMs' | 'longestPauseMs'> = { firstPauseMs: 5 * 60_000, longestPauseMs: 60 * 60_000 };

/**
 * How long to wait before the next try: doubling pauses, of which each stream takes a random half, so that a thousand that were cut
 * off together do not come back together. `random` gives 0 to 1.
 */
export class Backoff {
  private readonly times: BackoffTimes;
  private tries = 0;

  constructor(
    times: Partial<BackoffTimes> = {},
    private readonly random: () => number = Math.random,
  ) {
    this.times = { ...TIMES, ...times };
  }

  /** Milliseconds; `atLeastMs` is what the other side asked for. */
  next(patience: 'soon' | 'later' = 'soon', atLeastMs = 0): number {
    const { firstPauseMs, longestPauseMs } = patience === 'soon' ? this.times : LATER;
    const full = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.tries, 30));
    this.tries += 1;
    const spread = full * (this.random() / 2);
    return Math.round(Math.max(full / 2, atLeastMs) + spread);
  }

  /** Told after every connection how long it held, milliseconds. Only a stable one begins the pauses anew. */
  held(ms: number): void {
    if (ms >= this.times.stableMs) this.tries = 0;
  }
}
