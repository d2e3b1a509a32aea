import { createServer } from 'node:http';
import { count, median, ms, ratio, table } from '../figures.mjs';
import { Pages } from '../generator/pages.mjs';
import { Senders } from '../generator/senders.mjs';
import { clean, disturbanceNote, undisturbed, watchCores } from '../machine/disturbance.mjs';
import { bridgeTarget } from '../targets/bridge.mjs';

const WARM_UP = 500;
const LATEST_MS = 60_000;

/** What it costs that the platform hears of each event, too: as many invitations at once, with and without an endpoint that answers at once. */
export async function callbacks({ core, scale, progress }) {
  const receiver = await Receiver.listen();
  const [silent, telling] = [await opened(core, scale.pages), await opened(core, scale.pages, receiver.endpoint)];
  const runs = { silent: [], telling: [] };
  for (const kind of Object.keys(runs)) await run(kind === 'silent' ? silent : telling, kind === 'silent' ? null : receiver, WARM_UP);
  for (let round = 0; round < scale.rounds; round++) {
    runs.silent.push(await undisturbed(() => run(silent, null, scale.called)));
    runs.telling.push(await undisturbed(() => run(telling, receiver, scale.called)));
    const { rate, cpuUs, others } = runs.telling.at(-1);
    progress(`callbacks: ${count(rate)}/s, ${Math.round(cpuUs)} µs, others ${others.toFixed(2)} cores`);
  }
  for (const { pages, senders, target } of [silent, telling]) {
    pages.close();
    senders.close();
    await target.stop();
  }
  receiver.close();
  const middle = (kind, figure) => median(clean(runs[kind]).map((figures) => figures[figure]));
  return [
    '## Callbacks',
    '',
    ...table(
      ['Invitations at once', 'told', 'a second', 'the last after ms', 'CPU µs per invitation', 'against pages only'],
      [
        ['silent', 'pages only'],
        ['telling', 'pages and an endpoint'],
      ].map(([kind, told]) => [
        count(scale.called),
        told,
        count(middle(kind, 'rate')),
        ms(middle(kind, 'took')),
        Math.round(middle(kind, 'cpuUs')),
        ratio(middle(kind, 'cpuUs'), middle('silent', 'cpuUs')),
      ]),
    ),
    '',
    `Signed, recorded and delivered once each; medians of ${scale.rounds} rounds.${disturbanceNote([...runs.silent, ...runs.telling])}`,
  ];
}

async function opened(core, pageCount, endpoint) {
  const env = { COBRIDGE_CALLBACKS_ALLOW_PRIVATE: 'true' };
  const target = await bridgeTarget(core, pageCount, [], { env, settings: endpoint ? { callbacks: [endpoint] } : {} });
  const state = { target, events: 0, first: 0, senders: new Senders(target.port) };
  state.pages = new Pages(target, () => state.events++);
  await state.pages.grow(pageCount);
  await state.senders.open();
  return { ...state, pageCount, heard: () => state.events, next: (size) => (state.first += size) - size };
}

/** Until every page, and the endpoint where there is one, has heard of every invitation. */
async function run({ target, senders, pageCount, heard, next }, receiver, size) {
  const first = next(size);
  const requests = Array.from({ length: size }, (_, i) => target.invite(first + i, (first + i) % pageCount));
  const [shown, called] = [heard(), receiver?.calls ?? 0];
  const isDone = () => heard() - shown >= size && (receiver === null || receiver.calls - called >= size);
  senders.resetCounts();
  const cores = watchCores(target.pid);
  const began = performance.now();
  for (const request of requests) senders.send(request);
  while (!isDone() && performance.now() - began < LATEST_MS) await new Promise(setImmediate);
  const took = performance.now() - began;
  const { systemMs, others } = cores();
  if (!isDone()) throw new Error(`Not all of ${size} invitations were told: ${senders.firstRefusal ?? 'none was refused'}.`);
  for (const request of target.end(first, size)) senders.send(request);
  await senders.drained(LATEST_MS);
  while (receiver !== null && receiver.calls - called < 2 * size && performance.now() - began < 2 * LATEST_MS)
    await new Promise(setImmediate);
  return { ok: true, rate: size / (took / 1000), took, others, cpuUs: (systemMs * 1000) / size };
}

/** An endpoint that takes everything at once. */
class Receiver {
  calls = 0;
  #server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(204).end();
      this.calls++;
    });
  });

  static async listen() {
    const receiver = new Receiver();
    await new Promise((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get endpoint() {
    return { url: `http://127.0.0.1:${this.#server.address().port}/` };
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
