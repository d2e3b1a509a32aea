import { Redis } from 'ioredis';
import type { Logger as Pino } from 'pino';
import { type QueueEngine, openQueueEngine } from '#libs/queue';
import { type Database, EventChannel, PostgresSessions, Sealer, checkSeal, openDatabase } from '#libs/store';
import type { Config } from './config/config.ts';
import type { InstallationKeys } from './config/installation-keys.ts';

/** What everything else stands on. */
export interface Connections {
  database: Database;
  sealer: Sealer;
  sessions: PostgresSessions;
  engine: QueueEngine;
  redis: Redis | undefined;
  channel: EventChannel | undefined;
  close(): Promise<void>;
}

/** Opens what may fail to open, in order. Of what fails, nothing stays open. */
export async function openConnections(config: Config, databaseUrl: string, keys: InstallationKeys, log: Pino): Promise<Connections> {
  const closes: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closes.splice(0).toReversed()) await step();
  };
  try {
    const database = await openDatabase(databaseUrl, (error) =>
      log.warn({ event: 'database.connection_lost', error: error.message }, 'database.connection_lost'),
    );
    closes.push(() => database.close());
    const sealer = new Sealer(keys.sealing);
    await checkSeal(database.db, sealer);
    const sessions = new PostgresSessions(database.pool, database.db);
    await sessions.open();
    closes.push(() => sessions.close());

    const engine = await openQueueEngine({ databaseUrl, ...(config.redisUrl === undefined ? {} : { redisUrl: config.redisUrl }) });
    closes.push(() => engine.close());
    const redis = config.redisUrl === undefined ? undefined : new Redis(config.redisUrl, { maxRetriesPerRequest: null });
    redis?.on('error', (error: Error) => log.warn({ event: 'redis.connection_lost', error: error.message }, 'redis.connection_lost'));
    closes.push(async () => redis?.disconnect());
    // Redis carries the fan-out in Socket.IO's own adapter; without it the database does. An embedded one has no other bridge to tell.
    const channel = redis || config.databaseUrl === undefined ? undefined : new EventChannel(database.pool);
    closes.push(async () => channel?.close());
    await channel?.open();
    return { database, sealer, sessions, engine, redis, channel, close };
  } catch (error) {
    await close();
    throw error;
  }
}
