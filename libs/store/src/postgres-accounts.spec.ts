import { DEFAULT_SETTINGS, type Settings, platformKeyHash } from '#libs/core';
import { promisesOfAccounts } from '../../core/testing/accounts.contract.ts';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type Database, openDatabase } from './database.ts';
import { PostgresAccountRecords } from './postgres-account-records.ts';
import { PostgresAccounts } from './postgres-accounts.ts';
import { Sealer, WrongSealError, checkSeal } from './sealed.ts';

const KEY = 'cbk_key1_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
const settings: Settings = {
  ...DEFAULT_SETTINGS,
  liveperson: { appSecret: 'the-app-secret' },
  callbacks: [{ url: 'https://example.test/a', secret: 'whsec_c2VjcmV0' }],
};

describe('accounts in PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;
  let records: PostgresAccountRecords;
  let accounts: PostgresAccounts;

  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase(server.url, (error) => {
      throw error;
    });
    const sealer = new Sealer(new Uint8Array(32).fill(7));
    accounts = new PostgresAccounts(database.db, sealer);
    records = new PostgresAccountRecords(database.db, sealer, (id) => accounts.forget(id));
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  promisesOfAccounts(async () => ({ records, accounts }));

  it('keep their secrets sealed and their keys hashed at rest', async () => {
    await records.create({ id: 'sealed', name: 'Sealed', settings }, { id: 'key1', hash: platformKeyHash(KEY) });
    const { rows } = await database.pool.query<{ text: string }>(
      'SELECT account::text || platform_key::text AS text FROM account, platform_key',
    );
    for (const { text } of rows) for (const secret of ['the-app-secret', 'whsec_', KEY]) expect(text).not.toContain(secret);
    await checkSeal(database.db, new Sealer(new Uint8Array(32).fill(7)));
    await expect(checkSeal(database.db, new Sealer(new Uint8Array(32).fill(8)))).rejects.toThrow(WrongSealError);
    const foreign = new PostgresAccounts(database.db, new Sealer(new Uint8Array(32).fill(8)));
    await expect(foreign.find('sealed')).rejects.toThrow(/decryption/);
  });
});
