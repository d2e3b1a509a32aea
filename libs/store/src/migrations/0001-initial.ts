import { type Kysely, type Migration, sql } from 'kysely';

/**
 * A session's record is one JSON document, and the columns that are searched are generated from it: there is one truth and one
 * way to write it. Instants are milliseconds since the epoch.
 */
const STATEMENTS = [
  sql`CREATE TABLE seal (sample text NOT NULL)`,
  sql`CREATE UNIQUE INDEX seal_one ON seal ((true))`,
  sql`CREATE TABLE account (
    id text PRIMARY KEY,
    name text NOT NULL,
    settings jsonb NOT NULL,
    created_at bigint NOT NULL
  )`,
  sql`CREATE TABLE platform_key (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES account ON DELETE CASCADE,
    hash text NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    last_used_at bigint
  )`,
  sql`CREATE INDEX platform_key_account ON platform_key (account_id)`,

  sql`CREATE TABLE conversation (
    account_id text NOT NULL,
    id text NOT NULL,
    version integer NOT NULL,
    closed_until bigint,
    newest_at bigint,
    written_at bigint NOT NULL,
    PRIMARY KEY (account_id, id)
  ) WITH (fillfactor = 80)`,

  sql`CREATE TABLE session (
    id text PRIMARY KEY,
    conversation_key text NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    record jsonb NOT NULL,
    account_id text NOT NULL GENERATED ALWAYS AS (record ->> 'accountId') STORED,
    conversation_id text GENERATED ALWAYS AS (record ->> 'conversationId') STORED,
    visitor_id text GENERATED ALWAYS AS (record -> 'visitor' ->> 'id') STORED,
    status text NOT NULL GENERATED ALWAYS AS (record ->> 'status') STORED,
    due_at bigint GENERATED ALWAYS AS ((record ->> 'dueAt')::bigint) STORED
  ) WITH (fillfactor = 80)`,
  sql`CREATE INDEX session_account ON session (account_id, seq)`,
  sql`CREATE INDEX session_conversation ON session (account_id, conversation_key, seq)`,
  sql`CREATE INDEX session_visitor ON session (account_id, visitor_id, seq)`,
  sql`CREATE INDEX session_due ON session (due_at) WHERE due_at IS NOT NULL`,

  sql`CREATE TABLE event (
    session_id text NOT NULL,
    version integer NOT NULL,
    occurred_at bigint NOT NULL,
    session jsonb NOT NULL,
    PRIMARY KEY (session_id, version)
  )`,
  sql`CREATE TABLE pending_event (
    session_id text NOT NULL,
    version integer NOT NULL,
    audience text NOT NULL,
    committed_at bigint NOT NULL,
    PRIMARY KEY (session_id, version)
  )`,

  sql`CREATE TABLE delivery (
    id text PRIMARY KEY,
    account_id text NOT NULL,
    session_id text NOT NULL,
    version integer NOT NULL,
    url text NOT NULL,
    status text NOT NULL DEFAULT 'owed' CHECK (status IN ('owed', 'delivered', 'parked')),
    attempts integer NOT NULL DEFAULT 0,
    due_at bigint NOT NULL
  )`,
  sql`CREATE INDEX delivery_line ON delivery (session_id, url, version)`,
  sql`CREATE INDEX delivery_owed ON delivery (due_at) WHERE status = 'owed'`,
  sql`CREATE TABLE attempt (
    delivery_id text NOT NULL,
    number integer NOT NULL,
    started_at bigint NOT NULL,
    ms integer NOT NULL,
    status integer,
    error text,
    outcome text NOT NULL,
    PRIMARY KEY (delivery_id, number)
  )`,
];

export const initial: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await statement.execute(db);
  },
};
