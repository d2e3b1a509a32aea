import { Kysely, Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { migrations } from './migrations/index.ts';
import type { Tables } from './tables.ts';

export interface Database {
  pool: pg.Pool;
  db: Kysely<Tables>;
  /** For the few statements that may scan a table and take a minute. */
  patient: { pool: pg.Pool; db: Kysely<Tables> };
  close(): Promise<void>;
}

const SCHEMA = 'cobridge';

/** A bridge must answer within a platform's patience (LivePerson: 2.5 s), so no statement may hang for longer than this. */
const STATEMENT_TIMEOUT_MS = 2000;
const PATIENT_TIMEOUT_MS = 60_000;

/**
 * A connection that has not answered this long after a statement's own end is given up: it fell silent, as after a fail-over. Else what
 * waits for it would wait for ever.
 */
const SILENCE_MS = 3000;
const KEEP_ALIVE_MS = 10_000;

const SESSION_SETTINGS = [`search_path=${SCHEMA}`, 'jit=off', 'synchronous_commit=on', 'client_min_messages=warning'];

/**
 * Every statement on the hot path looks rows up by an index. A plan made while the tables were still empty would scan them for
 * ever after, so the planner is told not to consider it; and there is but one plan worth having, so it is made once.
 */
const BY_INDEX = ['enable_seqscan=off', 'enable_hashjoin=off', 'enable_mergejoin=off', 'plan_cache_mode=force_generic_plan'];

/** Opens the system of record and brings its tables up to date. `onError` hears of idle connections that broke. */
export async function openDatabase(url: string, onError: (error: Error) => void): Promise<Database> {
  const connect = (max: number, settings: readonly string[], timeoutMs: number): { pool: pg.Pool; db: Kysely<Tables> } => {
    const pool = new pg.Pool({
      connectionString: url,
      max,
      connectionTimeoutMillis: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      application_name: 'cobridge',
      options: settings.map((setting) => `-c ${setting}`).join(' '),
      statement_timeout: timeoutMs,
      query_timeout: timeoutMs + SILENCE_MS,
    });
    pool.on('error', onError);
    return { pool, db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }) };
  };
  const hurried = connect(12, [...SESSION_SETTINGS, ...BY_INDEX], STATEMENT_TIMEOUT_MS);
  const patient = connect(2, SESSION_SETTINGS, PATIENT_TIMEOUT_MS);
  const close = async (): Promise<void> => {
    for (const { pool } of [hurried, patient]) {
      // A server that is stopped next may still cut a connection that is just saying good-bye.
      pool.off('error', onError).on('error', () => {});
      await pool.end();
    }
  };
  try {
    await migrate(url);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...hurried, patient, close };
}

/** Several bridges may start at once: the migrator takes a lock. A migration may take its time, so it has a connection of its own. */
async function migrate(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 10_000, options: `-c search_path=${SCHEMA}` });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await pool.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`).catch(ignoreTwin);
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations }, migrationTableSchema: SCHEMA });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error instanceof Error ? error : new Error('The tables could not be brought up to date.', { cause: error });
  } finally {
    await pool.end();
  }
}

/** IF NOT EXISTS is not safe against a twin that creates the schema in the same moment (SQLSTATE 23505 or 42P06). */
function ignoreTwin(error: { code?: string }): void {
  if (error.code !== '23505' && error.code !== '42P06') throw error;
}
