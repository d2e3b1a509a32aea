import fc from 'fast-check';
import { FairShare } from './fair-share.ts';

type GiveBack = () => void;

describe('a fair share', () => {
  let share: FairShare;
  let called: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    called = [];
  });

  afterEach(() => void jest.useRealTimers());

  const ofHands = (hands: number): void => void (share = new FairShare(hands, (id) => called.push(id)));

  /** Asks so many times at once and lets so much time go by: the hands that were got, who has to wait, and how many still stand there. */
  async function ask(receiver: string, times: number, ms: number): Promise<{ hands: GiveBack[]; inRoom: string[]; standing: number }> {
    const hands: GiveBack[] = [];
    const inRoom: string[] = [];
    const take = async (id: string): Promise<void> => {
      const got = await share.take(receiver, id);
      if (got) hands.push(got);
      else inRoom.push(id);
    };
    for (let i = 0; i < times; i++) void take(`${receiver}${i}`);
    await jest.advanceTimersByTimeAsync(ms);
    return { hands, inRoom, standing: times - hands.length - inRoom.length };
  }

  it('leaves as many hands free as one receiver takes, and some for each that comes after', async () => {
    ofHands(64);
    const taken = [];
    for (const receiver of ['a', 'b', 'c', 'd']) taken.push((await ask(receiver, 100, 0)).hands.length);
    expect(taken).toEqual([32, 16, 8, 4]);
  });

  it('is waited for while the receiver is quick, and goes to one who stands there when a hand is given back', async () => {
    ofHands(2);
    const got: (GiveBack | null)[] = [];
    for (let i = 0; i < 5; i++) void share.take('a', `a${i}`).then((answer) => got.push(answer));
    for (let served = 0; served < 5; served++) {
      await jest.advanceTimersByTimeAsync(400);
      expect(got).toHaveLength(served + 1);
      got.at(-1)?.();
    }
    expect(called).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not waited for when the receiver is slow: who asked is called up when a hand is given back, in order', async () => {
    ofHands(2);
    const { hands, inRoom, standing } = await ask('a', 4, 500);
    expect({ got: hands.length, inRoom, standing }).toEqual({ got: 1, inRoom: ['a1', 'a2', 'a3'], standing: 0 });
    await expect(share.take('a', 'a4')).resolves.toBeNull();
    expect(called).toEqual([]);
    hands[0]?.();
    expect(called).toEqual(['a1']);
    (await share.take('a', 'a1'))?.();
    (await share.take('a', 'a2'))?.();
    expect(called).toEqual(['a1', 'a2', 'a3']);
  });

  it('knows who waits for a hand that will be given back, and for whom nobody else would look', async () => {
    ofHands(2);
    const { hands } = await ask('a', 3, 500);
    expect(['a0', 'a1', 'a2', 'x'].map((id) => share.waits(id))).toEqual([false, true, true, false]);
    hands[0]?.();
    expect(called).toEqual(['a1']);
    expect(['a1', 'a2'].map((id) => share.waits(id))).toEqual([false, false]);
  });

  it('does not take a receiver for slow because of one request', async () => {
    ofHands(16);
    await ask('a', 1, 2000);
    await expect(ask('a', 10, 100)).resolves.toMatchObject({ inRoom: [], standing: 3 });
  });

  it('calls up who found no hand at all when another receiver gives one back', async () => {
    ofHands(1);
    const { hands } = await ask('a', 1, 0);
    await expect(ask('b', 2, 500)).resolves.toMatchObject({ inRoom: ['b0', 'b1'], standing: 0 });
    hands[0]?.();
    expect(called).toEqual(['b0']);
  });

  it('never gives out more hands than there are, nor loses one', async () => {
    jest.useRealTimers();
    const moves = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), { maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(moves, fc.integer({ min: 1, max: 20 }), async (all, hands) => {
        ofHands(hands);
        const held: GiveBack[] = [];
        const asked: Promise<unknown>[] = [];
        for (const [i, [receiver, taking]] of all.entries()) {
          if (taking) asked.push(share.take(receiver, `${i}`).then((got) => got && held.push(got)));
          else held.shift()?.();
          await new Promise(setImmediate);
          expect(held.length).toBeLessThanOrEqual(hands);
        }
        while (held.length > 0) {
          held.shift()?.();
          await new Promise(setImmediate);
        }
        await Promise.all(asked);
        expect(held).toEqual([]);
        for (let i = 0; i < Math.ceil(hands / 2); i++) await expect(share.take('a', 'last')).resolves.not.toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});
