/** The bridge's time in milliseconds since the epoch. */
export interface ServerClock {
  now: () => number;
  /** Takes the bridge's own word for its time, an ISO 8601 string; what cannot be read is left out. */
  set: (serverNow: string) => void;
}

/** Two clocks that drift apart by more between two looks have not drifted: one of them stood still. */
const A_SLEEP_MS = 1_500;

/**
 * Runs on `elapsed`, a clock that nobody sets (milliseconds from any origin), so a page whose wall clock is wrong counts down rightly.
 * Until the bridge has spoken the wall clock is the best guess. Where `elapsed` stands still while the machine sleeps, as it does in
 * browsers on macOS and Linux, the wall clock says for how long; `slept` is called, because only the bridge knows whether somebody
 * has merely set it.
 */
export function createServerClock(elapsed: () => number, wall: () => number, slept = () => {}): ServerClock {
  let gap = wall() - elapsed();
  let origin = gap;
  return {
    now() {
      const sleep = wall() - elapsed() - gap;
      gap += sleep;
      if (sleep > A_SLEEP_MS) {
        origin += sleep;
        slept();
      }
      return origin + elapsed();
    },
    set(serverNow) {
      const told = Date.parse(serverNow);
      gap = wall() - elapsed();
      if (Number.isFinite(told)) origin = told - elapsed();
    },
  };
}
