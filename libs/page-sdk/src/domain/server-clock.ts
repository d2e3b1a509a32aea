/** The bridge's time in milliseconds since the epoch. */
export interface ServerClock {
  now: () => number;
  /** Takes the bridge's own word for its time, an ISO 8601 string; what cannot be read is left out. */
  set: (serverNow: string) => void;
}

/**
 * Runs on `elapsed`, a clock that nobody sets (milliseconds from any origin), so a page whose wall clock is wrong or is being changed
 * counts down rightly. Until the bridge has spoken the wall clock is the best guess.
 */
export function createServerClock(elapsed: () => number, wall: () => number): ServerClock {
  let origin = wall() - elapsed();
  return {
    now: () => origin + elapsed(),
    set(serverNow) {
      const told = Date.parse(serverNow);
      if (Number.isFinite(told)) origin = told - elapsed();
    },
  };
}
