const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** The pauses after the first try, the second, and so on: about 24 hours together. */
const PAUSES_MS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
  10 * HOUR,
];

/** Pauses are up to this part shorter or longer, so that what failed together does not come back together. */
const JITTER = 0.1;

/** A receiver may ask for a longer pause than ours, but not for one that eats up the 24 hours. */
const LONGEST_WISH_MS = 1 * HOUR;

/**
 * How long to wait after so many tries that failed, in milliseconds; null when there is no further try. `wishMs` is the pause that the
 * receiver asked for.
 */
export function pauseAfter(attempts: number, wishMs: number | null, random: () => number = Math.random): number | null {
  const pause = PAUSES_MS[attempts - 1];
  if (pause === undefined) return null;
  const jittered = pause * (1 - JITTER + 2 * JITTER * random());
  return Math.round(Math.max(jittered, Math.min(wishMs ?? 0, LONGEST_WISH_MS)));
}

/** What a `Retry-After` asks for, in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). Null when it is neither. */
export function retryAfterMs(header: unknown, now: number): number | null {
  if (typeof header !== 'string') return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
