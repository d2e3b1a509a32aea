import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { invitation, signedRequest, visitorId } from '../generator/notification.mjs';
import { freePort, hasEnded, newFolder, removeFolder, startNode, stopNode } from '../machine/children.mjs';

const SECRET = 'app-secret-of-the-benchmark';
const START_WITHIN_MS = 30_000;

/** `node:http` and `ws`, nothing else: no signature, no database. */
export const plainTarget = (core, _pages, nodeArgs) => peer('plain relay', 'plain-relay.mjs', core, nodeArgs);

/** The same with signature and grouped, durable commits into an embedded PostgreSQL like the bridge's. */
export const durableTarget = (core, _pages, nodeArgs) => peer('durable relay', 'durable-relay.mjs', core, nodeArgs);

/** The same as NestJS and Socket.IO are usually put together, with a statement for each hook. */
export const usualTarget = (core, _pages, nodeArgs) => peer('usual stack', 'usual-stack.mjs', core, nodeArgs, socketIoDoor);

/** On this wire there is nothing to wait for after the handshake, and every frame is an event. */
const bareDoor = (page) => ({ path: `/${visitorId(page)}`, opened: () => 'ready', read: () => 'event' });

const socketIoDoor = (page) => ({
  path: `/socket.io/?EIO=4&transport=websocket&visitor=${visitorId(page)}`,
  read: (frame, link) => {
    const packet = frame.toString('latin1', 0, 2);
    if (packet[0] === '0') link.say('40');
    else if (packet[0] === '2') link.say('3');
    return { 40: 'ready', 42: 'event' }[packet] ?? null;
  },
});

async function peer(name, script, core, nodeArgs = [], door = bareDoor) {
  const folder = newFolder();
  const port = await freePort();
  const env = { PORT: String(port), DATA_DIR: folder, SECRET };
  const program = startNode(core, [...nodeArgs, join(import.meta.dirname, '../peers', script)], env);
  const deadline = performance.now() + START_WITHIN_MS;
  while (!(await accepts(port))) {
    if (hasEnded(program) || performance.now() > deadline) throw new Error(`The ${name} did not start: ${program.said}`);
    await sleep(5);
  }
  return {
    ...{ name, port, pid: program.pid },
    door,
    invite: (seq, page) => signedRequest('/hook', SECRET, invitation(seq, page)),
    stop: async () => {
      await stopNode(program);
      removeFolder(folder);
    },
  };
}

const accepts = (port) =>
  new Promise((resolve) => {
    const probe = connect({ port, host: '127.0.0.1' }, () => {
      probe.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
