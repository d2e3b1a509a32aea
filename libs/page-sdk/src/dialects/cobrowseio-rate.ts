const MOST = 15;
const WINDOW_MS = 180_000;

/** The vendor's limit on new sessions. Throws when one more is too many by `now`, in milliseconds of any steady clock. */
export function createRateLimit(): (now: number) => void {
  let made: number[] = [];
  return (now) => {
    made = made.filter((instant) => now - instant < WINDOW_MS);
    if (made.length >= MOST) throw new Error(`Too many sessions: at most ${MOST} within ${WINDOW_MS / 1000} seconds.`);
    made.push(now);
  };
}
