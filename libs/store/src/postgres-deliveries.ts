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
WHERE d.id = $1 AND d.status = 'owed' AND ${FIRST_IN_LINE}`;

const RECORD = `
WITH tried AS (
  UPDATE delivery SET attempts = attempts + 1, status = $2, due_at = coalesce($3::bigint, due_at)
  WHERE id = $1 AND status = 'owed' RETURNING id, attempts
)
INSERT INTO attempt (delivery_id, number, started_at, ms, status, error, outcome)
SELECT id, attempts, $4::bigint, $5::int, $6::int, $7, $8 FROM tried`;

const NEXT_IN_LINE = `
SELECT n.id FROM delivery d JOIN delivery n ON n.session_id = d.session_id AND n.url = d.url AND n.status = 'owed'
WHERE d.id = $1 ORDER BY n.version LIMIT 1`;

/** A job that should have run this long ago is taken for lost. */
const LOST_AFTER_MS = 1000;

const OVERDUE = `
SELECT id FROM delivery d WHERE status = 'owed' AND due_at < (SELECT ${NOW_MS}) - ${LOST_AFTER_MS} AND ${FIRST_IN_LINE} ORDER BY due_at LIMIT $1`;

/** What is owed to callback endpoints, in PostgreSQL. */
export class PostgresDeliveries extends Deliveries {
  // One after the other, so that an event which nobody wants is out of the way of the next.
  private readonly owing = new Grouped<Owed, string[]>((items) => this.oweAll(items), { lanes: 1, size: 256 });

  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async owe(items: readonly Owed[]): Promise<string[]> {
    const first = await Promise.all(items.map((item) => this.owing.add(item)));
    return [...new Set(first.flat())];
  }

  async ready(deliveryId: string): Promise<Delivery | null> {
    const { rows } = await this.pool.query<{
      id: string;
      account_id: string;
      url: string;
      attempts: number;
      session: Session;
      occurred_at: number;
    }>({
      name: 'ready',
      text: READY,
      values: [deliveryId],
    });
    const row = rows[0];
    if (!row) return null;
    const event = sessionEvent(row.session, row.occurred_at, ['callbacks']);
    return { id: row.id, accountId: row.account_id, url: row.url, attempts: row.attempts, event };
  }

  async record(attempt: Attempt): Promise<string | null> {
    const status = attempt.outcome === 'failed' ? 'owed' : attempt.outcome;
    const { deliveryId: id, retryAt, startedAt, ms, status: answered, error, outcome } = attempt;
    await this.pool.query({
      name: 'record',
      text: RECORD,
      values: [id, status, retryAt, startedAt, Math.round(ms), answered, error, outcome],
    });
    if (outcome === 'failed') return null;
    const [next] = await this.ids('next-in-line', NEXT_IN_LINE, [id]);
    return next ?? null;
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

  private async ids(name: string, text: string, values: unknown[]): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>({ name, text, values });
    return rows.map((row) => row.id);
  }
}

/** The same event owed to the same url is the same delivery. */
function idOf(eventId: string, url: string): string {
  return `${eventId}-${createHash('sha256').update(url).digest('base64url').slice(0, 12)}`;
}
