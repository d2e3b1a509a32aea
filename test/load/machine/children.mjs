import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PostgreSQL makes its last checkpoint before it goes. */
const STOP_WITHIN_MS = 30_000;
const LAST_WORDS = 4000;

const running = new Set();
const folders = new Set();

/** A Node program on the given core, or on any when that is null. Its output is kept for the error message only. */
export function startNode(core, args, env) {
  const command = [...(core === null ? [] : ['taskset', '-c', core]), process.execPath, ...args];
  const child = spawn(command[0], command.slice(1), { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const started = { pid: child.pid, child, said: '', exited: once(child, 'exit') };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (started.said = (started.said + text).slice(-LAST_WORDS)));
  }
  running.add(started);
  void started.exited.then(() => running.delete(started));
  return started;
}

export const hasEnded = ({ child }) => child.exitCode !== null || child.signalCode !== null;

/** SIGTERM, and SIGKILL for one that does not go. */
export async function stopNode(started) {
  if (hasEnded(started)) return;
  started.child.kill('SIGTERM');
  const timer = setTimeout(() => started.child.kill('SIGKILL'), STOP_WITHIN_MS);
  await started.exited;
  clearTimeout(timer);
}

/** Any user may pass through it: PostgreSQL does not run as root. */
export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'cobridge-bench-'));
  chmodSync(folder, 0o755);
  folders.add(folder);
  return folder;
}

/** Tries for a while: the PostgreSQL of a bridge that was killed takes a moment to notice. */
export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  folders.delete(folder);
}

/** Leaves nothing running and nothing lying about. */
export async function cleanUp() {
  await Promise.all([...running].map(stopNode));
  for (const folder of [...folders]) removeFolder(folder);
}

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
