import { NOW_MS } from './store-clock.ts';

/** Conversations ($1 accounts, $2 ids) with their live sessions and those named ($3), all in one read. */
export const LOAD = `
SELECT k.n::int AS n, ${NOW_MS}::float8 AS now, c.version, c.closed_until::float8, c.newest_at::float8, s.sessions
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (account_id, id, n)
LEFT JOIN conversation c ON c.account_id = k.account_id AND c.id = k.id
LEFT JOIN LATERAL (
  SELECT jsonb_agg(record ORDER BY seq) AS sessions FROM session
  WHERE account_id = k.account_id AND conversation_key = k.id AND (status <> 'closed' OR id = ANY ($3::text[]))
) s ON c.version IS NOT NULL`;

/**
 * Many writes in one commit, each all or nothing. A conversation's row is the guard: it moves from the version that was read to
 * the next one, within the write's window by this clock, or none of its write happens. Rows are locked in one order, so that two
 * statements never wait for each other. What got through is looked up by key and not joined, which would cost the
 * square of the rows. An account that is gone, or being deleted, takes nothing any more; one that is not cannot be deleted until the
 * commit. A session id that another conversation has already is not taken from it; the rest of that one write stands, be it
 * reported as refused.
 */
export const SAVE = `
WITH clock AS MATERIALIZED (SELECT ${NOW_MS} AS ms),
input AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb)
  AS t (account_id text, id text, version int, closed_until bigint, newest_at bigint, from_ms bigint, until_ms bigint, sessions jsonb)
),
living AS MATERIALIZED (
  SELECT coalesce(jsonb_object_agg(id, 1), '{}') AS ids FROM (
    SELECT id FROM account WHERE id = ANY (ARRAY(SELECT DISTINCT account_id FROM input)) FOR KEY SHARE SKIP LOCKED
  ) AS account
),
guard AS (
  INSERT INTO conversation AS c (account_id, id, version, closed_until, newest_at, written_at)
  SELECT account_id, id, version, closed_until, newest_at, clock.ms FROM input, clock, living
  WHERE living.ids ? account_id AND (from_ms IS NULL OR clock.ms >= from_ms) AND (until_ms IS NULL OR clock.ms < until_ms)
    -- What was removed meanwhile does not come back.
    AND (version = 1 OR EXISTS (SELECT 1 FROM conversation k WHERE k.account_id = input.account_id AND k.id = input.id))
  ORDER BY account_id, id
  ON CONFLICT (account_id, id) DO UPDATE
    SET version = excluded.version, closed_until = excluded.closed_until, newest_at = excluded.newest_at, written_at = excluded.written_at
    WHERE c.version = excluded.version - 1
  RETURNING c.account_id || E'\\n' || c.id AS key
),
guarded AS MATERIALIZED (SELECT coalesce(jsonb_object_agg(key, 1), '{}') AS keys FROM guard),
changed AS MATERIALIZED (
  SELECT input.id AS conversation_key, s.record ->> 'id' AS session_id, (s.record ->> 'version')::int AS version,
    s.record, s.occurred_at, s.audience
  FROM guarded, input, jsonb_to_recordset(input.sessions) AS s (record jsonb, occurred_at bigint, audience text)
  WHERE guarded.keys ? (input.account_id || E'\\n' || input.id)
),
saved AS (
  INSERT INTO session AS s (id, conversation_key, record)
  SELECT session_id, conversation_key, record FROM changed
  ON CONFLICT (id) DO UPDATE SET record = excluded.record WHERE s.conversation_key = excluded.conversation_key
  RETURNING s.id
),
kept AS MATERIALIZED (SELECT coalesce(jsonb_object_agg(id, 1), '{}') AS ids FROM saved),
recorded AS (
  INSERT INTO event (session_id, version, occurred_at, session)
  SELECT session_id, version, occurred_at, record FROM kept, changed WHERE occurred_at IS NOT NULL AND kept.ids ? session_id
),
promised AS (
  INSERT INTO pending_event (session_id, version, audience, committed_at)
  SELECT session_id, version, audience, clock.ms FROM clock, kept, changed WHERE audience IS NOT NULL AND kept.ids ? session_id
)
SELECT clock.ms::float8 AS now, guarded.keys AS conversations, kept.ids AS sessions FROM clock, guarded, kept`;

/** The clock is read once, and then the index can be searched by it. There is a row of it when nothing is due. */
export const DUE = `
WITH clock AS MATERIALIZED (SELECT ${NOW_MS} AS ms)
SELECT clock.ms::float8 AS now, s.*
FROM clock LEFT JOIN LATERAL (SELECT id, account_id, conversation_id, visitor_id FROM session WHERE due_at <= clock.ms ORDER BY due_at LIMIT $1) s ON true`;

/** Pages are told what is, not what was: of an event that another has followed they do not hear late. */
export const PENDING = `
SELECT e.session, e.occurred_at::float8,
  CASE WHEN EXISTS (SELECT 1 FROM event n WHERE n.session_id = p.session_id AND n.version > p.version) THEN 'callbacks' ELSE p.audience END AS audience
FROM pending_event p JOIN event e ON e.session_id = p.session_id AND e.version = p.version
WHERE p.committed_at <= (SELECT ${NOW_MS}) - $1::bigint ORDER BY p.committed_at, p.version LIMIT $2`;

/** Not waited for on the disk: what a crash of the database brings back is told again. */
export const PERFORMED = `
WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
DELETE FROM pending_event p USING soon, unnest($1::text[], $2::int[]) AS t (session_id, version)
WHERE p.session_id = t.session_id AND p.version = t.version`;

export const HISTORY = `
SELECT session, occurred_at::float8 FROM event WHERE session_id = $1 AND session ->> 'accountId' = $2 ORDER BY version`;

/** Live sessions of visitors ($1 accounts, $2 visitors) with the last event of each, newest session first. */
export const OF_VISITOR = `
SELECT k.n::int AS n, e.session, e.occurred_at::float8
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (account_id, visitor_id, n)
JOIN session s ON s.account_id = k.account_id AND s.visitor_id = k.visitor_id AND s.status <> 'closed'
JOIN LATERAL (SELECT session, occurred_at FROM event WHERE session_id = s.id ORDER BY version DESC LIMIT 1) e ON true
ORDER BY k.n, s.seq DESC`;
