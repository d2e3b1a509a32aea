import {
  accessSync,
  constants,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { refugeFolder } from './refuge.ts';
import { isRoot, NOBODY, obstacleInto, obstacleThrough, type User, userOf } from './unprivileged.ts';

/** The folder that holds one cluster and what belongs to it, and the user whose it is. */
export interface Home {
  readonly path: string;
  readonly user: User;
}

/**
 * `postgres` in the data folder: made when it is missing. For root in a place that the unprivileged user cannot reach, it is a
 * symlink to the real folder in the refuge, so that the data folder still names its cluster.
 */
export function openHome(dataDir: string, refuge: string): Home {
  const place = join(dataDir, 'postgres');
  try {
    makeFolder(resolve(dataDir));
    if (lstatSync(place, { throwIfNoEntry: false }) === undefined) make(place, refuge);
    if (!existsSync(place)) throw new Error(`its database should be in ${readlinkSync(place)}, which is gone`);
    const path = realpathSync(place);
    if (isRoot()) handOver(path);
    else accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return { path, user: userOf(path) };
  } catch (error) {
    const why = (error as Error).message;
    throw new Error(
      `The data folder ${dataDir} cannot hold a database: ${why}. Set COBRIDGE_DATA_DIR to another folder, or DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** With its parents, one by one: where a folder cannot be made and is not there, as in /proc, Node's own way tries for ever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function make(place: string, refuge: string): void {
  if (!isRoot() || obstacleThrough(NOBODY, dirname(place)) === null) {
    mkdirSync(place, { mode: 0o700 });
  } else {
    symlinkSync(mkdtempSync(refugeFolder(refuge, 'data') + sep), place);
  }
}

function handOver(path: string): void {
  let why: string | null;
  try {
    if (statSync(path).uid === 0) giveTo(NOBODY, path);
    why = obstacleInto(userOf(path), path);
  } catch (error) {
    why = (error as Error).message;
  }
  if (why !== null) throw new Error(`PostgreSQL does not run as root, and user ${userOf(path).uid} cannot use ${path} (${why})`);
}

/** Never follows a symlink: the folder above may belong to somebody less trusted than we are. */
export function giveTo({ uid, gid }: User, path: string): void {
  if (uid !== undefined && gid !== undefined) lchownSync(path, uid, gid);
}
