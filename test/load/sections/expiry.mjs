import { setTimeout as sleep } from 'node:timers/promises';
import { count, median, percentile, table } from '../figures.mjs';
import { sequenceIn } from '../generator/notification.mjs';
import { Pages } from '../generator/pages.mjs';
import { Senders } from '../generator/senders.mjs';
import { undisturbed, watchCores } from '../machine/disturbance.mjs';
import { bridgeTarget } from '../targets/bridge.mjs';

const INVITED_PER_SECOND = 500;
const CLOSED = '"type":"session.closed"';
const EXPIRED = '"reason":"expired"';
/** Between the last invitation and the first that is due. */
const PAUSE_MS = 3000;
const LATEST_MS = 10_000;

/** How late pages hear that an invitation has expired, when thousands are due at almost the same time. */
export async function expiry({ core, scale, progress }) {
  const { pages: pageCount, expiring, rounds } = scale;
  const target = await bridgeTarget(core, pageCount);
  const heard = new Map();
  const pages = new Pages(target, (event) => {
    if (event.includes(CLOSED) && event.includes(EXPIRED)) heard.set(sequenceIn(event), Date.now());
  });
  const senders = new Senders(target.port);
  await pages.grow(pageCount);
  await senders.open();
  let first = 0;

  /** Invitations with deadlines spread over so many milliseconds. */
  const burst = async (size, spreadMs) => {
    const dueFrom = Math.ceil((Date.now() + (size / INVITED_PER_SECOND) * 1000 + PAUSE_MS) / 1000) * 1000;
    const deadlines = new Map(Array.from({ length: size }, (_, i) => [first + i, dueFrom + Math.floor((i * spreadMs) / size)]));
    first += size;
    heard.clear();
    senders.resetCounts();
    await inviteGently(target, senders, deadlines, pageCount);
    if (senders.refused > 0) throw new Error(`The bridge refused an invitation: ${senders.firstRefusal}`);
    await sleep(Math.max(0, dueFrom - Date.now() - 500));
    const cores = watchCores(target.pid);
    const giveUp = dueFrom + spreadMs + LATEST_MS;
    while (heard.size < size && Date.now() < giveUp) await sleep(20);
    const { others } = cores();
    pages.check();
    const late = [...deadlines].flatMap(([seq, dueAt]) => (heard.has(seq) ? [heard.get(seq) - dueAt] : []));
    const [lost, early] = [size - late.length, late.filter((value) => value < 0).length];
    return { p50: median(late), p99: percentile(late, 0.99), max: percentile(late, 1), lost, early, others, ok: lost + early === 0 };
  };

  const runs = [];
  for (const [name, spreadMs] of [
    ['the same second', 1000],
    ['the same millisecond', 1],
  ]) {
    for (let round = 1; round <= rounds; round++) {
      const figures = await undisturbed(() => burst(expiring, spreadMs));
      runs.push({ ...figures, name });
      progress(
        `expiry, ${count(expiring)} due within ${name}: p50 ${figures.p50} ms, p99 ${figures.p99} ms, max ${figures.max} ms, lost ${figures.lost}, early ${figures.early}, others ${figures.others.toFixed(2)} cores`,
      );
    }
  }
  pages.close();
  senders.close();
  await target.stop();
  const names = [...new Set(runs.map(({ name }) => name))];
  return [
    `## Lateness of expiry, ${count(expiring)} invitations`,
    '',
    ...table(
      ['Due within', 'p50 ms', 'p99 ms', 'latest ms', 'early', 'lost'],
      names.map((name) => {
        const mine = runs.filter((run) => run.name === name);
        const of = (key) => mine.map((run) => run[key]);
        const sum = (key) => of(key).reduce((a, b) => a + b, 0);
        return [name, median(of('p50')), median(of('p99')), Math.max(...of('max')), sum('early'), sum('lost')];
      }),
    ),
    '',
    `From \`expiresAt\` to the event at the page; p50 and p99 are medians of ${rounds} rounds, the others are of all of them.${runs.some(({ disturbed }) => disturbed) ? ' **Some rounds were disturbed** by other work on the machine.' : ''}`,
  ];
}

/** At a pace that leaves the bridge idle in between. */
async function inviteGently(target, senders, deadlines, pageCount) {
  const began = performance.now();
  let sent = 0;
  for (const [seq, expiresAt] of deadlines) {
    senders.send(target.invite(seq, seq % pageCount, { createdAt: Date.now(), expiresAt }));
    sent++;
    const ahead = began + (sent * 1000) / INVITED_PER_SECOND - performance.now();
    if (ahead > 1) await sleep(ahead);
  }
  await senders.drained(LATEST_MS);
}
