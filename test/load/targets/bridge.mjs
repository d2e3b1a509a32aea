import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ends, invitation, message, signedRequest, visitorId } from '../generator/notification.mjs';
import { freePort, hasEnded, newFolder, removeFolder, startNode, stopNode } from '../machine/children.mjs';

const MAIN = join(import.meta.dirname, '../../../dist/apps/bridge/src/main.js');
const START_WITHIN_MS = 30_000;
const POLL_MS = 5;
const ACCOUNT = 'bench';
const SECRET = 'app-secret-of-the-benchmark';
const HOOK = `/v1/hooks/liveperson/${ACCOUNT}`;
const ENDS_IN_ONE = 500;
const TOKENS_AT_ONCE = 16;

/** The built bridge on a core. `folder` is where its database is or will be; `nodeArgs` are Node's own options, `more` is further environment. */
export async function startBridge(core, folder, nodeArgs = [], more = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PORT: String(port),
    PUBLIC_URL: url,
    COBRIDGE_DATA_DIR: folder,
    COBRIDGE_DEMO: 'false',
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
    ...more,
  };
  const began = performance.now();
  const program = startNode(core, ['--enable-source-maps', ...nodeArgs, MAIN], env);
  while (!(await isReady(url))) {
    if (hasEnded(program) || performance.now() - began > START_WITHIN_MS) throw new Error(`The bridge did not start: ${program.said}`);
    await sleep(POLL_MS);
  }
  return { pid: program.pid, port, url, startMs: performance.now() - began, stop: () => stopNode(program) };
}

/**
 * The bridge as a target of the generator, with an account and a token for each of `pages` visitors. `env`, the account's `settings`
 * and those under `liveperson` may be added to.
 */
export async function bridgeTarget(core, pages, nodeArgs, { env, settings: more, liveperson } = {}) {
  const folder = newFolder();
  const { stop, ...bridge } = await startBridge(core, folder, nodeArgs, env);
  const adminKey = readFileSync(join(folder, 'admin-key'), 'utf8').trim();
  const settings = { ...more, liveperson: { appSecret: SECRET, ...liveperson } };
  await post(bridge.url, adminKey, '/v1/accounts', { id: ACCOUNT, name: 'Benchmark', settings });
  const tokens = await pageTokens(bridge.url, adminKey, pages);
  const hook = (body) => signedRequest(HOOK, SECRET, body);
  return {
    ...bridge,
    name: 'bridge',
    door: (page) => ({ path: '/socket.io/?EIO=4&transport=websocket', read: (frame, link) => readSocketIo(frame, link, tokens[page]) }),
    invite: (seq, page, times) => hook(invitation(seq, page, times)),
    message: (seq, page) => hook(message(seq, page)),
    end: (first, size) =>
      Array.from({ length: Math.ceil(size / ENDS_IN_ONE) }, (_, n) => {
        const from = n * ENDS_IN_ONE;
        return hook(ends(Array.from({ length: Math.min(ENDS_IN_ONE, size - from) }, (_, i) => first + from + i)));
      }),
    stop: async () => {
      await stop();
      removeFolder(folder);
    },
  };
}

/** What a frame of Socket.IO's (Engine.IO 4) means: 'ready' with the snapshot, 'event' with each event after it. */
function readSocketIo(frame, link, token) {
  const [engine, packet] = [frame[0], frame[1]];
  if (engine === OPEN) link.say(`40/pages,${JSON.stringify({ token, protocol: 1 })}`);
  else if (engine === PING) link.say('3');
  else if (engine === MESSAGE && packet === EVENT) return frame.includes(SNAPSHOT) ? 'ready' : 'event';
  else if (engine === MESSAGE && packet === CONNECT_ERROR) throw new Error(`The bridge refused a page: ${frame.toString()}`);
  return null;
}

const [OPEN, PING, MESSAGE, EVENT, CONNECT_ERROR] = [...'02424'].map((digit) => digit.charCodeAt(0));
const SNAPSHOT = '42/pages,["sessions"';

async function pageTokens(url, key, count) {
  const tokens = [];
  for (let at = 0; at < count; at += TOKENS_AT_ONCE) {
    const slice = Array.from({ length: Math.min(TOKENS_AT_ONCE, count - at) }, (_, i) => visitorId(at + i));
    const made = await Promise.all(slice.map((visitor) => post(url, key, `/v1/accounts/${ACCOUNT}/page-tokens`, { visitorId: visitor })));
    tokens.push(...made.map(({ token }) => token));
  }
  return tokens;
}

async function post(url, key, path, body) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const isReady = (url) =>
  fetch(`${url}/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );
