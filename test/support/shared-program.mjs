import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.mjs';

const START_WITHIN_MS = 25_000;

let started;
let child;
/** With its code; nothing was started yet. */
let exited = Promise.resolve([0]);

/**
 * One built bridge for the scenario files of a run that need no start of their own. It is started when the first of them asks, with a
 * GET to `COBRIDGE_TEST_PROGRAM`; the answer is its `{ url, dataDir, log }`, or a 500 that says why it did not start.
 */
export async function offerProgram() {
  started = undefined;
  const desk = createServer((_request, response) => {
    started ??= start();
    started.then(
      (program) => response.end(JSON.stringify(program)),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  desk.listen(0, '127.0.0.1').unref();
  await once(desk, 'listening');
  process.env['COBRIDGE_TEST_PROGRAM'] = `http://127.0.0.1:${desk.address().port}`;
}

/** The end of the run: it stops as it does at a user's, and has to. */
export default async function stopProgram() {
  await started?.catch(() => {});
  child?.kill('SIGTERM');
  const [code] = await exited;
  if (code !== 0) throw new Error(`The bridge that the scenarios shared stopped with ${code}`);
}

async function start() {
  const dataDir = join(process.env['COBRIDGE_TEST_RUN'], 'program');
  mkdirSync(dataDir);
  // As root, PostgreSQL runs as somebody else, who has to pass through here.
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = join(dataDir, 'program.log');
  const output = openSync(log, 'a');
  child = spawn(process.execPath, ['dist/apps/bridge/src/main.js'], {
    env: { ...process.env, PORT: String(port), COBRIDGE_DATA_DIR: dataDir, PUBLIC_URL: url, LOG_FORMAT: 'json' },
    stdio: ['ignore', output, output],
  });
  exited = once(child, 'exit');
  process.once('exit', () => child.kill());
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await fetch(`${url}/health/ready`).catch(() => null))?.ok) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`The shared bridge did not start: see ${log}`);
    await sleep(25);
  }
  return { url, dataDir, log };
}
