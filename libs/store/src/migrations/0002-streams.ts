import { type Kysely, type Migration, sql } from 'kysely';

/** Which bridge listens to which stream. `visitor_id` is empty for a brand's own; a visitor's `token` is sealed. */
export const streams: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE stream (
      account_id text NOT NULL REFERENCES account ON DELETE CASCADE,
      visitor_id text NOT NULL,
      token text,
      expires_at bigint,
      holder text,
      held_until bigint NOT NULL DEFAULT 0,
      status jsonb,
      PRIMARY KEY (account_id, visitor_id)
    ) WITH (fillfactor = 70)`.execute(db);
  },
};
