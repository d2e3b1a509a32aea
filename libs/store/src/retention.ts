import type pg from 'pg';
import { NOW_MS } from './store-clock.ts';

export interface RetentionOptions {
  /** Closed sessions with their history and callbacks are kept this long. */
  sessionsMs: number;
}

/** A conversation that never had a session is kept this long: no platform delivers later than that (LivePerson: three days). */
const EMPTY_CONVERSATIONS_MS = 7 * 86_400_000;

const EVERY_MS = 3_600_000;

/** How long a statement may go on after the bridge was told to stop. */
const LAST_STATEMENT_MS = 2000;

/** Rows that one statement removes, so that no other waits long for it. */
const AT_ONCE = 1000;

const OLD_SESSIONS = `
WITH old AS MATERIALIZED (
  SELECT id FROM session
  WHERE status = 'closed' AND (record ->> 'closedAt')::bigint < ${NOW_MS} - $1::bigint
  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.session_id = session.id AND d.status = 'owed')
  ORDER BY seq LIMIT ${AT_ONCE}
),
attempts AS (DELETE FROM attempt USING delivery d, old WHERE d.session_id = old.id AND attempt.delivery_id = d.id),
deliveries AS (DELETE FROM delivery USING old WHERE delivery.session_id = old.id),
pending AS (DELETE FROM pending_event USING old WHERE pending_event.session_id = old.id),
events AS (DELETE FROM event USING old WHERE event.session_id = old.id)
DELETE FROM session USING old WHERE session.id = old.id`;

const EMPTY_CONVERSATIONS = `
DELETE FROM conversation c USING (
  SELECT account_id, id FROM conversation
  WHERE written_at < ${NOW_MS} - ${EMPTY_CONVERSATIONS_MS}
  AND NOT EXISTS (SELECT 1 FROM session s WHERE s.account_id = conversation.account_id AND s.conversation_key = conversation.id)
  LIMIT ${AT_ONCE}
) old
WHERE c.account_id = old.account_id AND c.id = old.id`;

/** A code that was used or ran out is told from a wrong one for so long. */
const OVER_CODES = `
DELETE FROM code USING (SELECT ctid FROM code WHERE expires_at < ${NOW_MS} - 7 * 86400000::bigint LIMIT ${AT_ONCE}) old
WHERE code.ctid = old.ctid`;

const OVER_LIMITS = `
DELETE FROM rate_limit USING (SELECT ctid FROM rate_limit WHERE expire < ${NOW_MS} LIMIT ${AT_ONCE}) old WHERE rate_limit.ctid = old.ctid`;

/** Removes what is past its time, so that the tables stay as large as the traffic and not as old as the installation. */
export class Retention {
  private timer: NodeJS.Timeout | undefined;
  private purging: Promise<void> = Promise.resolve();
  private stopped = false;
  private cut: (() => void) | undefined;

  /** Statements may scan a table and take their time: `pool` is the patient one. */
  constructor(
    private readonly pool: pg.Pool,
    private readonly options: RetentionOptions,
  ) {}

  /** Purges now and then every hour; `onError` hears of a purge that failed, which the next one makes good. */
  start(onError: (error: unknown) => void): void {
    const begin = (): void => {
      this.purging = this.purge().then(
        () => undefined,
        (error: unknown) => {
          // A statement that was cut because the bridge stops is no failure.
          if (!this.stopped) onError(error);
        },
      );
    };
    this.timer = setInterval(begin, EVERY_MS);
    begin();
  }

  /** Lets the statement under way end, for a while. What it leaves over is for the next start, or for another bridge. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    const enough = setTimeout(() => this.cut?.(), LAST_STATEMENT_MS);
    await this.purging;
    clearTimeout(enough);
  }

  /** Answers how many sessions and empty conversations were removed. Safe to run on several bridges at once. */
  async purge(): Promise<number> {
    const sessions = await this.repeat(OLD_SESSIONS, [this.options.sessionsMs]);
    await this.repeat(OVER_CODES, []);
    await this.repeat(OVER_LIMITS, []);
    return sessions + (await this.repeat(EMPTY_CONVERSATIONS, []));
  }

  private async repeat(text: string, values: unknown[]): Promise<number> {
    let removed = 0;
    while (!this.stopped) {
      const count = await this.unhurried(text, values);
      removed += count;
      if (count < AT_ONCE) break;
    }
    return removed;
  }

  private async unhurried(text: string, values: unknown[]): Promise<number> {
    const client = await this.pool.connect();
    let released = false;
    const release = (broken: boolean): void => {
      if (!released) client.release(broken);
      released = true;
    };
    this.cut = () => release(true);
    try {
      const { rowCount } = await client.query(text, values);
      release(false);
      return rowCount ?? 0;
    } finally {
      // Whatever failed on it, a connection is not used again.
      release(true);
      this.cut = undefined;
    }
  }
}
