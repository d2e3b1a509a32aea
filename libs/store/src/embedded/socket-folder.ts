import { lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveTo, type Home } from './home.ts';
import { obstacleThrough } from './unprivileged.ts';

/** What connections use as their port on a unix socket: it only names the file. */
export const SOCKET = '.s.PGSQL.5432';

/** What macOS leaves for the path of a unix socket; Linux has four bytes more. */
const LONGEST = 103;

export interface SocketFolder {
  readonly path: string;
  /** Removes what only a running server needs. To be called by the owner, when the server has ended and before the claim is released. */
  remove(): void;
}

/**
 * The private folder of the cluster's sockets: `socket` in its home, or, where that path is too long for a socket, a temporary
 * folder that a symlink of that name points to. After a crash the same one is found again.
 */
export function openSocketFolder(home: Home): SocketFolder {
  const place = join(home.path, 'socket');
  if (!fits(place)) return temporary(home, place);
  if (!lstatSync(place, { throwIfNoEntry: false })?.isDirectory()) {
    rmSync(place, { force: true });
    mkdirSync(place, { mode: 0o700 });
    giveTo(home.user, place);
  }
  return { path: place, remove: () => {} };
}

function temporary({ path: home, user }: Home, place: string): SocketFolder {
  let path = existing(place, user.uid ?? process.getuid?.());
  if (path === null) {
    const base = [tmpdir(), '/tmp'].find((folder) => fits(join(folder, 'cobridge-123456')) && obstacleThrough(user, folder) === null);
    if (base === undefined)
      throw new Error(`The path ${home} is too long for a unix socket. Set COBRIDGE_DATA_DIR to a shorter one, or DATABASE_URL.`);
    path = mkdtempSync(join(base, 'cobridge-'));
    giveTo(user, path);
    rmSync(place, { recursive: true, force: true });
    symlinkSync(path, place);
  }
  const made = path;
  const remove = (): void => {
    for (const name of [place, made]) rmSync(name, { recursive: true, force: true });
  };
  return { path, remove };
}

const fits = (folder: string): boolean => Buffer.byteLength(join(folder, SOCKET)) <= LONGEST;

/** Where the symlink points, when that is still ours alone: anybody may make a folder where temporary ones are cleaned away. */
function existing(place: string, uid: number | undefined): string | null {
  if (!lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink()) return null;
  const path = readlinkSync(place);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0 ? path : null;
}
