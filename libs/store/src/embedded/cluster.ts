import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { guarded } from './guarded.ts';
import type { Home } from './home.ts';

/** The superuser of the cluster, whom its private socket folder lets in without a password. */
export const OWNER = 'cobridge';

const HALF = 'cluster-';

/**
 * The folder of the cluster, which is made when it is missing. It gets its name only when it is complete, so that a start that was cut
 * short never leaves half a cluster. Only the owner of the home may call this.
 */
export async function openCluster(home: Home, binaries: string, log: (line: string) => void): Promise<string> {
  const cluster = join(home.path, 'cluster');
  for (const name of readdirSync(home.path)) {
    if (name.startsWith(HALF)) rmSync(join(home.path, name), { recursive: true, force: true, maxRetries: 10 });
  }
  if (existsSync(cluster)) return cluster;
  const half = join(home.path, HALF + randomBytes(4).toString('hex'));
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const command = [join(binaries, 'bin', 'initdb'), '-D', half, '-U', OWNER, '--auth=trust', '--no-instructions', ...locale];
  const initdb = guarded(command, home.user, log);
  if ((await initdb.gone) !== 0) {
    rmSync(half, { recursive: true, force: true });
    throw new Error(
      `No database could be made in ${home.path}: ${initdb.lastWords()}. Set COBRIDGE_DATA_DIR to another folder, or DATABASE_URL.`,
    );
  }
  renameSync(half, cluster);
  sync(home.path);
  return cluster;
}

/** A new name survives a power failure only when its folder is on the disk, too. */
function sync(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
