import fc from 'fast-check';
import { FairShare, type Share } from './fair-share.ts';

type Hand = Extract<Share, { giveBack: () => void }>;

/** Asks so many times at once and lets so much time go by. */
async function ask(
  share: FairShare,
  receiver: string,
  times: number,
  ms: number,
): Promise<{ hands: Hand[]; away: number[]; waiting: number }> {
  const got: Share[] = [];
  for (let i = 0; i < times; i++) void share.take(receiver).then((answer) => got.push(answer));
  await jest.advanceTimersByTimeAsync(ms);
  const hands = got.filter((answer) => 'giveBack' in answer);
  const away = got.flatMap((answer) => ('comeBackMs' in answer ? [answer.comeBackMs] : []));
  return { hands, away, waiting: times - got.length };
}

describe('a fair share', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('leaves as many hands free as one receiver takes, and some for each that comes after', async () => {
    const share = new FairShare(64);
    const taken = [];
    for (const receiver of ['a', 'b', 'c', 'd']) taken.push((await ask(share, receiver, 100, 0)).hands.length);
    expect(taken).toEqual([32, 16, 8, 4]);
  });

  it('is waited for while the receiver is quick, and goes to one who waits when a hand is given back', async () => {
    const share = new FairShare(2);
    const got: Share[] = [];
    for (let i = 0; i < 5; i++) void share.take('a').then((answer) => got.push(answer));
    for (let served = 0; served < 5; served++) {
      await jest.advanceTimersByTimeAsync(400);
      expect(got).toHaveLength(served + 1);
      (got.at(-1) as Hand).giveBack();
    }
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends away those who wait for a slow receiver, to come back one after the other', async () => {
    const share = new FairShare(2);
    const { hands, away, waiting } = await ask(share, 'a', 4, 500);
    expect(hands).toHaveLength(1);
    expect(away).toEqual([250, 254, 258]);
    expect(waiting).toBe(0);
    await expect(share.take('a')).resolves.toEqual({ comeBackMs: 262 });
    await jest.advanceTimersByTimeAsync(1000);
    await expect(share.take('a')).resolves.toEqual({ comeBackMs: 250 });
  });

  it('does not take a receiver for slow because of one request', async () => {
    const share = new FairShare(16);
    await ask(share, 'a', 1, 2000);
    const { away, waiting } = await ask(share, 'a', 10, 100);
    expect({ away, waiting }).toEqual({ away: [], waiting: 3 });
  });

  it('sends away who finds no hand at all', async () => {
    const share = new FairShare(1);
    await ask(share, 'a', 1, 0);
    await expect(ask(share, 'b', 2, 500)).resolves.toMatchObject({ away: [250, 250], waiting: 0 });
  });

  it('never gives out more hands than there are, nor loses one', async () => {
    jest.useRealTimers();
    const moves = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), { maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(moves, fc.integer({ min: 1, max: 20 }), async (all, hands) => {
        const share = new FairShare(hands);
        const held: Hand[] = [];
        const asked: Promise<unknown>[] = [];
        const take = (receiver: string): void => void asked.push(share.take(receiver).then((got) => 'giveBack' in got && held.push(got)));
        for (const [receiver, taking] of all) {
          if (taking) take(receiver);
          else held.shift()?.giveBack();
          await new Promise(setImmediate);
          expect(held.length).toBeLessThanOrEqual(hands);
        }
        while (held.length > 0) {
          held.shift()?.giveBack();
          await new Promise(setImmediate);
        }
        await Promise.all(asked);
        expect(held).toEqual([]);
        for (let i = 0; i < Math.ceil(hands / 2); i++) await expect(share.take('a')).resolves.toHaveProperty('giveBack');
      }),
      { numRuns: 50 },
    );
  });
});
