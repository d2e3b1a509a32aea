import { NOW_MS } from './store-clock.ts';

/** After a bridge died its streams are free this long after its last renewal. */
const LEASE_MS = 9000;
const MOST_BRANDS_AT_ONCE = 500;
/** Visitors that one account may listen for at a time. */
const MOST_OF_AN_ACCOUNT = 1000;

/** An account that listens as a brand has one stream more than its visitors; one that does so no longer has not. */
export const BRAND_STREAMS = `
INSERT INTO stream (account_id, visitor_id)
SELECT id, '' FROM account WHERE settings #>> '{liveperson,stream,kind}' = 'brand'
ON CONFLICT DO NOTHING`;

export const OVER = `
DELETE FROM stream USING account
WHERE account.id = stream.account_id
  AND (expires_at <= ${NOW_MS}
    OR account.settings #>> '{liveperson,stream,kind}' IS DISTINCT FROM CASE visitor_id WHEN '' THEN 'brand' ELSE 'consumer' END)`;

const HELD = "stream.account_id, stream.visitor_id, stream.token, (stream.status ->> 'heardAt')::float8 AS heard_at";
const LEASE = `holder = $1, held_until = ${NOW_MS} + ${LEASE_MS}`;
const SAME = 'stream.account_id = t.account_id AND stream.visitor_id = t.visitor_id';

/** What is ours stays ours, also while its report is being written. Rows are locked in one order everywhere. */
export const RENEW = `
WITH t AS (SELECT account_id, visitor_id FROM stream WHERE holder = $1 ORDER BY account_id, visitor_id FOR UPDATE)
UPDATE stream SET ${LEASE} FROM t WHERE ${SAME} RETURNING ${HELD}`;

const FREE = `SELECT account_id, visitor_id FROM stream WHERE holder IS DISTINCT FROM $1 AND held_until <= ${NOW_MS}`;

/** Of what is nobody's. Brands never wait for visitors to leave, and rows that another bridge takes now are left to it. */
export const TAKE = `
WITH brands AS (${FREE} AND visitor_id = '' ORDER BY account_id LIMIT ${MOST_BRANDS_AT_ONCE} FOR UPDATE SKIP LOCKED),
visitors AS (${FREE} AND visitor_id <> '' ORDER BY account_id, visitor_id LIMIT $2 FOR UPDATE SKIP LOCKED),
t AS (SELECT * FROM brands UNION ALL SELECT * FROM visitors)
UPDATE stream SET ${LEASE} FROM t WHERE ${SAME} RETURNING ${HELD}`;

export const REPORT = `
WITH told AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[]) AS told (account_id, visitor_id, status)),
t AS (
  SELECT stream.account_id, stream.visitor_id, told.status FROM stream
  JOIN told ON told.account_id = stream.account_id AND told.visitor_id = stream.visitor_id
  WHERE stream.holder = $1 ORDER BY stream.account_id, stream.visitor_id FOR UPDATE OF stream
)
UPDATE stream SET status = t.status::jsonb FROM t WHERE ${SAME}`;

export const LISTEN = `
INSERT INTO stream (account_id, visitor_id, token, expires_at)
SELECT id, $2, $3, $4 FROM account
WHERE id = $1 AND ((SELECT count(*) FROM stream WHERE account_id = $1) < ${MOST_OF_AN_ACCOUNT}
  OR EXISTS (SELECT 1 FROM stream WHERE account_id = $1 AND visitor_id = $2))
ON CONFLICT (account_id, visitor_id) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at`;
