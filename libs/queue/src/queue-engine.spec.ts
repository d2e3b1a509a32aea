import { Logger } from '@nestjs/common';
import { startPostgres } from '../../../test/support/postgres.ts';
import { freePort, redisIsHere, redisProgram, startOwnRedis, startRedis } from '../../../test/support/redis.ts';
import { comeBack } from './come-back.ts';
import { type JobQueue, type QueueEngine, openQueueEngine } from './queue-engine.ts';

const add = (queue: JobQueue, jobId: string): Promise<unknown> => queue.addBulk([{ name: 'test', data: {}, opts: { jobId } }]);

/** Keeps the jobs that were worked off. */
class Worked {
  readonly ids: (string | undefined)[] = [];
  private seen: () => void = () => {};

  readonly work = async (job: { id?: string }): Promise<void> => {
    this.ids.push(job.id);
    this.seen();
  };

  async until(count: number): Promise<void> {
    while (this.ids.length < count) await new Promise<void>((resolve) => (this.seen = resolve));
  }
}

describe('the queue engine', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startPostgres();
  });

  afterAll(async () => {
    await server.stop();
    Logger.overrideLogger(true);
  });

  const onOwnRedis = redisProgram === undefined ? it.skip : it;

  onOwnRedis('goes on when a Redis that lost everything is back, and closes although it has gone away', async () => {
    const port = await freePort();
    const before = await startOwnRedis(port);
    const engine = await openQueueEngine({ redisUrl: before.url, databaseUrl: 'postgres://nowhere' });
    const queue = engine.queue('test');
    const worked = new Worked();
    const worker = engine.worker('test', worked.work, 1);
    await add(queue, 'job-1');
    await worked.until(1);
    await before.stop();
    const added = add(queue, 'job-2');
    const after = await startOwnRedis(port);
    await added;
    await worked.until(2);
    expect(worked.ids).toEqual(['job-1', 'job-2']);
    await after.stop();
    await worker.close();
    await queue.close();
    await engine.close();
  });

  it('closes although Redis was never there', async () => {
    const engine = await openQueueEngine({ redisUrl: `redis://127.0.0.1:${await freePort()}`, databaseUrl: 'postgres://nowhere' });
    const queue = engine.queue('test');
    const worker = engine.worker('test', async () => {}, 1);
    await worker.close();
    await queue.close();
    await expect(engine.close()).resolves.toBeUndefined();
  });

  it('runs several bridges on one database, each job once', async () => {
    const engines = await Promise.all([1, 2, 3].map(() => openQueueEngine({ databaseUrl: server.url })));
    const worked = new Worked();
    const workers = engines.map((engine) => engine.worker('test', worked.work, 2));
    const queues = engines.map((engine) => engine.queue('test'));
    await Promise.all(
      queues.flatMap((queue) => ['job-1', 'job-2', 'job-3', 'job-4'].map((id) => add(queue, `${id}-${queues.indexOf(queue)}`))),
    );
    await worked.until(12);
    await Promise.all([...workers, ...queues].map((open) => open.close()));
    expect(new Set(worked.ids).size).toBe(12);
    expect(worked.ids).toHaveLength(12);
    await Promise.all(engines.map((engine) => engine.close()));
  });

  it('brings a job back when its worker asks for that, but not earlier', async () => {
    const engine = await openQueueEngine({ databaseUrl: server.url });
    const queue = engine.queue('test');
    const worked = new Worked();
    const began = performance.now();
    const worker = engine.worker(
      'test',
      async (job, token) => {
        await worked.work(job);
        if (worked.ids.length < 3) await comeBack(job, token, 50.5);
      },
      1,
    );
    await add(queue, 'job-1');
    await worked.until(3);
    expect(performance.now() - began).toBeGreaterThan(100);
    expect(worked.ids).toEqual(['job-1', 'job-1', 'job-1']);
    await worker.close();
    await queue.close();
    await engine.close();
  });

  const backends = redisIsHere() ? ['PostgreSQL', 'Redis'] : ['PostgreSQL'];

  async function openOn(backend: string): Promise<{ engine: QueueEngine; stop: () => Promise<unknown> }> {
    if (backend === 'PostgreSQL') return { engine: await openQueueEngine({ databaseUrl: server.url }), stop: async () => {} };
    const redis = await startRedis();
    const engine = await openQueueEngine({ redisUrl: redis.url, databaseUrl: 'postgres://nowhere' });
    return { engine, stop: () => redis.stop() };
  }

  it.each(backends)(
    'brings a job back at once when its worker asks for that, although the clock is set back just then, on %s',
    async (backend) => {
      const { engine, stop } = await openOn(backend);
      const queue = engine.queue('at-once');
      const worked = new Worked();
      const setBack = (): void => void jest.spyOn(Date, 'now').mockReturnValue(new Date().getTime() - 3_600_000);
      const worker = engine.worker(
        'at-once',
        async (job, token) => {
          await worked.work(job);
          if (worked.ids.length < 2) await comeBack(job, token, 0).finally(setBack);
        },
        1,
      );
      await add(queue, 'job-1');
      await worked.until(2).finally(() => jest.restoreAllMocks());
      expect(worked.ids).toEqual(['job-1', 'job-1']);
      await worker.close();
      await queue.close();
      await engine.close();
      await stop();
    },
  );

  it.each(backends)(
    'lets a job that waits for its time run when it is wanted now, and leaves one that is under way, on %s',
    async (backend) => {
      const { engine, stop } = await openOn(backend);
      const queue = engine.queue('wanted');
      const worked = new Worked();
      let end = (): void => {};
      let waits = (): void => {};
      const ending = new Promise<void>((resolve) => (end = resolve));
      const waiting = new Promise<void>((resolve) => (waits = resolve));
      const worker = engine.worker(
        'wanted',
        async (job, token) => {
          await worked.work(job);
          if (job.id === 'under-way') await ending;
          if (job.id === 'waits' && worked.ids.length < 3) await comeBack(job, token, 3_600_000).finally(waits);
        },
        2,
      );
      await add(queue, 'under-way');
      await worked.until(1);
      await add(queue, 'waits');
      await waiting;
      await add(queue, 'waits');
      await queue.addOrPromote(['under-way', 'new', 'waits'].map((jobId) => ({ name: 'test', data: {}, opts: { jobId } })));
      await worked.until(4);
      end();
      await worker.close();
      expect(worked.ids).toEqual(['under-way', 'waits', 'new', 'waits']);
      await queue.close();
      await engine.close();
      await stop();
    },
  );

  it('closes although the database has gone away, after the job that it is at', async () => {
    const engine = await openQueueEngine({ databaseUrl: server.url });
    const queue = engine.queue('test');
    let begun = (): void => {};
    let end = (): void => {};
    let ended = false;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const worker = engine.worker(
      'test',
      async () => {
        begun();
        await new Promise<void>((resolve) => (end = resolve));
        ended = true;
      },
      1,
    );
    await Promise.all([queue.ready(), worker.ready()]);
    await add(queue, 'job-1');
    await beginning;
    await server.stop();
    const closed = worker.close().then(() => ended);
    setTimeout(() => end(), 500);
    await expect(closed).resolves.toBe(true);
    await queue.close();
    await engine.close();
  });

  it('does not open on a database that is not there', async () => {
    await expect(openQueueEngine({ databaseUrl: 'postgres://app@localhost/app?host=/nowhere' })).rejects.toThrow('ENOENT');
  });
});
