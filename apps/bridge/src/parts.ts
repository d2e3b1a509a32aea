import { randomUUID } from 'node:crypto';
import type { Logger as Pino } from 'pino';
import { Bridge } from '#libs/core';
import { BullmqCallbacks } from '#libs/callbacks';
import { LivePersonBase, NotificationIntake, StreamSupervisor } from '#libs/liveperson';
import { ASKING_SECONDS, ASKS, AskLimit, SocketPages } from '#libs/pages';
import { GuessLimit, MISSES_SECONDS, TRIES_IN_A_PAUSE } from '#libs/platform';
import {
  PostgresAccountRecords,
  PostgresAccounts,
  PostgresCodes,
  PostgresDeliveries,
  PostgresStreams,
  Retention,
  sharedLimit,
} from '#libs/store';
import { BullmqTimers, Sweep } from '#libs/timers';
import type { Config } from './config/config.ts';
import type { InstallationKeys } from './config/installation-keys.ts';
import { openConnections } from './connections.ts';
import { DEMO_ACCOUNT_ID } from './demo/demo-account.ts';
import { Overheard } from './demo/overheard.ts';
import { attemptLog } from './operations/attempt-log.ts';
import { Health } from './operations/health.ts';
import { LoggingJournal } from './operations/journal.ts';
import { Metrics } from './operations/metrics.ts';
import { streamLog } from './operations/stream-log.ts';

const DAY_MS = 86_400_000;

export type Parts = Awaited<ReturnType<typeof openParts>>;

/** Makes every adapter in order and hands each what it needs. This function is the architecture. */
export async function openParts(config: Config, databaseUrl: string, keys: InstallationKeys, log: Pino) {
  const connections = await openConnections(config, databaseUrl, keys, log);
  const { database, sealer, sessions, engine, redis, channel } = connections;
  const accounts = new PostgresAccounts(database.db, sealer);
  const deliveries = new PostgresDeliveries(database.pool);

  const pages = new SocketPages(accounts, channel);
  const accountRecords = new PostgresAccountRecords(database, sealer, (accountId) => {
    accounts.forget(accountId);
    void pages.letGoOfOrphans(accountId);
  });
  const metrics: Metrics = new Metrics(
    () => pages.connected,
    () => supervisor,
  );
  const timers = new BullmqTimers(engine, () => sessions.now());
  const callbacks = new BullmqCallbacks(engine, accounts, deliveries, {
    allowPrivate: config.callbacksAllowPrivate,
    onAttempt: attemptLog(log, metrics),
    now: () => sessions.now(),
  });
  const journal = new LoggingJournal(log, metrics);
  const bridge = new Bridge(sessions, timers, pages, callbacks, journal);
  const codes = new PostgresCodes(database.pool, keys.codes);
  const limit = (name: string, points: number, durationSeconds: number) => sharedLimit(database.pool, { name, points, durationSeconds });
  const askLimit = new AskLimit(limit('asks', ASKS, ASKING_SECONDS));
  const guessLimit = new GuessLimit(limit('misses', 1, MISSES_SECONDS), limit('pauses', TRIES_IN_A_PAUSE, 1));
  const intake = new NotificationIntake(bridge);
  // The only bridge of an embedded database takes up again at once what it held before it was killed.
  const streams = new PostgresStreams(database.pool, database.db, sealer, config.databaseUrl === undefined ? 'embedded' : randomUUID());
  const livepersonBase = new LivePersonBase(config.livepersonUrl);
  const overheard = config.demo ? new Overheard(DEMO_ACCOUNT_ID) : undefined;
  const noteStream = streamLog(log, metrics);
  const supervisor = new StreamSupervisor(streams, accounts, overheard?.around(intake) ?? intake, {
    base: livepersonBase,
    onStatus: (report) => {
      noteStream(report);
      overheard?.status(report);
    },
    onNotification: (outcome) => metrics.notifications.inc({ outcome }),
  });
  const sweep = new Sweep(bridge, () => callbacks.requeueOverdue());
  const retention = new Retention(database.patient.pool, { sessionsMs: config.retentionDays * DAY_MS });
  const health = new Health([{ name: 'store', check: () => database.pool.query('SELECT 1') }], () => supervisor.counts());

  return {
    accounts,
    accountRecords,
    askLimit,
    bridge,
    codes,
    guessLimit,
    health,
    intake,
    journal,
    livepersonBase,
    metrics,
    overheard,
    pages,
    redis,
    sessions,
    streams,
    supervisor,
    /** Begins with what the clock and the queues bring. */
    async start(): Promise<void> {
      await timers.start(() => bridge.closeDue());
      await callbacks.start();
      sweep.start();
      supervisor.start();
      retention.start((error) => log.warn({ event: 'retention.failed', error: String(error) }, 'retention.failed'));
    },
    /** Finishes what is under way. Nothing new may come in any more. */
    async close(): Promise<void> {
      await supervisor.stop();
      await sweep.stop();
      await retention.stop();
      await bridge.settled();
      await timers.close();
      await callbacks.close();
      pages.close();
      await connections.close();
    },
  };
}
