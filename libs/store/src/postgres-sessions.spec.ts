import { setTimeout as sleep } from 'node:timers/promises';
import { promisesOfSessions } from '../../core/testing/sessions.contract.ts';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type Database, openDatabase } from './database.ts';
import { PostgresSessions } from './postgres-sessions.ts';

describe('sessions in PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;
  let sessions: PostgresSessions;

  promisesOfSessions(
    async () => {
      server = await startPostgres();
      database = await openDatabase(server.url, (error) => {
        throw error;
      });
      sessions = new PostgresSessions(database.pool, database.db);
      await sessions.open();
      return sessions;
    },
    (ms) => sleep(ms),
  );

  afterAll(async () => {
    await sessions.close();
    await database.close();
    await server.stop();
  });
});
