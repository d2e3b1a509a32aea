import fc from 'fast-check';
import { Backoff } from './backoff.ts';

describe('the pauses between tries', () => {
  it('double from one second to a minute, and each is the random half of its own', () => {
    const pauses = (random: number) => {
      const backoff = new Backoff({}, () => random);
      return Array.from({ length: 9 }, () => backoff.next());
    };
    expect(pauses(1)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(pauses(0)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('are long where a try could lock a user out', () => {
    const backoff = new Backoff({}, () => 1);
    expect([backoff.next('later'), backoff.next('later')]).toEqual([300_000, 600_000]);
    for (let i = 0; i < 100; i++) backoff.next('later');
    expect(backoff.next('later')).toBe(3_600_000);
  });

  it('are never shorter than what LivePerson asked for', () => {
    const pauses = Array.from({ length: 20 }, () => new Backoff().next('soon', 7000));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(7000);
    expect(new Set(pauses).size).toBeGreaterThan(1);
  });

  it('begin anew after a connection that held for a minute, and after no other', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 59_999 }), { maxLength: 20 }), (short) => {
        const backoff = new Backoff({}, () => 1);
        let longest = 0;
        for (const ms of short) {
          const pause = backoff.next();
          expect(pause).toBeGreaterThanOrEqual(longest);
          longest = pause;
          backoff.held(ms);
        }
        backoff.held(60_000);
        expect(backoff.next()).toBe(1000);
      }),
    );
  });
});
