import { createServerClock } from './server-clock.ts';

const TEN = Date.parse('2026-11-21T10:00:00.000Z');

describe('The clock of the bridge', () => {
  it('is the wall clock until the bridge has spoken', () => {
    expect(
      createServerClock(
        () => 5_000,
        () => TEN,
      ).now(),
    ).toBe(TEN);
  });

  it.each([
    ['an hour ahead', 3_600_000],
    ['an hour behind', -3_600_000],
    ['right', 0],
  ])('is the word of the bridge on a machine that is %s', (_, wrongBy) => {
    let elapsed = 5_000;
    const clock = createServerClock(
      () => elapsed,
      () => TEN + wrongBy,
    );
    clock.set('2026-11-21T10:00:00.000Z');
    elapsed += 1_500;
    expect(clock.now()).toBe(TEN + 1_500);
  });

  it('goes on with the wall clock while the machine sleeps, and says once that it has slept', () => {
    let wall = TEN + 3_600_000;
    let elapsed = 0;
    let slept = 0;
    const clock = createServerClock(
      () => elapsed,
      () => wall,
      () => slept++,
    );
    clock.set('2026-11-21T10:00:00.000Z');
    wall += 90_000;
    elapsed += 1_000;
    expect([clock.now(), clock.now(), slept]).toEqual([TEN + 90_000, TEN + 90_000, 1]);
    clock.set('2026-11-21T10:00:05.000Z');
    expect([clock.now(), slept]).toEqual([TEN + 5_000, 1]);
  });

  it.each([
    ['back', -86_400_000],
    ['a little ahead', 1_400],
  ])('does not jump when the machine is set %s while it counts', (_, set) => {
    let wall = TEN;
    let elapsed = 0;
    const clock = createServerClock(
      () => elapsed,
      () => wall,
    );
    wall += 1_000 + set;
    elapsed += 1_000;
    expect(clock.now()).toBe(TEN + 1_000);
  });

  it('keeps its time when the bridge says something unreadable', () => {
    const clock = createServerClock(
      () => 0,
      () => TEN,
    );
    clock.set('soon');
    expect(clock.now()).toBe(TEN);
  });
});
