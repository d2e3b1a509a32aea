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

  it('does not jump when somebody sets the machine while it counts', () => {
    let wall = TEN;
    let elapsed = 0;
    const clock = createServerClock(
      () => elapsed,
      () => wall,
    );
    wall += 86_400_000;
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
