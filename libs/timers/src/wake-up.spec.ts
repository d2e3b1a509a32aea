import fc from 'fast-check';
import { GRID_MS, wakeUpFor } from './wake-up.ts';

const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });

describe('the instant to wake up at', () => {
  it('lies after what is due and after now, on the grid, and no more than a step and the allowance late', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -100_000, max: 20_000_000 }), (now, ahead) => {
        const wakeUp = wakeUpFor(now + ahead, now);
        expect(wakeUp % GRID_MS).toBe(0);
        expect(wakeUp).toBeGreaterThan(Math.max(now, now + ahead));
        expect(wakeUp).toBeLessThan(Math.max(now, now + ahead) + 5 + GRID_MS);
      }),
    );
  });

  it('is the same for all that is due within one step', () => {
    const wakeUps = Array.from({ length: GRID_MS }, (_, i) => wakeUpFor(100_000 + i - 5 + 1, 0));
    expect(new Set(wakeUps)).toEqual(new Set([100_000 + GRID_MS]));
  });
});
