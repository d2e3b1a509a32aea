import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { checkOut, install, NODE_MODULES, type Owner, type OwnerOptions, startOwner } from '../../testing/owner-process.ts';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.ts';

const root = process.getuid?.() === 0;
const asRoot = root ? it : it.skip;
/** Where a process can look at others. */
const onLinux = process.platform === 'linux' ? it : it.skip;
const NOBODY = 65534;
const DAEMON = 1;
const serverUser = root ? { uid: NOBODY, gid: NOBODY } : {};

let base: string;
let refuge: string;
let checkout: string;
const servers: EmbeddedPostgres[] = [];
const owners: Owner[] = [];

beforeAll(async () => {
  // Root's own temporary folder may be closed to others.
  base = mkdtempSync(join(root ? '/tmp' : tmpdir(), 'cobridge-embedded-'));
  chmodSync(base, 0o755);
  refuge = join(base, 'refuge');
  checkout = join(base, 'checkout');
  await checkOut(checkout);
  symlinkSync(NODE_MODULES, join(checkout, 'node_modules'));
});

afterEach(async () => {
  await Promise.all([...servers.splice(0).map((server) => server.stop()), ...owners.splice(0).map((owner) => owner.kill())]);
});

afterAll(() => rmSync(base, { recursive: true, force: true, maxRetries: 10 }));

async function start(dataDir: string, options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(dataDir, { refuge, ...options });
  servers.push(server);
  return server;
}

async function startMortal(dataDir: string): Promise<{ server: EmbeddedPostgres; died: Promise<string> }> {
  let died = (_reason: string): void => {};
  const death = new Promise<string>((resolve) => (died = resolve));
  return { server: await start(dataDir, { died }), died: death };
}

function own(dataDir: string, options: OwnerOptions = {}, from = checkout): Owner {
  const owner = startOwner(from, dataDir, refuge, options);
  owners.push(owner);
  return owner;
}

async function urlOf(owner: Owner): Promise<string> {
  const started = await owner.started;
  if ('error' in started) throw new Error(started.error);
  return started.url;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const cluster = (dataDir: string): string => join(dataDir, 'postgres', 'cluster');
const pidFile = (dataDir: string): string => join(cluster(dataDir), 'postmaster.pid');
const serverPid = (dataDir: string): number => Number(readFileSync(pidFile(dataDir), 'utf8').split('\n')[0]);

/** What ends or appears outside of this process tells nobody: it is looked for. */
async function until(what: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !what(); await sleep(5))
    if (Date.now() > deadline) throw new Error(`Not in 10 s: ${String(what)}`);
}

const processes = (): number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);

function processFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // It has ended since.
  }
}

/** How many guards and servers there are for a data folder. */
const running = (dataDir: string): number => processes().filter((pid) => processFile(pid, 'cmdline').includes(cluster(dataDir))).length;

/** The server's guard, and the part of it that waits for the owner's end. */
function guardOf(server: number): { guard: number; watch: number } {
  const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)$/m.exec(processFile(pid, 'status'))?.[1]);
  const guard = parentOf(server);
  return { guard, watch: processes().find((pid) => pid !== server && parentOf(pid) === guard)! };
}

const ONE_LINE = /^[^\n]+$/;
const IN_USE =
  /^Another bridge uses the data folder [^\n]+\. Stop that one, or give this one its own COBRIDGE_DATA_DIR or a DATABASE_URL\.$/;

