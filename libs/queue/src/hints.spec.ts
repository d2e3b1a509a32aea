import { Logger } from '@nestjs/common';
import { Hints } from './hints.ts';
import type { JobQueue } from './queue-engine.ts';

type Bulk = Parameters<JobQueue['addBulk']>[0];

/** A queue whose adds end when the test says so. */
class HandQueue {
  readonly adds: { ids: unknown[]; end: () => void; fail: (error: Error) => void }[] = [];
  private seen: () => void = () => {};

  readonly addBulk = (jobs: Bulk): Promise<never[]> =>
    new Promise((end, fail) => {
      this.adds.push({ ids: jobs.map((job) => job.opts?.jobId), end: () => end([]), fail });
      this.seen();
    });

  async add(index: number): Promise<HandQueue['adds'][number]> {
    while (this.adds.length <= index) await new Promise<void>((resolve) => (this.seen = resolve));
    return this.adds[index] as HandQueue['adds'][number];
  }
}

describe('hints', () => {
  let queue: HandQueue;
  let hints: Hints<number>;
  let forgotten: number[];
  let said: string[];

  beforeEach(() => {
    queue = new HandQueue();
    forgotten = [];
    said = [];
    const keep = (message: unknown): void => void said.push(String(message));
    Logger.overrideLogger({ log: keep, error: keep, warn: keep });
    hints = new Hints(
      queue,
      'wake-up',
      (key) => ({ jobId: `due-${key}`, delay: 0 }),
      (keys) => forgotten.push(...keys),
    );
  });

  afterEach(() => {
    jest.useRealTimers();
    Logger.overrideLogger(true);
  });

  it('does not touch the queue before the caller has gone on', async () => {
    hints.add([1]);
    expect(queue.adds).toHaveLength(0);
    (await queue.add(0)).end();
    await hints.settled();
  });

  it('adds what came together in one go, each once, and what comes meanwhile in the next', async () => {
    hints.add([1, 2]);
    hints.add([2, 3]);
    const first = await queue.add(0);
    expect(first.ids).toEqual(['due-1', 'due-2', 'due-3']);
    hints.add([4]);
    hints.add([5]);
    await new Promise(setImmediate);
    expect(queue.adds).toHaveLength(1);
    first.end();
    const second = await queue.add(1);
    expect(second.ids).toEqual(['due-4', 'due-5']);
    second.end();
    await hints.settled();
    expect(forgotten).toEqual([]);
  });

  it('adds at most a thousand in one go', async () => {
    hints.add(Array.from({ length: 2500 }, (_, i) => i));
    for (const size of [1000, 1000, 500]) {
      const add = await queue.add(queue.adds.length);
      expect(add.ids).toHaveLength(size);
      add.end();
    }
    await hints.settled();
  });

  it('forgets what it cannot add, says so once, and goes on', async () => {
    hints.add([1]);
    const first = await queue.add(0);
    hints.add([2]);
    first.fail(new Error('queue is away'));
    await hints.settled();
    expect(forgotten).toEqual([1, 2]);
    hints.add([3]);
    (await queue.add(1)).fail(new Error('queue is still away'));
    await hints.settled();
    expect(said).toEqual(['Adding wake-up jobs: queue is away']);
    hints.add([4]);
    (await queue.add(2)).end();
    await hints.settled();
    expect(forgotten).toEqual([1, 2, 3]);
    expect(said).toEqual(['Adding wake-up jobs: queue is away', 'Adding wake-up jobs: works again']);
  });

  it('does not wait for ever for a queue that is silent', async () => {
    jest.useFakeTimers();
    hints.add([1]);
    await jest.advanceTimersByTimeAsync(4999);
    expect(forgotten).toEqual([]);
    await jest.advanceTimersByTimeAsync(2);
    await hints.settled();
    expect(forgotten).toEqual([1]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
