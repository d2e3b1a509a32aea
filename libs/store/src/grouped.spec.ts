import fc from 'fast-check';
import { Grouped } from './grouped.ts';

/** A statement that ends when the test says so. */
function statements() {
  const groups: { items: string[]; end: (error?: Error) => void }[] = [];
  const run = (items: string[]): Promise<string[]> =>
    new Promise((resolve, reject) => {
      groups.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((item) => `${item}!`))) });
    });
  return { groups, run };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('calls that arrive together', () => {
  it('share one statement, and each has its own answer', async () => {
    const { groups, run } = statements();
    const grouped = new Grouped(run, { lanes: 2, size: 10 });
    const answers = Promise.all([grouped.add('a'), grouped.add('b'), grouped.add('c')]);
    await turn();
    expect(groups.map((g) => g.items)).toEqual([['a', 'b', 'c']]);
    groups[0]?.end();
    expect(await answers).toEqual(['a!', 'b!', 'c!']);
  });

  it('wait while all lanes are busy, and then go together', async () => {
    const { groups, run } = statements();
    const grouped = new Grouped(run, { lanes: 1, size: 10 });
    const first = grouped.add('a');
    await turn();
    const later = Promise.all([grouped.add('b'), grouped.add('c')]);
    await turn();
    expect(groups).toHaveLength(1);
    groups[0]?.end();
    await first;
    await turn();
    expect(groups[1]?.items).toEqual(['b', 'c']);
    groups[1]?.end();
    await later;
  });

  it('wait for a rest after the statement before theirs, and the first of all does not', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const { groups, run } = statements();
      const grouped = new Grouped(run, { lanes: 1, size: 10, restMs: 40 });
      const first = grouped.add('a');
      await turn();
      groups[0]?.end();
      await first;
      const later = Promise.all([grouped.add('b'), turn().then(() => grouped.add('c'))]);
      await turn();
      jest.advanceTimersByTime(39);
      expect(groups).toHaveLength(1);
      jest.advanceTimersByTime(1);
      expect(groups[1]?.items).toEqual(['b', 'c']);
      groups[1]?.end();
      await later;
    } finally {
      jest.useRealTimers();
    }
  });

  it('never share a statement with another of the same key', async () => {
    const { groups, run } = statements();
    const grouped = new Grouped(run, { lanes: 1, size: 10, keysOf: (item) => [item.charAt(0)] });
    const answers = Promise.all(['a1', 'b1', 'a2', 'a3'].map((item) => grouped.add(item)));
    for (const expected of [['a1', 'b1'], ['a2'], ['a3']]) {
      await turn();
      expect(groups.at(-1)?.items).toEqual(expected);
      groups.at(-1)?.end();
      await turn();
    }
    expect(await answers).toEqual(['a1!', 'b1!', 'a2!', 'a3!']);
  });

  it('fail together when their statement fails, and only they', async () => {
    const { groups, run } = statements();
    const grouped = new Grouped(run, { lanes: 1, size: 2 });
    const results = Promise.allSettled(['a', 'b', 'c'].map((item) => grouped.add(item)));
    await turn();
    groups[0]?.end(new Error('no'));
    await turn();
    groups[1]?.end();
    expect((await results).map((r) => r.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('are not spoilt by one that the database does not take', async () => {
    const tried: string[][] = [];
    const run = async (items: string[]): Promise<string[]> => {
      tried.push(items);
      if (items.includes('bad')) throw Object.assign(new Error('invalid input'), { code: '22P02' });
      return items;
    };
    const grouped = new Grouped(run, { lanes: 1, size: 10 });
    const results = await Promise.allSettled(['a', 'b', 'bad', 'c', 'd'].map((item) => grouped.add(item)));
    expect(results.map((r) => (r.status === 'fulfilled' ? r.value : String(r.reason)))).toEqual([
      'a',
      'b',
      'Error: invalid input',
      'c',
      'd',
    ]);
    expect(tried[0]).toHaveLength(5);
    expect(await grouped.add('e')).toBe('e');
  });

  it('are all answered, each once and with its own, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat({ max: 5 }), { maxLength: 8 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        async (turns, lanes, size) => {
          const run = async (items: { key: number; n: number }[]): Promise<number[]> => {
            expect(new Set(items.map((i) => i.key)).size).toBe(items.length);
            await turn();
            return items.map((i) => i.n);
          };
          const grouped = new Grouped(run, { lanes, size, keysOf: (item) => [String(item.key)] });
          let n = 0;
          const answers: Promise<number>[] = [];
          for (const keys of turns) {
            for (const key of keys) answers.push(grouped.add({ key, n: n++ }));
            await turn();
          }
          expect(await Promise.all(answers)).toEqual(Array.from({ length: n }, (_, i) => i));
        },
      ),
    );
  });
});
