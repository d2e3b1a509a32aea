import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 30_000;
const POLITE_MS = 5_000;
const POLL_MS = 5;

/** The lines of a cluster's postmaster.pid: 1 process id … 8 state; none when there is no server. */
export function pidFile(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/**
 * Stops the server that an owner left behind who died together with its guard. Only the present owner of the cluster may call this.
 * Answers the process id in a postmaster.pid that names no server of this cluster: the server died, and a stranger may have the id now.
 */
export async function stopLeftover(cluster: string): Promise<number | null> {
  const began = performance.now();
  let signal: 'SIGINT' | 'SIGQUIT' | null = null;
  for (;;) {
    const pid = Number(pidFile(cluster)[0]);
    if (!Number.isInteger(pid) || pid <= 0) return null;
    if (!isServer(pid, cluster)) return pid;
    const waited = performance.now() - began;
    if (waited > PATIENCE_MS)
      throw new Error(`An old PostgreSQL (process ${pid}) in ${cluster} does not stop. Stop it, or set DATABASE_URL.`);
    const next = waited > POLITE_MS ? 'SIGQUIT' : 'SIGINT';
    if (next !== signal) kill(pid, next);
    signal = next;
    await sleep(POLL_MS);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** By its command line, which the guard's contains as well. */
function isServer(pid: number, cluster: string): boolean {
  const line = commandLine(pid);
  return line.includes(`/bin/postgres -D ${cluster} `) && !line.startsWith('/bin/sh ');
}

function commandLine(pid: number): string {
  if (process.platform !== 'linux') return spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
