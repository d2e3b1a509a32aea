import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putEmptyCluster } from '../../libs/store/testing/empty-cluster.ts';
import { freePort } from './free-port.mjs';
import { type Voice, listenTo, listenToFile } from './voice.ts';

/** The built bridge as its users reach it. */
export interface RunningProgram {
  readonly url: string;
  readonly adminKey: string;
}

/** The built bridge as its users run it: a process of its own with a data folder of its own. */
export interface Program extends RunningProgram, Voice {
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port, after `stop` or `kill`. */
  start(): Promise<void>;
  /** Stops it if it runs and removes its folder. */
  remove(): Promise<void>;
}

/** What it says when it has started, to programs and to people. */
const WELCOME = ['"event":"bridge.started"', 'Cobridge is running on'];

/**
 * The bridge that all scenario files of a run may share, each with accounts of its own. Who stops it or sets it up in another way starts
 * one: `startProgram`. What it says is heard from now on, also of the accounts of others.
 */
export async function sharedProgram(): Promise<RunningProgram & Voice> {
  const answer = await fetch(process.env['COBRIDGE_TEST_PROGRAM'] ?? '');
  if (!answer.ok) throw new Error(await answer.text());
  const { url, dataDir, log } = (await answer.json()) as { url: string; dataDir: string; log: string };
  return { url, adminKey: readFileSync(join(dataDir, 'admin-key'), 'utf8').trim(), ...listenToFile(log) };
}

/** `database`: the first start finds an empty database in its data folder, or makes it, as a user's first start does. */
export async function startProgram(env: Record<string, string> = {}, database: 'found' | 'made' = 'found'): Promise<Program> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cobridge-'));
  // As root, PostgreSQL runs as somebody else, and keeps its cluster elsewhere when it cannot reach it here.
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let output = '';
  const voice = listenTo(() => output);
  let child: ChildProcess | undefined;
  let exited: Promise<unknown> = Promise.resolve();

  const start = async (): Promise<void> => {
    const settings = { PORT: String(port), COBRIDGE_DATA_DIR: dataDir, PUBLIC_URL: url, LOG_FORMAT: 'json', ...env };
    const started = spawn(process.execPath, ['dist/apps/bridge/src/main.js'], {
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    exited = once(started, 'exit').then(() => voice.heard());
    const before = output.length;
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        voice.heard();
      });
    }
    const ended = (): boolean => started.exitCode !== null || started.signalCode !== null;
    const welcomed = (): boolean => WELCOME.every((words) => output.includes(words, before));
    await voice.until(() => ended() || welcomed(), 'The bridge did not start');
    if (ended() || !(await fetch(`${url}/health/ready`)).ok) throw new Error(`The bridge did not start:\n${output.slice(-4000)}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await exited;
    }
    return child?.exitCode ?? null;
  };

  const program: Program = {
    url,
    get adminKey() {
      return env['COBRIDGE_ADMIN_KEY'] ?? readFileSync(join(dataDir, 'admin-key'), 'utf8').trim();
    },
    output: voice.output,
    logged: voice.logged,
    untilLogged: voice.untilLogged,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    start,
    remove: async () => {
      await end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    if (database === 'found' && env['DATABASE_URL'] === undefined) await putEmptyCluster(dataDir);
    await start();
  } catch (error) {
    await program.remove();
    throw error;
  }
  return program;
}
