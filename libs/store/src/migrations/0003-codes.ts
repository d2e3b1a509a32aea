import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Codes that were told to visitors, hashed; one that is over is kept until it is given out again, to tell used from wrong. And the
 * counts behind limits that hold across bridges, with the columns that the limiter expects.
 */
export const codes: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE code (
      account_id text NOT NULL REFERENCES account ON DELETE CASCADE,
      hash text NOT NULL,
      session_id text NOT NULL,
      expires_at bigint NOT NULL,
      PRIMARY KEY (account_id, hash)
    )`.execute(db);
    await sql`CREATE TABLE rate_limit (key varchar(255) PRIMARY KEY, points integer NOT NULL DEFAULT 0, expire bigint)`.execute(db);
  },
};
