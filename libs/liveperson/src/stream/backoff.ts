const FIRST_MS = 1000;
const MOST_MS = 60_000;
const LATER_FIRST_MS = 5 * 60_000;
const LATER_MOST_MS = 60 * 60_000;

/** So long a connection has to hold before it counts as a good one: a service that lets in and drops at once is not hammered. */
export const STABLE_MS = 60_000;

/**
 * How long to wait before the next try: doubling pauses, of which each stream takes a random half, so that a thousand that were cut
 * off together do not come back together. `random` gives 0 to 1.
 */
export class Backoff {
  private tries = 0;

  constructor(private readonly random: () => number = Math.random) {}

  /** Milliseconds; `atLeastMs` is what the other side asked for. */
  next(patience: 'soon' | 'later' = 'soon', atLeastMs = 0): number {
    const [first, most] = patience === 'soon' ? [FIRST_MS, MOST_MS] : [LATER_FIRST_MS, LATER_MOST_MS];
    const full = Math.min(most, first * 2 ** Math.min(this.tries, 16));
    this.tries += 1;
    return Math.round(Math.max(atLeastMs, full * (0.5 + this.random() / 2)));
  }

  /** Told after every connection how long it held, milliseconds. Only a stable one begins the pauses anew. */
  held(ms: number): void {
    if (ms >= STABLE_MS) this.tries = 0;
  }
}
