import { Logger } from '@nestjs/common';
import { Sweep } from './sweep.ts';

describe('the sweep', () => {
  let said: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    said = [];
    const keep = (message: unknown): void => void said.push(String(message));
    Logger.overrideLogger({ log: keep, error: keep, warn: keep });
  });

  afterEach(() => {
    jest.useRealTimers();
    Logger.overrideLogger(true);
  });

  it('sweeps at once when it starts, then every two seconds, until it is stopped', async () => {
    const calls: string[] = [];
    const sweep = sweeping({
      closeDue: async () => void calls.push('due'),
      performPending: async (olderThanMs) => void calls.push(`pending ${olderThanMs}`),
      requeueOverdue: async () => void calls.push('deliveries'),
    });
    sweep.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(calls).toEqual(['due', 'pending 5000', 'deliveries']);
    await jest.advanceTimersByTimeAsync(4000);
    expect(calls).toHaveLength(9);
    await sweep.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(calls).toHaveLength(9);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('never runs twice at once, and stopping waits for the one that runs', async () => {
    const ends: (() => void)[] = [];
    const sweep = sweeping({ closeDue: () => new Promise((end) => ends.push(() => end(0))) });
    sweep.start();
    await jest.advanceTimersByTimeAsync(20_000);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(0);
    expect(ends).toHaveLength(2);
    let stopped = false;
    const stopping = sweep.stop().then(() => (stopped = true));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(stopped).toBe(false);
    ends[1]?.();
    await stopping;
    expect(ends).toHaveLength(2);
  });

  it('does the other chores when one fails, and says so once until it works again', async () => {
    let broken = true;
    let requeued = 0;
    const sweep = sweeping({
      closeDue: async () => {
        if (broken) throw new Error('store is away');
      },
      requeueOverdue: async () => void (requeued += 1),
    });
    sweep.start();
    await jest.advanceTimersByTimeAsync(6000);
    expect(requeued).toBe(4);
    expect(said).toEqual(['Closing what is overdue: store is away']);
    broken = false;
    await jest.advanceTimersByTimeAsync(4000);
    expect(said).toEqual(['Closing what is overdue: store is away', 'Closing what is overdue: works again']);
    broken = true;
    await jest.advanceTimersByTimeAsync(2000);
    expect(said).toHaveLength(3);
    await sweep.stop();
  });
});

function sweeping(chores: {
  closeDue?: () => Promise<unknown>;
  performPending?: (olderThanMs: number) => Promise<unknown>;
  requeueOverdue?: () => Promise<unknown>;
}): Sweep {
  const { closeDue, performPending, requeueOverdue = async () => undefined } = chores;
  const bridge = {
    closeDue: async () => {
      await closeDue?.();
      return 0;
    },
    performPending: async (olderThanMs: number) => {
      await performPending?.(olderThanMs);
      return 0;
    },
  };
  return new Sweep(bridge, requeueOverdue);
}
