import type { Instant } from '#libs/core';

/** Above this a number counts milliseconds: as seconds it would be the year 5138. */
const SURELY_MILLISECONDS = 1e11;

/** 9999-12-31T23:59:59.999Z: nothing later has an ordinary ISO 8601 form. */
const LATEST: Instant = 253_402_300_799_999;

/**
 * A time on LivePerson's wire, or null when there is none that makes sense. `expires` counts seconds, with a fraction, in Java's
 * notation (`1.502893131855E9`); every other time counts milliseconds; either may come as text. Exact to the millisecond.
 */
export function readInstant(value: unknown): Instant | null {
  const told = typeof value === 'string' && value.length <= 64 && value.trim() !== '' ? Number(value) : value;
  if (typeof told !== 'number' || !(told > 0)) return null;
  const instant = Math.round(told > SURELY_MILLISECONDS ? told : told * 1000);
  return instant > 0 && instant <= LATEST ? instant : null;
}
