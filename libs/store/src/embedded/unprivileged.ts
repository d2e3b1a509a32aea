import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

/** Whom PostgreSQL runs as, in the words of child_process; empty: whoever we are. */
export interface User {
  readonly uid?: number;
  readonly gid?: number;
}

export const NOBODY: User = { uid: 65534, gid: 65534 };

/** All that PostgreSQL is told of our environment: it needs no more, and ours holds secrets. */
export const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export const isRoot = (): boolean => process.getuid?.() === 0;

/** PostgreSQL refuses to run as root: for root it runs as the owner of its folder, or as nobody while that is still root. */
export function userOf(folder: string): User {
  if (!isRoot()) return {};
  const { uid, gid } = statSync(folder);
  return uid === 0 ? NOBODY : { uid, gid };
}

/**
 * What stands in the way when `user` runs the command; null when it went well. It is tried and not read off mode bits: the
 * folders above, mounts, access lists and user namespaces all have a say.
 */
export function obstacle(user: User, command: string, ...args: string[]): string | null {
  const { status, error, stderr } = spawnSync(command, args, {
    ...user,
    cwd: '/',
    env: ENVIRONMENT,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return null;
  return error?.message ?? (stderr.trim().split('\n')[0] || `it ended with ${status}`);
}

/** What keeps `user` from working in a folder; null when nothing does. */
export const obstacleInto = (user: User, folder: string): string | null =>
  obstacle(user, '/bin/sh', '-c', 'cd "$1" && test -w . && test -r .', 'reach', folder);

/** What keeps `user` from passing through a folder; null when nothing does. */
export const obstacleThrough = (user: User, folder: string): string | null => obstacle(user, '/bin/sh', '-c', 'cd "$1"', 'reach', folder);
