import type { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import { type Processor, type Queue, type Worker, createPostgresBackend, createRedisBackend, runMigrations, withBackend } from 'bullmq';
import type { BackendClasses, IQueueBackend } from 'bullmq';
import pg from 'pg';
import { promoteDelayed } from './promote-delayed.ts';
import { Trouble } from './trouble.ts';
import { within } from './within.ts';

/** `ready` waits for PostgreSQL; a Redis that is away may come later, so nobody waits for it. */
export interface JobQueue {
  /** A job whose id is there already adds nothing. */
  addBulk: Queue['addBulk'];
  /** As `addBulk`; a job that is there already and waits for its time runs now. */
  addOrPromote: Queue['addBulk'];
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface JobWorker {
  ready(): Promise<void>;
  /** Takes no more jobs and resolves when those under way have ended, whether the backend answers or not. */
  close(): Promise<void>;
}

/** Where BullMQ runs. Queues and workers are closed by those who opened them, and then the engine. */
export interface QueueEngine {
  queue(name: string): JobQueue;
  /** Works off the queue of that name from now on. What goes wrong is logged; a job that throws is gone. */
  worker(name: string, work: Processor, concurrency: number): JobWorker;
  close(): Promise<void>;
}

/** Connections for queries; each worker holds one more to listen on. */
const POOL_SIZE = 10;

/** A dead bridge's job is free for another after this time at the latest. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5000;

/** BullMQ's patient close never ends while Redis is away. One that is silent for this long is away. */
const PROBE_MS = 1000;

/** A worker looks again this soon after the backend refused it; BullMQ's own 15 s would hold up callbacks after a short outage. */
const RETRY_MS = 1000;

/** Nobody listens to BullMQ's own events, so few are kept. */
const EVENTS_KEPT = 100;

/**
 * The one place that decides where BullMQ runs: on Redis or Valkey when a URL of one is given, otherwise in a schema of its own in
 * the database.
 */
export function openQueueEngine({ redisUrl, databaseUrl }: { redisUrl?: string; databaseUrl: string }): Promise<QueueEngine> {
  return redisUrl === undefined ? onPostgres(databaseUrl) : onRedis(redisUrl);
}

async function onRedis(url: string): Promise<QueueEngine> {
  const retryStrategy = (times: number): number => Math.min(times * 200, 2000);
  const connection = { url, maxRetriesPerRequest: null, retryStrategy, disconnectTimeout: 500 };
  return {
    ...jobs(withBackend(createRedisBackend), connection, () => Promise.resolve()),
    close: () => Promise.resolve(),
  };
}

async function onPostgres(connectionString: string): Promise<QueueEngine> {
  const pool = new pg.Pool({
    connectionString,
    max: POOL_SIZE,
    connectionTimeoutMillis: 5000,
    query_timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // BullMQ's functions name no schema: https://docs.bullmq.io/guide/postgresql
    // Jobs are hints: one that a crash of the database loses is brought back by a sweep, so nobody waits for the disk.
    options: '-c search_path=bullmq -c synchronous_commit=off',
  });
  // Every queue and worker listens to the pool, and tells its own errors.
  pool.setMaxListeners(0).on('error', () => undefined);
  try {
    const client = await pool.connect();
    await runMigrations(client, 'bullmq').finally(() => client.release());
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    ...jobs(withBackend(createPostgresBackend), pool, (opened) => opened.waitUntilReady().then(() => undefined)),
    close: () => pool.end(),
  };
}

function jobs<C>(
  classes: BackendClasses<IQueueBackend, C>,
  connection: C,
  ready: (opened: Pick<Queue, 'waitUntilReady'> | Pick<Worker, 'waitUntilReady'>) => Promise<void>,
): Pick<QueueEngine, 'queue' | 'worker'> {
  const logger = new Logger('queue');
  const shared = { connection, prefix: 'cobridge' };
  return {
    queue(name) {
      const queue = new classes.Queue(name, {
        ...shared,
        streams: { events: { maxLen: EVENTS_KEPT } },
        defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      });
      const trouble = new Trouble(logger, `Queue ${name}`);
      queue.on('error', (error) => trouble.met(error));
      return {
        addBulk: (added) => queue.addBulk(added),
        addOrPromote: (added) => queue.addBulk(added).then((kept) => promoteDelayed(queue.getBackend(), kept)),
        ready: () => ready(queue),
        close: () => queue.close().then(() => hush(queue)),
      };
    },
    worker(name, work, concurrency) {
      const running = new Set<Promise<unknown>>();
      const run: Processor = (job, token) => {
        const ran: Promise<unknown> = work(job, token).finally(() => running.delete(ran));
        running.add(ran);
        return ran;
      };
      const options = { ...shared, concurrency, lockDuration: LOCK_MS, stalledInterval: STALLED_CHECK_MS, runRetryDelay: RETRY_MS };
      const worker = new classes.Worker(name, run, options);
      const trouble = new Trouble(logger, `Worker ${name}`);
      worker.on('error', (error) => trouble.met(error));
      worker.on('failed', (_job, error) => trouble.met(error));
      const shut = async (): Promise<void> => {
        const answers = await within(PROBE_MS, worker.getBackend().isMaxed()).then(
          () => true,
          () => false,
        );
        const closing = worker.close(!answers);
        while (running.size > 0) await Promise.allSettled(running);
        await closing;
        hush(worker);
      };
      let shutting: Promise<void> | undefined;
      return { ready: () => ready(worker), close: () => (shutting ??= shut()) };
    },
  };
}

/** The pool outlives queues and workers, and tells them of its end. */
function hush(closed: EventEmitter): void {
  closed.removeAllListeners('error').on('error', () => undefined);
}
