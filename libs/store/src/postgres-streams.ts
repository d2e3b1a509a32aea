import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import { type HeldStream, type Instant, type StreamKey, type StreamRecord, type StreamStatus, Streams } from '#libs/core';
import { Grouped } from './grouped.ts';
import type { Sealer } from './sealed.ts';
import { NOW_MS } from './store-clock.ts';
import type { Tables } from './tables.ts';

/** After a bridge died its streams are free this long after its last renewal. */
const LEASE_MS = 9000;
const MOST_BRANDS_AT_ONCE = 500;
/** Visitors that one account may listen for at a time. */
const MOST_OF_AN_ACCOUNT = 1000;

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

const HELD = "stream.account_id, stream.visitor_id, stream.token, (stream.status ->> 'heardAt')::float8 AS heard_at";
const LEASE = `holder = $1, held_until = ${NOW_MS} + ${LEASE_MS}`;
const SAME = 'stream.account_id = t.account_id AND stream.visitor_id = t.visitor_id';

/** What is ours stays ours, also while its report is being written. Rows are locked in one order everywhere. */
const RENEW = `
WITH t AS (SELECT account_id, visitor_id FROM stream WHERE holder = $1 ORDER BY account_id, visitor_id FOR UPDATE)
UPDATE stream SET ${LEASE} FROM t WHERE ${SAME} RETURNING ${HELD}`;

const FREE = `SELECT account_id, visitor_id FROM stream WHERE holder IS DISTINCT FROM $1 AND held_until <= ${NOW_MS}`;

/** Of what is nobody's. Brands never wait for visitors to leave, and rows that another bridge takes now are left to it. */
const TAKE = `
WITH brands AS (${FREE} AND visitor_id = '' ORDER BY account_id LIMIT ${MOST_BRANDS_AT_ONCE} FOR UPDATE SKIP LOCKED),
visitors AS (${FREE} AND visitor_id <> '' ORDER BY account_id, visitor_id LIMIT $2 FOR UPDATE SKIP LOCKED),
t AS (SELECT * FROM brands UNION ALL SELECT * FROM visitors)
UPDATE stream SET ${LEASE} FROM t WHERE ${SAME} RETURNING ${HELD}`;

const REPORT = `
WITH told AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[]) AS told (account_id, visitor_id, status)),
t AS (
  SELECT stream.account_id, stream.visitor_id, told.status FROM stream
  JOIN told ON told.account_id = stream.account_id AND told.visitor_id = stream.visitor_id
  WHERE stream.holder = $1 ORDER BY stream.account_id, stream.visitor_id FOR UPDATE OF stream
)
UPDATE stream SET status = t.status::jsonb FROM t WHERE ${SAME}`;

const LISTEN = `
INSERT INTO stream (account_id, visitor_id, token, expires_at)
SELECT id, $2, $3, $4 FROM account
WHERE id = $1 AND ((SELECT count(*) FROM stream WHERE account_id = $1) < ${MOST_OF_AN_ACCOUNT}
  OR EXISTS (SELECT 1 FROM stream WHERE account_id = $1 AND visitor_id = $2))
ON CONFLICT (account_id, visitor_id) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at`;

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
