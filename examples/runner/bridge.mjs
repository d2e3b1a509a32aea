import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = join(import.meta.dirname, '../../dist/apps/bridge/src/main.js');
const START_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

/**
 * Starts the built bridge with a PostgreSQL of its own in `dataDir`, on a free port, and waits until it can work. `started` gets the
 * function that stops it, before anything else happens; `died` gets its last words when it ends by itself.
 */
export async function startBridge(dataDir, { started, died }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const adminKey = randomBytes(24).toString('base64url');
  const settings = { PORT: `${port}`, PUBLIC_URL: url, COBRIDGE_DATA_DIR: dataDir, COBRIDGE_ADMIN_KEY: adminKey };
  // Nothing of a bridge that you may have configured in this shell is touched.
  const own = { HOST: '', DATABASE_URL: '', REDIS_URL: '', COBRIDGE_SECRET_KEY: '', COBRIDGE_CALLBACKS_ALLOW_PRIVATE: 'true' };
  const quiet = { COBRIDGE_DEMO: 'false', LOG_LEVEL: 'warn', LOG_FORMAT: 'json' };
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
    env: { ...process.env, ...own, ...settings, ...quiet },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)));
  started(async () => {
    child.kill('SIGTERM');
    await exited;
  });

  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`The bridge did not start:\n${said}`);
    await sleep(LOOK_EVERY_MS);
  }
  child.once('exit', () => died(said));
  return { url, adminKey };
}

const isReady = (url) =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
