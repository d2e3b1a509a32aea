import { createHmac, randomInt } from 'node:crypto';
import type pg from 'pg';
import { Codes } from '#libs/core';
import { NOW_MS } from './store-clock.ts';

/** Takes a code that was never told, or whose request is over; one whose request was never written is over when its time is up. */
const ISSUE = `
INSERT INTO code AS c (account_id, hash, session_id, expires_at)
SELECT $1, $2, $3, ${NOW_MS} + $4::bigint * 1000 WHERE EXISTS (SELECT 1 FROM account WHERE id = $1)
ON CONFLICT (account_id, hash) DO UPDATE SET session_id = excluded.session_id, expires_at = excluded.expires_at
  WHERE coalesce((SELECT s.status <> 'requested' FROM session s WHERE s.id = c.session_id), c.expires_at <= ${NOW_MS})
RETURNING hash`;

const FIND = 'SELECT session_id FROM code WHERE account_id = $1 AND hash = $2';

/** With half of all codes in use one draw in a million is still left without one. */
const DRAWS = 20;

/** Codes in PostgreSQL. Unique by the table's key, single use by the session, which can be taken only once. */
export class PostgresCodes extends Codes {
  /** `key`: 32 bytes, the same on every bridge. Without it a million hashes would be tried in a moment. */
  constructor(
    private readonly pool: pg.Pool,
    private readonly key: Uint8Array,
    private readonly draw: () => number = () => randomInt(1_000_000),
  ) {
    super();
  }

  async issue(accountId: string, sessionId: string, ttlSeconds: number): Promise<string | null> {
    for (let i = 0; i < DRAWS; i++) {
      const code = String(this.draw()).padStart(6, '0');
      const values = [accountId, this.hash(accountId, code), sessionId, ttlSeconds];
      const { rowCount } = await this.pool.query({ name: 'issue-code', text: ISSUE, values });
      if (rowCount === 1) return code;
    }
    return null;
  }

  async find(accountId: string, code: string): Promise<string | null> {
    const values = [accountId, this.hash(accountId, code)];
    const { rows } = await this.pool.query<{ session_id: string }>({ name: 'find-code', text: FIND, values });
    return rows[0]?.session_id ?? null;
  }

  private hash(accountId: string, code: string): string {
    return createHmac('sha256', this.key).update(`${accountId}\n${code}`).digest('base64url');
  }
}
