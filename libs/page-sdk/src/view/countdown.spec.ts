import { clockTime, countDown } from './countdown.ts';

describe('The countdown', () => {
  it.each([
    [120_000, '2:00'],
    [119_001, '2:00'],
    [119_000, '1:59'],
    [60_000, '1:00'],
    [9_999, '0:10'],
    [1, '0:01'],
    [0, '0:00'],
    [-5_000, '0:00'],
  ])('shows %i ms as %s', (left, text) => {
    expect(clockTime(left)).toBe(text);
  });

  describe('with its clock', () => {
    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());

    it('ticks at full seconds and ends at the deadline', () => {
      const ticks: number[] = [];
      let ended = 0;
      countDown(jest.now() + 2_500, () => jest.now(), { tick: (left) => ticks.push(left), over: () => ended++ });
      jest.advanceTimersByTime(2_499);
      expect([ticks, ended]).toEqual([[2_500, 2_000, 1_000], 0]);
      jest.advanceTimersByTime(1);
      expect([ticks, ended, jest.getTimerCount()]).toEqual([[2_500, 2_000, 1_000], 1, 0]);
    });

    it('is over at once when it is too late', () => {
      let ended = 0;
      countDown(jest.now(), () => jest.now(), { tick: () => fail(), over: () => ended++ });
      expect([ended, jest.getTimerCount()]).toEqual([1, 0]);
    });

    it('follows the clock, not the number of ticks', () => {
      let ahead = 0;
      const ticks: number[] = [];
      countDown(jest.now() + 60_000, () => jest.now() + ahead, { tick: (left) => ticks.push(left), over: () => {} });
      ahead = 50_000;
      jest.advanceTimersByTime(1_000);
      expect(ticks).toEqual([60_000, 9_000]);
      jest.advanceTimersByTime(9_000);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('can be ended early', () => {
      const stop = countDown(jest.now() + 60_000, () => jest.now(), { tick: () => {}, over: () => {} });
      stop();
      expect(jest.getTimerCount()).toBe(0);
    });
  });
});
