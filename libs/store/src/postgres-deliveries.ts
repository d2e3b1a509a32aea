import { createHash } from 'node:crypto';
import type pg from 'pg';
import { type Attempt, type Delivery, type Owed, type Session, Deliveries, sessionEvent } from '#libs/core';
import { Grouped } from './grouped.ts';
import { NOW_MS } from './store-clock.ts';

/**
 * A delivery `d` stands first in its line when nothing earlier is owed there. An earlier event for callbacks that has not been owed yet,
 * because the bridge that committed it died, counts too: the sweep owes it first.
 */
const FIRST_IN_LINE = `
  NOT EXISTS (SELECT 1 FROM delivery b WHERE b.session_id = d.session_id AND b.url = d.url AND b.version < d.version AND b.status = 'owed')
  AND NOT EXISTS (
    SELECT 1 FROM pending_event p WHERE p.session_id = d.session_id AND p.version < d.version AND p.audience LIKE '%callbacks%'
    AND NOT EXISTS (SELECT 1 FROM delivery b WHERE b.session_id = p.session_id AND b.url = d.url AND b.version = p.version)
  )`;

/**
 * Each delivery, and each event (without an id) that is no longer pending then. Nothing is owed to an account that is gone, or being
 * deleted: its events are gone, too, and nobody would ever end the delivery.
 */
const OWE = `
WITH living AS MATERIALIZED (SELECT id FROM account WHERE id = ANY ($2::text[]) FOR KEY SHARE SKIP LOCKED),
t AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[]) AS t (id, account_id, session_id, version, url)
  WHERE account_id = ANY (ARRAY(SELECT id FROM living))
),
told AS (DELETE FROM pending_event p USING t WHERE t.id IS NULL AND p.session_id = t.session_id AND p.version = t.version)
INSERT INTO delivery (id, account_id, session_id, version, url, due_at)
SELECT t.*, ${NOW_MS} FROM t WHERE t.id IS NOT NULL
AND EXISTS (SELECT 1 FROM event e WHERE e.session_id = t.session_id AND e.version = t.version)
ON CONFLICT (id) DO NOTHING`;

const FIRST = `SELECT id FROM delivery d WHERE id = ANY ($1::text[]) AND status = 'owed' AND ${FIRST_IN_LINE}`;

const READY = `
SELECT d.id, d.account_id, d.url, d.attempts, e.session, e.occurred_at::float8
FROM delivery d JOIN event e ON e.session_id = d.session_id AND e.version = d.version
WHERE d.id = ANY ($1::text[]) AND d.status = 'owed' AND ${FIRST_IN_LINE}`;

/** Whoever holds a delivery is recording it, or deletes it with its account: nobody waits for that, so no two ever wait for each other. */
const RECORD = `
WITH t AS MATERIALIZED (
  SELECT t.* FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::int[], $6::int[], $7::text[], $8::text[])
  AS t (id, next_status, retry_at, started_at, ms, status, error, outcome)
),
free AS MATERIALIZED (
  SELECT id FROM delivery WHERE id = ANY (ARRAY(SELECT id FROM t)) AND status = 'owed' FOR UPDATE SKIP LOCKED
),
tried AS (
  UPDATE delivery d SET attempts = attempts + 1, status = t.next_status, due_at = coalesce(t.retry_at, due_at)
  FROM free JOIN t ON t.id = free.id WHERE d.id = free.id
  RETURNING d.id, d.attempts, t.started_at, t.ms, t.status AS answered, t.error, t.outcome
)
INSERT INTO attempt (delivery_id, number, started_at, ms, status, error, outcome) SELECT * FROM tried`;

const NEXT_IN_LINE = `
SELECT d.id, (
  SELECT n.id FROM delivery n WHERE n.session_id = d.session_id AND n.url = d.url AND n.status = 'owed' ORDER BY n.version LIMIT 1
) AS next
FROM delivery d WHERE d.id = ANY ($1::text[])`;

/** A job that should have run this long ago is taken for lost. */
const LOST_AFTER_MS = 1000;

const OVERDUE = `
SELECT id FROM delivery d WHERE status = 'owed' AND due_at < (SELECT ${NOW_MS}) - ${LOST_AFTER_MS} AND ${FIRST_IN_LINE} ORDER BY due_at LIMIT $1`;

