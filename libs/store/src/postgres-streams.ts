import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import { type HeldStream, type Instant, type StreamKey, type StreamRecord, type StreamStatus, Streams } from '#libs/core';
import { Grouped } from './grouped.ts';
import type { Sealer } from './sealed.ts';
import { BRAND_STREAMS, LISTEN, OVER, RENEW, REPORT, TAKE } from './stream-statements.ts';
import type { Tables } from './tables.ts';

interface HeldRow {
  account_id: string;
  visitor_id: string;
  token: string | null;
  heard_at: Instant | null;
}

/** Streams and their leases in PostgreSQL. `holder` names this bridge; one that comes back under its name holds what it held. */
export class PostgresStreams extends Streams {
  private readonly tokens = new Map<string, { sealed: string; token: string }>();
  /** One after the other, so that the last report of a stream is the one that stays. */
  private readonly reports = new Grouped<StreamKey & { status: StreamStatus }, void>((items) => this.reportAll(items), {
    lanes: 1,
    size: 256,
    keysOf: ({ accountId, visitorId }) => [JSON.stringify([accountId, visitorId])],
  });

  constructor(
    private readonly pool: pg.Pool,
    private readonly db: Kysely<Tables>,
    private readonly sealer: Sealer,
    private readonly holder: string,
  ) {
    super();
  }

  async hold(most: number): Promise<HeldStream[]> {
    await this.pool.query({ name: 'streams-brand', text: BRAND_STREAMS });
    await this.pool.query({ name: 'streams-over', text: OVER });
    const mine = await this.pool.query<HeldRow>({ name: 'streams-renew', text: RENEW, values: [this.holder] });
    const room = Math.max(0, most - mine.rows.filter((row) => row.visitor_id !== '').length);
    const taken = await this.pool.query<HeldRow>({ name: 'streams-take', text: TAKE, values: [this.holder, room] });
    const rows = [...mine.rows, ...taken.rows];
    const held = await Promise.all(rows.map(async (row) => ({ ...keyOf(row), token: await this.unseal(row), heardAt: row.heard_at })));
    const sealed = new Set(rows.map(({ token }) => token));
    for (const [key, { sealed: known }] of this.tokens) if (!sealed.has(known)) this.tokens.delete(key);
    return held;
  }

  async release(): Promise<void> {
    await this.db.updateTable('stream').set({ holder: null, held_until: '0' }).where('holder', '=', this.holder).execute();
  }

  report(key: StreamKey, status: StreamStatus): Promise<void> {
    return this.reports.add({ ...key, status });
  }

  async list(accountId: string): Promise<StreamRecord[]> {
    const rows = await this.db
      .selectFrom('stream')
      .select(['account_id', 'visitor_id', 'status', sql<number | null>`expires_at::float8`.as('expires_at')])
      .where('account_id', '=', accountId)
      .orderBy('visitor_id')
      .execute();
    return rows.map((row) => ({ ...keyOf(row), status: row.status, expiresAt: row.expires_at }));
  }

  async listen(accountId: string, visitorId: string, token: string, expiresAt: Instant): Promise<boolean> {
    const values = [accountId, visitorId, await this.sealer.seal(token), expiresAt];
    const { rowCount } = await this.pool.query({ name: 'streams-listen', text: LISTEN, values });
    return rowCount === 1;
  }

  async forget(accountId: string, visitorId: string): Promise<boolean> {
    const { numDeletedRows } = await this.db
      .deleteFrom('stream')
      .where('account_id', '=', accountId)
      .where('visitor_id', '=', visitorId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  private async reportAll(items: (StreamKey & { status: StreamStatus })[]): Promise<void[]> {
    const columns = [items.map((i) => i.accountId), items.map((i) => i.visitorId ?? ''), items.map((i) => JSON.stringify(i.status))];
    await this.pool.query({ name: 'streams-report', text: REPORT, values: [this.holder, ...columns] });
    return items.map(() => undefined);
  }

  /** Opened once and not at every renewal. */
  private async unseal({ account_id, visitor_id, token: sealed }: HeldRow): Promise<string | null> {
    if (sealed === null) return null;
    const key = `${account_id}\n${visitor_id}`;
    const known = this.tokens.get(key);
    if (known?.sealed === sealed) return known.token;
    const token = await this.sealer.unseal(sealed);
    this.tokens.set(key, { sealed, token });
    return token;
  }
}

const keyOf = (row: { account_id: string; visitor_id: string }): StreamKey => ({
  accountId: row.account_id,
  visitorId: row.visitor_id === '' ? null : row.visitor_id,
});
