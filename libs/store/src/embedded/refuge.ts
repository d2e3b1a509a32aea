import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NOBODY } from './unprivileged.ts';

/** Where root keeps what PostgreSQL's unprivileged user cannot reach where it is: programs and clusters. */
export const REFUGE = '/var/lib/cobridge-postgres';

/** A folder in the refuge that everybody may pass through, whatever our umask is. One that was there already is left as it is. */
export function refugeFolder(refuge: string, ...below: string[]): string {
  let folder = refuge;
  try {
    for (const name of ['', ...below]) {
      folder = join(folder, name);
      if (existsSync(folder)) continue;
      mkdirSync(folder, { recursive: true });
      chmodSync(folder, 0o755);
    }
  } catch (error) {
    const why = (error as Error).message;
    throw new Error(`PostgreSQL does not run as root, user ${NOBODY.uid} cannot reach it here, nor can it be kept in ${refuge} (${why})`, {
      cause: error,
    });
  }
  return folder;
}
