import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import { type HeldStream, type Instant, type StreamKey, type StreamRecord, type StreamStatus, Streams } from '#libs/core';
import { Grouped } from './grouped.ts';
import type { Sealer } from './sealed.ts';
import { NOW_MS } from './store-clock.ts';
import type { Tables } from './tables.ts';

/** After a bridge died its streams are free this long after its last renewal. */
const LEASE_MS = 9000;

/** An account that listens as a brand has one stream more than its visitors; one that does so no longer has not. */
const BRAND_STREAMS = `
INSERT INTO stream (account_id, visitor_id)
SELECT id, '' FROM account WHERE settings #>> '{liveperson,stream,kind}' = 'brand'
ON CONFLICT DO NOTHING`;

const OVER = `
DELETE FROM stream USING account
WHERE account.id = stream.account_id
  AND (expires_at <= ${NOW_MS}
    OR account.settings #>> '{liveperson,stream,kind}' IS DISTINCT FROM CASE visitor_id WHEN '' THEN 'brand' ELSE 'consumer' END)`;

/** What is ours is renewed, and of what is nobody's as much is taken as there is room for. Rows that another bridge takes now are left to it. */
const HOLD = `
WITH free AS (
  SELECT account_id, visitor_id FROM stream
  WHERE holder = $1 OR held_until <= ${NOW_MS}
  ORDER BY (holder = $1) DESC NULLS LAST, visitor_id LIMIT $2
  FOR UPDATE SKIP LOCKED
)
UPDATE stream SET holder = $1, held_until = ${NOW_MS} + ${LEASE_MS}
FROM free WHERE stream.account_id = free.account_id AND stream.visitor_id = free.visitor_id
RETURNING stream.account_id, stream.visitor_id, stream.token, (stream.status ->> 'heardAt')::float8 AS heard_at`;

const REPORT = `
UPDATE stream SET status = t.status::jsonb
FROM unnest($2::text[], $3::text[], $4::text[]) AS t (account_id, visitor_id, status)
WHERE stream.account_id = t.account_id AND stream.visitor_id = t.visitor_id AND stream.holder = $1`;

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
    const { rows } = await this.pool.query<HeldRow>({ name: 'streams-hold', text: HOLD, values: [this.holder, most] });
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

  async listen(accountId: string, visitorId: string, token: string, expiresAt: Instant): Promise<void> {
    const sealed = { token: await this.sealer.seal(token), expires_at: String(expiresAt) };
    await this.db
      .insertInto('stream')
      .values({ account_id: accountId, visitor_id: visitorId, ...sealed })
      .onConflict((on) => on.columns(['account_id', 'visitor_id']).doUpdateSet(sealed))
      .execute();
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
