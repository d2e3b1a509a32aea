import { SharedRun } from './shared-run.ts';

/** Work whose runs end when the test says so. */
function handWork(): { runs: { end: (value: number) => void; fail: (error: Error) => void }[]; shared: SharedRun<number> } {
  const runs: { end: (value: number) => void; fail: (error: Error) => void }[] = [];
  const shared = new SharedRun<number>(() => new Promise((end, fail) => runs.push({ end, fail })));
  return { runs, shared };
}

describe('a shared run', () => {
  it('gives all who ask while it runs the one run after it', async () => {
    const { runs, shared } = handWork();
    const first = shared.run();
    const others = [shared.run(), shared.run(), shared.run()];
    expect(runs).toHaveLength(1);
    runs[0]?.end(1);
    await expect(first).resolves.toBe(1);
    expect(runs).toHaveLength(2);
    const later = shared.run();
    runs[1]?.end(2);
    await expect(Promise.all(others)).resolves.toEqual([2, 2, 2]);
    runs[2]?.end(3);
    await expect(later).resolves.toBe(3);
    expect(runs).toHaveLength(3);
  });

  it('goes on after a run that failed', async () => {
    const { runs, shared } = handWork();
    const first = shared.run();
    const second = shared.run();
    runs[0]?.fail(new Error('store is away'));
    await expect(first).rejects.toThrow('store is away');
    runs[1]?.end(2);
    await expect(second).resolves.toBe(2);
    const third = shared.run();
    runs[2]?.end(3);
    await expect(third).resolves.toBe(3);
  });
});
