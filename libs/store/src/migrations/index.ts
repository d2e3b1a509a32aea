import type { Migration } from 'kysely';
import { initial } from './0001-initial.ts';

/** In order; a migration that has been released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-initial': initial,
};
