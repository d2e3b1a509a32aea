import { type Kysely, sql } from 'kysely';
import { type Account, Accounts, platformKeyHash } from '#libs/core';
import type { Sealer } from './sealed.ts';
import { unsealSettings } from './sealed-settings.ts';
import type { Tables } from './tables.ts';

/** Another bridge's change is seen after this long; one of this bridge at once. */
const FRESH_MS = 1000;

/** `last_used_at` is written no more often than this. */
const USE_NOTED_MS = 5 * 60_000;

/** Accounts at most kept at hand, so that made-up ids cannot fill the memory. */
const KEPT = 10_000;

interface Held {
  account: Account | null;
  /** By hash: the id of each key that is not revoked. */
  keys: ReadonlyMap<string, string>;
}

/** Accounts at hand: every hook and every page asks for one, so each is read once a second at most. */
export class PostgresAccounts extends Accounts {
  private readonly held = new Map<string, { at: number; value: Promise<Held> }>();
  private readonly ownerOf = new Map<string, string>();
  private readonly noted = new Map<string, number>();

  constructor(
    private readonly db: Kysely<Tables>,
    private readonly sealer: Sealer,
  ) {
    super();
  }

  async find(accountId: string): Promise<Account | null> {
    return (await this.hold(accountId)).account;
  }

  async authenticate(platformKey: string): Promise<{ accountId: string; keyId: string } | null> {
    const hash = platformKeyHash(platformKey);
    const accountId = this.ownerOf.get(hash) ?? (await this.findOwner(hash));
    if (accountId === null) return null;
    const keyId = (await this.hold(accountId)).keys.get(hash);
    if (keyId === undefined) return null;
    this.noteUse(keyId);
    return { accountId, keyId };
  }

  /** Forgets what is at hand of an account, because it was changed here. */
  forget(accountId: string): void {
    this.held.delete(accountId);
  }

  private hold(accountId: string): Promise<Held> {
    const known = this.held.get(accountId);
    if (known && performance.now() - known.at < FRESH_MS) return known.value;
    if (this.held.size >= KEPT) this.held.clear();
    const value = this.read(accountId);
    this.held.set(accountId, { at: performance.now(), value });
    value.catch(() => this.held.delete(accountId));
    return value;
  }

  private async read(accountId: string): Promise<Held> {
    const row = await this.db
      .selectFrom('account')
      .leftJoin('platform_key', 'platform_key.account_id', 'account.id')
      .select([
        'account.id',
        'account.name',
        'account.settings',
        sql<number>`account.created_at::float8`.as('created_at'),
        sql<[string, string][]>`coalesce(json_agg(json_build_array(hash, platform_key.id)) FILTER (WHERE hash IS NOT NULL), '[]')`.as(
          'keys',
        ),
      ])
      .where('account.id', '=', accountId)
      .groupBy('account.id')
      .executeTakeFirst();
    if (!row) return { account: null, keys: new Map() };
    const settings = await unsealSettings(row.settings, this.sealer);
    return { account: { id: row.id, name: row.name, settings, createdAt: row.created_at }, keys: new Map(row.keys) };
  }

  /** A key that is nobody's is looked up each time: only those that exist are kept at hand. */
  private async findOwner(hash: string): Promise<string | null> {
    const row = await this.db.selectFrom('platform_key').select('account_id').where('hash', '=', hash).executeTakeFirst();
    if (!row) return null;
    if (this.ownerOf.size >= KEPT) this.ownerOf.clear();
    this.ownerOf.set(hash, row.account_id);
    return row.account_id;
  }

  private noteUse(keyId: string): void {
    const now = Date.now();
    if (now - (this.noted.get(keyId) ?? 0) < USE_NOTED_MS) return;
    this.noted.set(keyId, now);
    void this.db
      .updateTable('platform_key')
      .set({ last_used_at: now })
      .where('id', '=', keyId)
      .execute()
      .catch(() => this.noted.delete(keyId));
  }
}
