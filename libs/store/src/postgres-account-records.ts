import { type Kysely, type Transaction, sql } from 'kysely';
import { type Account, type AccountRecord, type NewPlatformKey, type PlatformKeyRecord, AccountRecords } from '#libs/core';
import type { Database } from './database.ts';
import type { Sealer } from './sealed.ts';
import { sealSettings, unsealSettings } from './sealed-settings.ts';
import type { Tables } from './tables.ts';

type Connection = Kysely<Tables> | Transaction<Tables>;

/** Accounts in PostgreSQL as the admin manages them. */
export class PostgresAccountRecords extends AccountRecords {
  private readonly db: Kysely<Tables>;

  /** `onChange` hears of every account that was written, once it is durable. */
  constructor(
    private readonly database: Pick<Database, 'db' | 'patient'>,
    private readonly sealer: Sealer,
    private readonly onChange: (accountId: string) => void,
  ) {
    super();
    this.db = database.db;
  }

  async list(): Promise<AccountRecord[]> {
    const rows = await this.db.selectFrom('account').select('id').orderBy('id').execute();
    const records = await Promise.all(rows.map(({ id }) => this.read(id)));
    return records.filter((record) => record !== null);
  }

  async create(account: Omit<Account, 'createdAt'>, key: NewPlatformKey): Promise<AccountRecord | null> {
    const settings = JSON.stringify(await sealSettings(account.settings, this.sealer));
    const created = await this.db.transaction().execute(async (tx) => {
      const row = { id: account.id, name: account.name, settings, created_at: Date.now() };
      const inserted = await tx
        .insertInto('account')
        .values(row)
        .onConflict((on) => on.doNothing())
        .returning('id')
        .executeTakeFirst();
      if (inserted) await insertKey(tx, account.id, key);
      return inserted !== undefined;
    });
    if (!created) return null;
    this.onChange(account.id);
    return this.read(account.id);
  }

  read(accountId: string): Promise<AccountRecord | null> {
    return this.readFrom(this.db, accountId);
  }

  async update(accountId: string, change: (account: Account) => Pick<Account, 'name' | 'settings'>): Promise<AccountRecord | null> {
    const record = await this.db.transaction().execute(async (tx) => {
      await tx.selectFrom('account').select('id').where('id', '=', accountId).forNoKeyUpdate().execute();
      const before = await this.readFrom(tx, accountId);
      if (before === null) return null;
      const { name, settings } = change(before);
      const sealed = JSON.stringify(await sealSettings(settings, this.sealer));
      await tx.updateTable('account').set({ name, settings: sealed }).where('id', '=', accountId).execute();
      return this.readFrom(tx, accountId);
    });
    this.onChange(accountId);
    return record;
  }

  async delete(accountId: string): Promise<boolean> {
    // One account's history may be long.
    const deleted = await this.database.patient.db.transaction().execute(async (tx) => {
      // Waits for what is being written of the account; nothing more is, from here on.
      const account = await tx.selectFrom('account').select('id').where('id', '=', accountId).forUpdate().executeTakeFirst();
      if (!account) return false;
      // Waits for tries that are being recorded.
      const owed = tx.selectFrom('delivery').select('id').where('account_id', '=', accountId).where('status', '=', 'owed').forUpdate();
      await tx
        .selectFrom(owed.as('owed'))
        .select(({ fn }) => fn.countAll().as('count'))
        .execute();
      const sessions = tx.selectFrom('session').select('id').where('account_id', '=', accountId);
      const deliveries = tx.selectFrom('delivery').select('id').where('account_id', '=', accountId);
      await tx.deleteFrom('attempt').where('delivery_id', 'in', deliveries).execute();
      await tx.deleteFrom('delivery').where('account_id', '=', accountId).execute();
      await tx.deleteFrom('pending_event').where('session_id', 'in', sessions).execute();
      await tx.deleteFrom('event').where('session_id', 'in', sessions).execute();
      await tx.deleteFrom('session').where('account_id', '=', accountId).execute();
      await tx.deleteFrom('conversation').where('account_id', '=', accountId).execute();
      await tx.deleteFrom('account').where('id', '=', accountId).execute();
      return true;
    });
    this.onChange(accountId);
    return deleted;
  }

  async addKey(accountId: string, key: NewPlatformKey): Promise<PlatformKeyRecord | null> {
    return this.db.transaction().execute(async (tx) => {
      const account = await tx.selectFrom('account').select('id').where('id', '=', accountId).forNoKeyUpdate().executeTakeFirst();
      return account ? insertKey(tx, accountId, key) : null;
    });
  }

  async revokeKey(accountId: string, keyId: string): Promise<boolean> {
    const { numDeletedRows } = await this.db
      .deleteFrom('platform_key')
      .where('id', '=', keyId)
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    this.onChange(accountId);
    return numDeletedRows > 0n;
  }

  private async readFrom(connection: Connection, accountId: string): Promise<AccountRecord | null> {
    const row = await connection
      .selectFrom('account')
      .select(['id', 'name', 'settings', sql<number>`created_at::float8`.as('created_at')])
      .where('id', '=', accountId)
      .executeTakeFirst();
    if (!row) return null;
    const keys = await connection
      .selectFrom('platform_key')
      .select(['id', sql<number>`created_at::float8`.as('createdAt'), sql<number | null>`last_used_at::float8`.as('lastUsedAt')])
      .where('account_id', '=', accountId)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    const settings = await unsealSettings(row.settings, this.sealer);
    return { id: row.id, name: row.name, settings, createdAt: row.created_at, keys };
  }
}

async function insertKey(connection: Connection, accountId: string, { id, hash }: NewPlatformKey): Promise<PlatformKeyRecord> {
  const createdAt = Date.now();
  await connection
    .insertInto('platform_key')
    .values({ id, hash, account_id: accountId, created_at: createdAt, last_used_at: null })
    .execute();
  return { id, createdAt, lastUsedAt: null };
}
