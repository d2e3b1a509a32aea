import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Runs "$@" until our end of stdin closes, however the test run ends. */
const GUARD = 'exec 3<&0; "$@" </dev/null 3<&- & p=$!; { cat <&3 >/dev/null; kill -KILL $p; } 2>/dev/null & exec 3<&-; wait $p';

export const redisProgram = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** Whether tests on Redis can run: `REDIS_URL` names one, or a server is on the PATH. Skipping is loud, and an error where `CI` is set. */
export function redisIsHere(): boolean {
  if (process.env['REDIS_URL'] !== undefined || redisProgram !== undefined) return true;
  const trouble = 'There is no redis-server or valkey-server on the PATH and no REDIS_URL';
  if (process.env['CI'] !== undefined) throw new Error(`${trouble}: tests on Redis must not be skipped here.`);
  console.warn(`${trouble}: TESTS ON REDIS ARE SKIPPED.`);
  return false;
}

/** The Redis that `REDIS_URL` names, or an empty one of its own that keeps nothing. Call it only where `redisIsHere()`. */
export async function startRedis(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined) return { url: given, stop: async () => {} };
  return startOwnRedis(await freePort());
}

/** A Redis of one's own on a port, so that a test can stop it and start it again. */
export async function startOwnRedis(port: number): Promise<{ url: string; stop(): Promise<void> }> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('/bin/sh', ['-c', GUARD, 'redis-guard', redisProgram ?? '', ...options], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const gone = once(server, 'exit');
  for await (const text of server.stdout.setEncoding('utf8')) if (/ready to accept connections/i.test(String(text))) break;
  if (server.exitCode !== null) throw new Error(`${redisProgram} did not start on port ${port}`);
  const stop = async (): Promise<void> => {
    server.stdin.end();
    await gone;
  };
  return { url: `redis://127.0.0.1:${port}`, stop };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
