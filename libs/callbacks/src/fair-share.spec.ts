import fc from 'fast-check';
import { FairShare } from './fair-share.ts';

const take = (share: FairShare, receiver: string, times: number): number =>
  Array.from({ length: times }, () => share.take(receiver)).filter((wait) => wait === null).length;

describe('a fair share', () => {
  it('leaves as many hands free as one receiver takes, and some for each that comes after', () => {
    const share = new FairShare(64);
    expect(['a', 'b', 'c', 'd'].map((receiver) => take(share, receiver, 100))).toEqual([32, 16, 8, 4]);
  });

  it('grows again when hands are given back', () => {
    const share = new FairShare(64);
    take(share, 'a', 100);
    take(share, 'b', 100);
    for (let i = 0; i < 32; i++) share.giveBack('a');
    expect(take(share, 'b', 100)).toBe(16);
  });

  it('lets those sent away come back one after the other', () => {
    const share = new FairShare(2);
    expect(share.take('a', 1000)).toBeNull();
    expect([share.take('a', 1000), share.take('a', 1000), share.take('a', 1100)]).toEqual([250, 260, 250]);
  });

  it('never gives out more hands than there are, nor loses one', () => {
    const moves = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), { maxLength: 300 });
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 20 }), (all, hands) => {
        const share = new FairShare(hands);
        const held: string[] = [];
        for (const [receiver, taking] of all) {
          if (taking && share.take(receiver) === null) held.push(receiver);
          const at = held.indexOf(receiver);
          if (!taking && at >= 0) share.giveBack(held.splice(at, 1)[0] ?? '');
          expect(held.length).toBeLessThanOrEqual(hands);
        }
        for (const receiver of held) share.giveBack(receiver);
        expect(take(share, 'a', hands)).toBe(take(new FairShare(hands), 'a', hands));
      }),
    );
  });
});
