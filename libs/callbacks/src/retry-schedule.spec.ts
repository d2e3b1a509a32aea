import fc from 'fast-check';
import { pauseAfter, retryAfterMs } from './retry-schedule.ts';

const HOUR = 3_600_000;

/** The pauses of a delivery that never succeeds. */
function pauses(wishMs: number | null, random: () => number): number[] {
  const all: number[] = [];
  for (let pause = pauseAfter(1, wishMs, random); pause !== null; pause = pauseAfter(all.length + 1, wishMs, random)) all.push(pause);
  return all;
}

describe('the pauses between tries', () => {
  it('grow from 5 seconds to 10 hours and last 24 hours together', () => {
    const middle = pauses(null, () => 0.5);
    expect(middle[0]).toBe(5000);
    expect(middle.at(-1)).toBe(10 * HOUR);
    expect(middle).toEqual(middle.toSorted((a, b) => a - b));
    expect(sum(middle)).toBeGreaterThan(23.5 * HOUR);
    expect(sum(middle)).toBeLessThan(24.5 * HOUR);
  });

  it('differ by a tenth at most from delivery to delivery', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 11 }), (chance, attempts) => {
        const middle = pauseAfter(attempts, null, () => 0.5) ?? 0;
        const pause = pauseAfter(attempts, null, () => chance) ?? 0;
        expect(Math.abs(pause - middle)).toBeLessThanOrEqual(middle / 10 + 1);
      }),
    );
    expect(pauseAfter(1, null, () => 0)).not.toBe(pauseAfter(1, null, () => 1));
  });

  it('are longer when the receiver asks for it, up to an hour, and never shorter', () => {
    expect(pauseAfter(1, 60_000, () => 0.5)).toBe(60_000);
    expect(pauseAfter(1, 1000, () => 0.5)).toBe(5000);
    expect(pauseAfter(1, 1000 * HOUR, () => 0.5)).toBe(HOUR);
    expect(pauses(0, () => 0.5)).toEqual(pauses(null, () => 0.5));
  });

  it('end after the eleventh, with the twelfth try', () => {
    expect(pauseAfter(11, null)).not.toBeNull();
    expect(pauseAfter(12, null)).toBeNull();
    expect(pauseAfter(12, 60_000)).toBeNull();
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 21, 10);

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['soon', null],
    ['99999999999999999999', null],
    ['', null],
    [undefined, null],
    [['1', '2'], null],
  ])('%p asks for %p ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
