import { startPostgres } from '../../../test/support/postgres.ts';
import { type Database, openDatabase } from './database.ts';
import { EventChannel } from './event-channel.ts';

describe('the channel between bridges', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;

  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase(server.url, () => {});
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  it('gives its connection back when it is closed while it still opens', async () => {
    const channel = new EventChannel(database.pool);
    const opening = channel.open();
    await channel.close();
    await opening;
    const { totalCount, idleCount } = database.pool;
    expect([totalCount, idleCount]).toEqual([1, 1]);
  });
});
