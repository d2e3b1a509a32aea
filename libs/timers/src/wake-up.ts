import type { Instant } from '#libs/core';

/** Wake-ups come on a grid, so that a burst of sessions needs few of them. */
export const GRID_MS = 50;

/** How far what we believe of the store's clock may be ahead of it. */
const CLOCK_ALLOWANCE_MS = 5;

/**
 * The instant at which to wake up for something due at `dueAt`: after it, on the grid, and not in the past, because the job of a past
 * instant may be on its way already without having seen what is armed now.
 */
export function wakeUpFor(dueAt: Instant, now: Instant): Instant {
  const after = dueAt >= now ? dueAt + CLOCK_ALLOWANCE_MS : now + CLOCK_ALLOWANCE_MS;
  return Math.ceil(after / GRID_MS) * GRID_MS;
}
