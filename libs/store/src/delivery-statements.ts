import { NOW_MS } from './store-clock.ts';

/**
 * Owed, in words by which `delivery_owed` cannot be chosen: a plan made while the table was empty would look through all that is owed
 * for each row. That index is for `OVERDUE` only.
 */
const OWED = "status NOT IN ('delivered', 'parked')";

/**
 * A delivery `d` stands first in its line when nothing earlier is owed there. An earlier event for callbacks that has not been owed yet,
 * because the bridge that committed it died, counts too: the sweep owes it first.
 */
const FIRST_IN_LINE = `
  NOT EXISTS (SELECT 1 FROM delivery b WHERE b.session_id = d.session_id AND b.url = d.url AND b.version < d.version AND b.${OWED})
  AND NOT EXISTS (
    SELECT 1 FROM pending_event p WHERE p.session_id = d.session_id AND p.version < d.version AND p.audience LIKE '%callbacks%'
    AND NOT EXISTS (SELECT 1 FROM delivery b WHERE b.session_id = p.session_id AND b.url = d.url AND b.version = p.version)
  )`;

/**
 * Each delivery, and each event (without an id) that is no longer pending then. Answers the accounts of which that is true: nothing is
 * owed to one that is gone, or being deleted, because nobody would ever end the delivery. Rows are written in one order, so that two
 * statements never wait for each other.
 */
export const OWE = `
WITH living AS MATERIALIZED (SELECT id FROM account WHERE id = ANY ($2::text[]) FOR KEY SHARE SKIP LOCKED),
t AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[]) AS t (id, account_id, session_id, version, url)
  WHERE account_id = ANY (ARRAY(SELECT id FROM living))
),
free AS MATERIALIZED (
  SELECT p.session_id, p.version FROM pending_event p JOIN t ON t.id IS NULL AND p.session_id = t.session_id AND p.version = t.version
  FOR UPDATE OF p SKIP LOCKED
),
told AS (DELETE FROM pending_event p USING free WHERE p.session_id = free.session_id AND p.version = free.version),
owed AS (
  INSERT INTO delivery (id, account_id, session_id, version, url, due_at)
  SELECT t.*, ${NOW_MS} FROM t WHERE t.id IS NOT NULL
  AND EXISTS (SELECT 1 FROM event e WHERE e.session_id = t.session_id AND e.version = t.version)
  ORDER BY t.id
  ON CONFLICT (id) DO NOTHING
)
SELECT id FROM living`;

export const FIRST = `SELECT id FROM delivery d WHERE id = ANY ($1::text[]) AND ${OWED} AND ${FIRST_IN_LINE}`;

export const READY = `
SELECT d.id, d.account_id, d.url, d.attempts, e.session, e.occurred_at::float8
FROM delivery d JOIN event e ON e.session_id = d.session_id AND e.version = d.version
WHERE d.id = ANY ($1::text[]) AND d.${OWED} AND ${FIRST_IN_LINE}`;

/** Whoever holds a delivery is recording it, or deletes it with its account: nobody waits for that, so no two ever wait for each other. */
export const RECORD = `
WITH t AS MATERIALIZED (
  SELECT t.* FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::int[], $6::int[], $7::text[], $8::text[])
  AS t (id, next_status, retry_at, started_at, ms, status, error, outcome)
),
free AS MATERIALIZED (
  SELECT id FROM delivery WHERE id = ANY (ARRAY(SELECT id FROM t)) AND ${OWED} FOR UPDATE SKIP LOCKED
),
tried AS (
  UPDATE delivery d SET attempts = attempts + 1, status = t.next_status, due_at = coalesce(t.retry_at, due_at)
  FROM free JOIN t ON t.id = free.id WHERE d.id = free.id
  RETURNING d.id, d.attempts, t.started_at, t.ms, t.status AS answered, t.error, t.outcome
)
INSERT INTO attempt (delivery_id, number, started_at, ms, status, error, outcome) SELECT * FROM tried`;

export const NEXT_IN_LINE = `
SELECT d.id, (
  SELECT n.id FROM delivery n WHERE n.session_id = d.session_id AND n.url = d.url AND n.${OWED} ORDER BY n.version LIMIT 1
) AS next
FROM delivery d WHERE d.id = ANY ($1::text[])`;

/** A job that should have run this long ago is taken for lost. */
const LOST_AFTER_MS = 1000;

export const OVERDUE = `
SELECT d.id, d.due_at::float8, d.attempts FROM delivery d
WHERE status = 'owed' AND due_at < (SELECT ${NOW_MS}) - ${LOST_AFTER_MS} AND (due_at, id) > ($2::bigint, $3::text) AND ${FIRST_IN_LINE}
ORDER BY d.due_at, id LIMIT $1`;
