import type pg from 'pg';

/** Whether any statement waits just now for what another has locked. */
export async function somebodyWaits(pool: pg.Pool): Promise<boolean> {
  return (await pool.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rowCount !== 0;
}
