import type pg from 'pg';
import { type RateLimiterAbstract, RateLimiterPostgres } from 'rate-limiter-flexible';

/** A limit that holds across bridges and restarts. `name` keeps its counts apart; its timer is off, the retention removes old counts. */
export function sharedLimit(pool: pg.Pool, limit: { name: string; points: number; durationSeconds: number }): RateLimiterAbstract {
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limit',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: limit.name,
    points: limit.points,
    duration: limit.durationSeconds,
  });
}
