import pg from 'pg';
import pino from 'pino';
import { startPostgres } from '../../../test/support/postgres.ts';
import { readConfig } from './config/config.ts';
import { installationKeys } from './config/installation-keys.ts';
import { openConnections } from './connections.ts';

describe('the connections of a bridge', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let owner: pg.Client;

  beforeAll(async () => {
    server = await startPostgres();
    owner = new pg.Client(server.url);
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await server.stop();
  });

  it('that could be opened are closed again when one cannot: here the user may not write to the schema of the jobs', async () => {
    await owner.query('CREATE ROLE weak LOGIN');
    await owner.query('CREATE DATABASE shop');
    await owner.query('GRANT CREATE ON DATABASE shop TO weak');
    const url = new URL(server.url);
    url.pathname = '/shop';
    const shop = new pg.Client(url.href);
    await shop.connect();
    await shop.query('CREATE SCHEMA bullmq; GRANT USAGE ON SCHEMA bullmq TO weak');
    await shop.end();
    url.username = 'weak';

    const config = readConfig({ DATABASE_URL: url.href, COBRIDGE_ADMIN_KEY: 'long-enough-key' }, false);
    await expect(openConnections(config, url.href, installationKeys(config), pino({ enabled: false }))).rejects.toThrow('bullmq');
    // PostgreSQL waits five seconds for those who are about to leave.
    await owner.query('DROP DATABASE shop');
  });
});
