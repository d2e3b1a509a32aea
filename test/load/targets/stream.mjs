import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, invited, ordinary } from '../generator/agent-frame.mjs';
import { LineSenders } from '../generator/line-senders.mjs';
import { hasEnded, startNode, stopNode } from '../machine/children.mjs';
import { LivePerson } from '../peers/liveperson.mjs';
import { bridgeTarget } from './bridge.mjs';

const SUBSCRIBED_WITHIN_MS = 30_000;
const ENDS_IN_ONE = 500;
const CREDENTIALS = { username: 'bench', password: 'password-of-the-benchmark' };

/** The bridge as it listens to LivePerson. What goes to it are WebSocket frames. */
export async function streamTarget(core, pages, nodeArgs) {
  const livePerson = await LivePerson.start();
  const env = { LIVEPERSON_CSDS_URL: `http://${livePerson.host}` };
  const liveperson = { stream: { kind: 'brand', credentials: CREDENTIALS } };
  const bridge = await bridgeTarget(core, pages, nodeArgs, { env, liveperson });
  const line = await lineOf(livePerson, bridge.name);
  return {
    ...bridge,
    name: 'bridge, stream',
    line,
    pageCount: pages,
    senders: () => new LineSenders(line),
    ...{ message: ordinary, invite: invited },
    end: (first, size) =>
      Array.from({ length: Math.ceil(size / ENDS_IN_ONE) }, (_, n) => {
        const from = n * ENDS_IN_ONE;
        return ended(Array.from({ length: Math.min(ENDS_IN_ONE, size - from) }, (__, i) => first + from + i));
      }),
    stop: async () => {
      await bridge.stop();
      await livePerson.stop();
    },
  };
}

/** A bare `ws` client that parses every frame. It has no pages. */
export async function parsingTarget(core) {
  const livePerson = await LivePerson.start();
  const env = { URL: `ws://${livePerson.host}/ws_api/account/bench/messaging/brand/bearer?v=2.1` };
  const program = startNode(core, [join(import.meta.dirname, '../peers/parsing-agent.mjs')], env);
  const line = await lineOf(livePerson, 'parsing client', program);
  return {
    ...{ name: 'parsing client', pid: program.pid, line, pageCount: 0, message: ordinary, invite: invited },
    end: () => [],
    stop: async () => {
      await stopNode(program);
      await livePerson.stop();
    },
  };
}

async function lineOf(livePerson, name, program = null) {
  const deadline = performance.now() + SUBSCRIBED_WITHIN_MS;
  while (livePerson.line === null) {
    if (performance.now() > deadline || (program && hasEnded(program)))
      throw new Error(`The ${name} did not subscribe. ${program?.said ?? ''}`);
    await sleep(5);
  }
  return livePerson.line;
}
