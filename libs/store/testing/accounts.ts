import { DEFAULT_SETTINGS } from '#libs/core';
import type { Database } from '../src/database.ts';
import { PostgresAccountRecords } from '../src/postgres-account-records.ts';
import { Sealer } from '../src/sealed.ts';

/** Accounts for those that write of them: nothing is kept of an account that is not there. */
export async function addAccounts(database: Database, ids: readonly string[]): Promise<void> {
  const records = new PostgresAccountRecords(database, new Sealer(new Uint8Array(32)), () => {});
  for (const id of ids) await records.create({ id, name: id, settings: DEFAULT_SETTINGS }, { id: `key-${id}`, hash: `hash-${id}` });
}
