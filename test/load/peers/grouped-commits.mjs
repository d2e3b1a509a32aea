/** What was seen, how it stands, and what is promised. */
export const TABLES = `
CREATE TABLE seen (dialog_id text PRIMARY KEY);
CREATE TABLE state (id text PRIMARY KEY, status text NOT NULL, version bigint NOT NULL, expires_at timestamptz NOT NULL) WITH (fillfactor = 70);
CREATE TABLE outbox (seq bigserial PRIMARY KEY, id text NOT NULL, version bigint NOT NULL, due timestamptz NOT NULL)`;

/** For many notifications at once: drop what was seen, move the state on, promise the rest. The newest version of each wins. */
export const COMMIT = `
WITH input AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[]) AS t (id, version, dialog_id)),
fresh AS (INSERT INTO seen SELECT DISTINCT dialog_id FROM input ORDER BY 1 ON CONFLICT DO NOTHING RETURNING dialog_id),
newest AS (SELECT DISTINCT ON (id) input.* FROM input JOIN fresh USING (dialog_id) ORDER BY id, version DESC),
moved AS (
  INSERT INTO state (id, status, version, expires_at) SELECT id, 'invited', version, now() + interval '2 min' FROM newest ORDER BY id
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version, expires_at = excluded.expires_at
    WHERE state.version < excluded.version
  RETURNING id, version, expires_at
)
INSERT INTO outbox (id, version, due) SELECT id, version, expires_at FROM moved RETURNING id`;

/** Durable transitions, gathered into one commit for all that arrive in the same turn or while the lanes are busy. */
export class GroupedCommits {
  static LANES = 2;
  #waiting = [];
  #busy = 0;

  static async open(pool) {
    await pool.query(TABLES);
    return new GroupedCommits(pool);
  }

  constructor(pool) {
    this.pool = pool;
  }

  /** Whether the invitation was new; durable when it answers. */
  add({ conversationId, dialog }) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id: conversationId, version: dialog.creationTs, dialogId: dialog.dialogId, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#flush());
    });
  }

  #flush() {
    if (this.#busy >= GroupedCommits.LANES || this.#waiting.length === 0) return;
    const group = this.#waiting;
    this.#waiting = [];
    this.#busy++;
    const values = [group.map(({ id }) => id), group.map(({ version }) => version), group.map(({ dialogId }) => dialogId)];
    this.pool
      .query({ name: 'commit', text: COMMIT, values })
      .then(
        ({ rows }) => {
          const moved = new Set(rows.map(({ id }) => id));
          // Of twins in one group only one has won.
          for (const { id, resolve } of group) resolve(moved.delete(id));
        },
        (error) => group.forEach(({ reject }) => reject(error)),
      )
      .finally(() => {
        this.#busy--;
        this.#flush();
      });
  }
}