describe('a data folder', () => {
  let dataDir: string;
  beforeAll(() => (dataDir = join(base, 'data')));

  it('gets a durable PostgreSQL at the first start, and keeps what was committed over stop and start', async () => {
    const first = await start(dataDir);
    await query(first.url, 'CREATE TABLE fact (n int PRIMARY KEY); INSERT INTO fact VALUES (1)');
    const names = "'fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses'";
    const settings = await query(first.url, `SELECT name, setting FROM pg_settings WHERE name IN (${names}) ORDER BY name`);
    expect(settings.map((row) => row['setting'])).toEqual(['on', 'on', '', 'on']);
    await first.stop();
    expect(existsSync(pidFile(dataDir))).toBe(false);

    const second = await start(dataDir);
    expect(await query(second.url, 'SELECT n FROM fact')).toEqual([{ n: 1 }]);
    await Promise.all([second.stop(), second.stop()]);
    expect(existsSync(pidFile(dataDir))).toBe(false);
  });

  it('is refused to a second bridge, in one line that says what to do, while the first goes on', async () => {
    const first = await start(dataDir);
    await expect(start(dataDir)).rejects.toThrow(IN_USE);
    const started = await own(dataDir).started;
    expect(started).toEqual({ error: expect.stringMatching(IN_USE) });
    expect(await query(first.url, 'SELECT n FROM fact')).toEqual([{ n: 1 }]);
  });

  it('is free again when its owner is killed: the server ends by itself, and what was committed is kept', async () => {
    const owner = own(dataDir);
    const client = new Client({ connectionString: await urlOf(owner) });
    await client.connect();
    await client.query('INSERT INTO fact VALUES (2)');
    const cutOff = new Promise((resolve) => client.on('error', resolve));
    await owner.kill();
    await cutOff;
    await until(() => !existsSync(pidFile(dataDir)));

    const next = await start(dataDir);
    expect(await query(next.url, 'SELECT count(*)::int AS n FROM fact')).toEqual([{ n: 2 }]);
  });

  it('is free for the next start at once, while the server of a killed owner is still ending', async () => {
    for (let i = 0; i < 3; i++) {
      const owner = own(dataDir);
      await urlOf(owner);
      await owner.kill();
      const next = await start(dataDir);
      expect(await query(next.url, 'SELECT count(*)::int AS n FROM fact')).toEqual([{ n: 2 }]);
      await next.stop();
    }
  });

  const sockets = (): string[] => readdirSync(join(dataDir, 'postgres', 'socket'));
  it.each([
    ['has only just claimed it', (before: string[]) => sockets().some((name) => name.startsWith('claim-') && !before.includes(name))],
    ['has only just started its server', () => existsSync(pidFile(dataDir))],
    ['waits for its server', () => sockets().includes('.s.PGSQL.5432')],
  ])('is free for the next start when its owner is killed while that %s', async (_name, reached) => {
    const before = sockets();
    const owner = own(dataDir);
    await until(() => reached(before));
    await owner.kill();
    const next = await start(dataDir);
    expect(await query(next.url, 'SELECT count(*)::int AS n FROM fact')).toEqual([{ n: 2 }]);
  });

  onLinux('has no server left soon after its owner was killed while starting one', async () => {
    for (const reached of [1, 2, 3, 1, 2, 3]) {
      const owner = own(dataDir);
      await until(() => running(dataDir) >= reached);
      await owner.kill();
      await until(() => running(dataDir) === 0);
    }
  });

  it('goes to exactly one of many bridges that start together after a crash', async () => {
    const crashed = own(dataDir);
    await urlOf(crashed);
    await crashed.kill();
    const starts = await Promise.allSettled([1, 2, 3, 4, 5].map(() => start(dataDir)));
    const refused = starts.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Error).message] : []));
    expect(refused).toEqual(Array(4).fill(expect.stringMatching(IN_USE)));
    expect(await query(servers[0]!.url, 'SELECT count(*)::int AS n FROM fact')).toEqual([{ n: 2 }]);
  });

  onLinux('is freed of an orphan by the next start when owner and guard were both killed', async () => {
    const owner = own(dataDir);
    const client = new Client({ connectionString: await urlOf(owner) });
    await client.connect();
    const cutOff = new Promise((resolve) => client.on('error', resolve));
    const { guard, watch } = guardOf(serverPid(dataDir));
    for (const pid of [watch, guard]) process.kill(pid, 'SIGKILL');
    await owner.kill();
    expect((await client.query('SELECT count(*)::int AS n FROM fact')).rows).toEqual([{ n: 2 }]);

    const next = await start(dataDir);
    await cutOff;
    expect(await query(next.url, 'SELECT count(*)::int AS n FROM fact')).toEqual([{ n: 2 }]);
  });

  onLinux('loses its server with the guard, tells its owner, and is free after stop', async () => {
    const { server, died } = await startMortal(dataDir);
    process.kill(guardOf(serverPid(dataDir)).guard, 'SIGKILL');
    expect(await died).toMatch(ONE_LINE);
    expect(existsSync(pidFile(dataDir))).toBe(false);
    await server.stop();
    const next = await start(dataDir);
    expect(await query(next.url, 'SELECT count(*)::int AS n FROM fact')).toEqual([{ n: 2 }]);
  });

  it('whose lock files name a stranger is opened, and the stranger is left alone', async () => {
    const server = await start(dataDir);
    const lock = join(dataDir, 'postgres', 'socket', '.s.PGSQL.5432.lock');
    const files = [pidFile(dataDir), lock].map((path) => ({ path, text: readFileSync(path, 'utf8') }));
    await server.stop();
    const stranger = spawn('/bin/sh', ['-c', 'read -r _'], { ...serverUser, stdio: ['pipe', 'ignore', 'ignore'] });
    await once(stranger, 'spawn');
    for (const { path, text } of files) {
      writeFileSync(path, text.replace(/^\d+/, String(stranger.pid)));
      if (root) chownSync(path, NOBODY, NOBODY);
    }

    const next = await start(dataDir);
    expect(await query(next.url, 'SELECT count(*)::int AS n FROM fact')).toEqual([{ n: 2 }]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.stdin.end();
    await once(stranger, 'exit');
  });

  it('whose server is killed tells its owner, and the next start recovers it', async () => {
    const { server, died } = await startMortal(dataDir);
    process.kill(serverPid(dataDir), 'SIGKILL');
    expect(await died).toMatch(ONE_LINE);
    await server.stop();
    const next = await start(dataDir);
    expect(await query(next.url, 'SELECT count(*)::int AS n FROM fact')).toEqual([{ n: 2 }]);
  });

  it('does not tell its owner of an end that the owner asked for', async () => {
    const died = jest.fn();
    const server = await start(dataDir, { died });
    await server.stop();
    expect(died).not.toHaveBeenCalled();
  });

  it("logs the server's life but no statement and no value", async () => {
    const lines: string[] = [];
    const server = await start(dataDir, { log: (line) => lines.push(line) });
    await query(
      server.url,
      "CREATE TABLE IF NOT EXISTS word (w text PRIMARY KEY); INSERT INTO word VALUES ('s3cret') ON CONFLICT DO NOTHING",
    );
    await expect(query(server.url, "INSERT INTO word VALUES ('s3cret')")).rejects.toThrow('duplicate key');
    await expect(query(server.url, "SELECT 's3cret'::int")).rejects.toThrow('invalid input syntax');
    await server.stop();
    expect(lines.join('\n')).toContain('ready to accept connections');
    expect(lines.join('\n')).not.toContain('s3cret');
  });

  onLinux("does not pass the bridge's environment on to the server", async () => {
    await urlOf(own(dataDir, { env: { ...process.env, COBRIDGE_ADMIN_KEY: 's3cret' } }));
    const environment = readFileSync(`/proc/${serverPid(dataDir)}/environ`, 'utf8');
    expect(environment).toContain('TZ=UTC');
    expect(environment).not.toContain('s3cret');
  });
});