/** What is owed to callback endpoints, in PostgreSQL. */
export class PostgresDeliveries extends Deliveries {
  // One after the other, so that an event which nobody wants is out of the way of the next.
  private readonly owing = new Grouped<Owed, string[]>((items) => this.oweAll(items), { lanes: 1, size: 256 });
  private readonly asking = new Grouped<string, Delivery | null>((ids) => this.readyAll(ids), { lanes: 2, size: 256 });
  private readonly recording = new Grouped<Attempt, string | null>((attempts) => this.recordAll(attempts), {
    lanes: 2,
    size: 256,
    keysOf: ({ deliveryId }) => [deliveryId],
  });

  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async owe(items: readonly Owed[]): Promise<string[]> {
    const first = await Promise.all(items.map((item) => this.owing.add(item)));
    return [...new Set(first.flat())];
  }

  ready(deliveryId: string): Promise<Delivery | null> {
    return this.asking.add(deliveryId);
  }

  record(attempt: Attempt): Promise<string | null> {
    return this.recording.add(attempt);
  }

  overdue(limit: number): Promise<string[]> {
    return this.ids('overdue', OVERDUE, [limit]);
  }

  private async oweAll(items: readonly Owed[]): Promise<string[][]> {
    const rows = items.flatMap(({ event, urls }) => [
      { id: null, event, url: null },
      ...urls.map((url) => ({ id: idOf(event.id, url), event, url })),
    ]);
    await this.pool.query({
      name: 'owe',
      text: OWE,
      values: [
        rows.map(({ id }) => id),
        rows.map(({ event }) => event.session.accountId),
        rows.map(({ event }) => event.session.id),
        rows.map(({ event }) => event.session.version),
        rows.map(({ url }) => url),
      ],
    });
    // A statement of its own: whoever ends the delivery before looks for the next after that, so one of the two sees the other.
    const first = new Set(await this.ids('first-in-line', FIRST, [rows.flatMap(({ id }) => id ?? [])]));
    return items.map(({ event, urls }) => urls.map((url) => idOf(event.id, url)).filter((id) => first.has(id)));
  }

  private async readyAll(ids: readonly string[]): Promise<(Delivery | null)[]> {
    const { rows } = await this.pool.query<ReadyRow>({ name: 'ready', text: READY, values: [ids] });
    const ready = new Map(rows.map((row) => [row.id, toDelivery(row)]));
    return ids.map((id) => ready.get(id) ?? null);
  }

  private async recordAll(attempts: readonly Attempt[]): Promise<(string | null)[]> {
    await this.pool.query({
      name: 'record',
      text: RECORD,
      values: [
        attempts.map(({ deliveryId }) => deliveryId),
        attempts.map(({ outcome }) => (outcome === 'failed' ? 'owed' : outcome)),
        attempts.map(({ retryAt }) => retryAt),
        attempts.map(({ startedAt }) => startedAt),
        attempts.map(({ ms }) => Math.round(ms)),
        attempts.map(({ status }) => status),
        attempts.map(({ error }) => error),
        attempts.map(({ outcome }) => outcome),
      ],
    });
    const ended = attempts.flatMap(({ deliveryId, outcome }) => (outcome === 'failed' ? [] : [deliveryId]));
    if (ended.length === 0) return attempts.map(() => null);
    const { rows } = await this.pool.query<{ id: string; next: string | null }>({
      name: 'next-in-line',
      text: NEXT_IN_LINE,
      values: [ended],
    });
    const next = new Map(rows.map((row) => [row.id, row.next]));
    return attempts.map(({ deliveryId }) => next.get(deliveryId) ?? null);
  }

  private async ids(name: string, text: string, values: unknown[]): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>({ name, text, values });
    return rows.map((row) => row.id);
  }
}

interface ReadyRow {
  id: string;
  account_id: string;
  url: string;
  attempts: number;
  session: Session;
  occurred_at: number;
}

const toDelivery = ({ account_id, session, occurred_at, ...row }: ReadyRow): Delivery => ({
  ...row,
  accountId: account_id,
  event: sessionEvent(session, occurred_at, ['callbacks']),
});

/** The same event owed to the same url is the same delivery. */
function idOf(eventId: string, url: string): string {
  return `${eventId}-${createHash('sha256').update(url).digest('base64url').slice(0, 12)}`;
}
