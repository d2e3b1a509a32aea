import type { Migration } from 'kysely';
import { initial } from './0001-initial.ts';
import { streams } from './0002-streams.ts';
import { codes } from './0003-codes.ts';

/** In order; a migration that has been released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-streams': streams,
  '0003-codes': codes,
};