describe('a first start', () => {
  it('that is killed in the middle of making the cluster does not block the next', async () => {
    const dataDir = join(base, 'interrupted');
    const home = join(dataDir, 'postgres');
    const owner = own(dataDir);
    await until(
      () => existsSync(home) && readdirSync(home).some((name) => name.startsWith('cluster-') && readdirSync(join(home, name)).length > 5),
    );
    await owner.kill();
    // What a machine leaves that lost its power: nobody tidied up.
    mkdirSync(join(home, 'cluster-lost', 'base'), { recursive: true });

    const next = await start(dataDir);
    expect(await query(next.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(readdirSync(home).toSorted()).toEqual(['cluster', 'socket']);
  });

  it('works in a folder whose path is too long for a socket and full of odd characters, and leaves nothing outside of it', async () => {
    const dataDir = join(base, `it's, "${'long '.repeat(20)}" & $HOME é`, 'data');
    const owner = own(dataDir);
    const crashed = new URL(await urlOf(owner)).searchParams.get('host')!;
    await owner.kill();

    const next = await start(dataDir);
    const host = new URL(next.url).searchParams.get('host')!;
    expect(Buffer.byteLength(host)).toBeLessThan(90);
    expect(statSync(host).mode & 0o777).toBe(0o700);
    expect(await query(next.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await expect(start(dataDir)).rejects.toThrow(IN_USE);
    await next.stop();
    expect([crashed, host].map((folder) => existsSync(folder))).toEqual([false, false]);
  });

  it('in a folder that cannot be one says in one line what to do', async () => {
    const file = join(base, 'file');
    writeFileSync(file, '');
    const refusal = start(join(file, 'data'));
    await expect(refusal).rejects.toThrow(
      /^The data folder [^\n]+ cannot hold a database: [^\n]+\. Set COBRIDGE_DATA_DIR [^\n]+ DATABASE_URL\.$/,
    );
  });

  asRoot('by an ordinary user makes a cluster of that user', async () => {
    const home = join(base, 'ordinary');
    const dataDir = join(home, 'data');
    await checkOut(home);
    install(home);
    let node = process.execPath;
    if (spawnSync(node, ['-v'], { uid: NOBODY }).status !== 0) copyFileSync(node, (node = join(home, 'node')));
    spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, home]);

    const owner = own(dataDir, { uid: NOBODY, node }, home);
    expect(await query(await urlOf(owner), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect([dataDir, cluster(dataDir)].map((path) => statSync(path).uid)).toEqual([NOBODY, NOBODY]);
    await owner.stop();
    expect(existsSync(pidFile(dataDir))).toBe(false);
  });
});

describe('root', () => {
  asRoot('works from a checkout and a data folder that only root can enter, and opens neither to others', async () => {
    const closed = mkdtempSync(join(base, 'closed-'));
    await checkOut(closed);
    const native = install(closed);
    // npm under a strict umask, and with install scripts off.
    spawnSync('chmod', ['-R', 'go=', closed]);
    spawnSync('find', [native, '-type', 'l', '-delete']);
    const dataDir = join(closed, '.data');

    const first = own(dataDir, {}, closed);
    await query(await urlOf(first), 'CREATE TABLE fact AS SELECT 7 AS n');
    await first.stop();
    const second = own(dataDir, {}, closed);
    expect(await query(await urlOf(second), 'SELECT n FROM fact')).toEqual([{ n: 7 }]);
    expect(realpathSync(join(dataDir, 'postgres'))).toContain(join(refuge, 'data'));
    expect([closed, native, join(native, 'bin', 'postgres')].map((path) => statSync(path).mode & 0o077)).toEqual([0, 0, 0]);
    expect(readdirSync(refuge).toSorted()).toEqual(['data', expect.stringMatching(/^postgres-\d[^/]*$/)]);
    await second.stop();

    rmSync(realpathSync(join(dataDir, 'postgres')), { recursive: true });
    await expect(start(dataDir)).rejects.toThrow(/^The data folder [^\n]+ its database should be in [^\n]+, which is gone\. [^\n]+$/);
    expect(lstatSync(join(dataDir, 'postgres')).isSymbolicLink()).toBe(true);
  });

  asRoot('is told in one line what to do where the unprivileged user can reach nothing at all', async () => {
    const closed = mkdtempSync(join(base, 'closed-'));
    const refusal = start(join(closed, 'data'), { refuge: join(closed, 'refuge') });
    await expect(refusal).rejects.toThrow(
      /^The data folder [^\n]+ PostgreSQL does not run as root, and user 65534 cannot use [^\n]+ COBRIDGE_DATA_DIR [^\n]+ DATABASE_URL\.$/,
    );
  });

  asRoot("runs an ordinary user's cluster as that user, who can go on with it", async () => {
    const dataDir = join(base, 'theirs');
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    chownSync(join(dataDir, 'postgres'), DAEMON, DAEMON);
    const server = await start(dataDir);
    expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect([cluster(dataDir), pidFile(dataDir)].map((path) => statSync(path).uid)).toEqual([DAEMON, DAEMON]);
  });
});

describe('a machine without an embedded PostgreSQL', () => {
  const refused = async (folder: string): Promise<string> => {
    const owner = own(join(folder, 'data'), {}, folder);
    const started = await owner.started;
    return 'error' in started ? started.error : started.url;
  };

  it('is told to set DATABASE_URL when npm brought no package for it', async () => {
    const bare = join(base, 'bare');
    await checkOut(bare);
    expect(await refused(bare)).toMatch(
      /^There is no embedded PostgreSQL for this platform \(@embedded-postgres\/[^\n]+ is not installed\)\. Set DATABASE_URL\.$/,
    );
    expect(existsSync(join(bare, 'data'))).toBe(false);
  });

  it('is told to set DATABASE_URL when the binaries do not run, as with another C library', async () => {
    const musl = join(base, 'musl');
    await checkOut(musl);
    const native = install(musl, (path) => !path.includes('/native/'));
    mkdirSync(join(native, 'bin'), { recursive: true });
    writeFileSync(join(native, 'pg-symlinks.json'), '[]');
    writeFileSync(join(native, 'bin', 'postgres'), '#!/lib/no-such-loader\n', { mode: 0o755 });
    expect(await refused(musl)).toMatch(
      /^There is no embedded PostgreSQL for this platform \(@embedded-postgres\/[^\n]+ENOENT[^\n]*\)\. Set DATABASE_URL\.$/,
    );
  });
});
