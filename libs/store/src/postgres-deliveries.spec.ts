import { promisesOfDeliveries } from '../../core/testing/deliveries.contract.ts';
import { startPostgres } from '../../../test/support/postgres.ts';
import { addAccounts } from '../testing/accounts.ts';
import { type Database, openDatabase } from './database.ts';
import { PostgresDeliveries } from './postgres-deliveries.ts';
import { PostgresSessions } from './postgres-sessions.ts';

describe('deliveries in PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;
  let sessions: PostgresSessions;

  promisesOfDeliveries(async () => {
    server = await startPostgres();
    database = await openDatabase(server.url, () => {});
    await addAccounts(database, ['account-1']);
    sessions = new PostgresSessions(database.pool, database.db);
    await sessions.open();
    return { sessions, deliveries: new PostgresDeliveries(database.pool) };
  });

  afterAll(async () => {
    await sessions.close();
    await database.close();
    await server.stop();
  });
});
