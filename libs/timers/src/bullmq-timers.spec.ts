import { type QueueEngine, openQueueEngine } from '#libs/queue';
import { startPostgres } from '../../../test/support/postgres.ts';
import { redisIsHere, startRedis } from '../../../test/support/redis.ts';
import { BullmqTimers } from './bullmq-timers.ts';

interface Backend {
  engine: QueueEngine;
  stop(): Promise<void>;
}

async function onPostgres(): Promise<Backend> {
  const server = await startPostgres();
  const engine = await openQueueEngine({ databaseUrl: server.url });
  return { engine, stop: () => engine.close().then(() => server.stop()) };
}

async function onRedis(): Promise<Backend> {
  const server = await startRedis();
  const engine = await openQueueEngine({ redisUrl: server.url, databaseUrl: 'postgres://nowhere' });
  return { engine, stop: () => engine.close().then(() => server.stop()) };
}

const backends: [string, () => Promise<Backend>][] = [['PostgreSQL', onPostgres]];
if (redisIsHere()) backends.push(['Redis', onRedis]);

describe.each(backends)('timers on %s', (_name, open) => {
  let backend: Backend;
  let timers: BullmqTimers;
  let wakes: Wakes;
  /** The store's clock, seen from this machine's. */
  let skew: number;
  const now = (): number => Date.now() + skew;

  beforeAll(async () => {
    backend = await open();
  });

  afterAll(() => backend.stop());

  beforeEach(() => {
    skew = 0;
    wakes = new Wakes(now);
    timers = new BullmqTimers(backend.engine, now);
  });

  afterEach(() => timers.close());

  async function armElsewhere(dueAt: number): Promise<void> {
    const elsewhere = new BullmqTimers(backend.engine, now);
    elsewhere.arm([dueAt]);
    await elsewhere.close();
  }

  it('wakes the bridge up shortly after the instant and not before it', async () => {
    await timers.start(wakes.wake);
    const dueAt = now() + 300;
    timers.arm([dueAt]);
    const [at] = await wakes.next(1);
    expect(at).toBeGreaterThan(dueAt);
    expect(at).toBeLessThan(dueAt + 1000);
  });

  it('wakes it up once for thousands that are due together', async () => {
    await timers.start(wakes.wake);
    const step = (Math.floor(now() / 50) + 8) * 50;
    timers.arm(Array.from({ length: 5000 }, (_, i) => step + (i % 40)));
    timers.arm([step + 1]);
    timers.arm([step + 400]);
    const [first, second] = await wakes.next(2);
    expect(first).toBeGreaterThan(step);
    expect(second).toBeGreaterThan(step + 400);
  });

  it('wakes it up soon for what was overdue when it was armed', async () => {
    await timers.start(wakes.wake);
    const dueAt = now() - 5000;
    timers.arm([dueAt]);
    const [at] = await wakes.next(1);
    expect(at).toBeGreaterThan(dueAt + 5000);
  });

  it('serves what other bridges armed before they went away, once', async () => {
    const dueAt = now() + 400;
    await armElsewhere(dueAt);
    await armElsewhere(dueAt);
    await timers.start(wakes.wake);
    timers.arm([dueAt, dueAt + 300]);
    const [first, second] = await wakes.next(2);
    expect(first).toBeGreaterThan(dueAt);
    expect(second).toBeGreaterThan(dueAt + 300);
  });

  it('sleeps on when a wake-up comes early by the clock of the store', async () => {
    const dueAt = now() + 300;
    await armElsewhere(dueAt);
    skew = -400;
    await timers.start(wakes.wake);
    const [at] = await wakes.next(1);
    expect(at).toBeGreaterThan(dueAt);
    expect(at).toBeLessThan(dueAt + 1000);
  });

  it('goes on waking it up after closing has failed', async () => {
    let failed = false;
    await timers.start(async () => {
      await wakes.wake();
      if (failed) return;
      failed = true;
      throw new Error('store is away');
    });
    timers.arm([now() + 50, now() + 250]);
    await wakes.next(2);
    expect(failed).toBe(true);
  });

  it('does not close while a wake-up is being served', async () => {
    let end = (): void => {};
    let ended = false;
    await timers.start(async () => {
      await wakes.wake();
      await new Promise<void>((resolve) => (end = resolve));
      ended = true;
    });
    timers.arm([now() + 20]);
    await wakes.next(1);
    const closed = timers.close().then(() => ended);
    setImmediate(() => end());
    await expect(closed).resolves.toBe(true);
  });
});

/** Keeps when the bridge was woken up, by the store's clock. */
class Wakes {
  private readonly at: number[] = [];
  private seen: () => void = () => {};

  constructor(private readonly now: () => number) {}

  readonly wake = async (): Promise<void> => {
    this.at.push(this.now());
    this.seen();
  };

  /** The times of all wake-ups so far, once there were `count`. */
  async next(count: number): Promise<number[]> {
    while (this.at.length < count) await new Promise<void>((resolve) => (this.seen = resolve));
    return [...this.at];
  }
}
