import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { count, median, table } from '../figures.mjs';
import { Pages } from '../generator/pages.mjs';
import { newFolder, removeFolder } from '../machine/children.mjs';
import { pssKbOf } from '../machine/processes.mjs';
import { bridgeTarget, startBridge } from '../targets/bridge.mjs';
import { plainTarget } from '../targets/peers.mjs';

const COLLECTING = ['--expose-gc', '--import', join(import.meta.dirname, '../collect-on-signal.mjs')];
const SETTLE_MS = 3000;
const COLLECTIONS = 3;

/** What idle pages cost, and how long a start takes. */
export async function memory({ core, scale, progress }) {
  const rows = [];
  for (const start of [plainTarget, bridgeTarget]) {
    const target = await start(core, Math.max(...scale.idlePages), COLLECTING);
    rows.push(await idle(target, scale.idlePages, progress));
    await target.stop();
  }
  const starts = await startTimes(core, scale.starts, progress);
  return [
    '## Memory of idle pages',
    '',
    ...table(['Node process', ...scale.idlePages.map((pages) => `${count(pages)} pages MB`), 'MB per 1,000 pages'], rows),
    '',
    'Proportional set size of the Node process after a full collection, without its database and without the kernel’s socket buffers.',
    '',
    '## Start to ready',
    '',
    ...table(
      ['Start', 'median s', 'slowest s'],
      Object.entries(starts).map(([name, times]) => [name, (median(times) / 1000).toFixed(2), (Math.max(...times) / 1000).toFixed(2)]),
    ),
    '',
    `From the process's start to the first 200 of \`/health/ready\`, its database included; ${scale.starts} of each. Cold: with an empty data folder, where the database is made first.`,
  ];
}

async function idle(target, steps, progress) {
  const pages = new Pages(target, () => {});
  const sizes = [];
  for (const step of steps) {
    await pages.grow(step);
    await sleep(SETTLE_MS);
    for (let i = 0; i < COLLECTIONS; i++) {
      process.kill(target.pid, 'SIGUSR2');
      await sleep(500);
    }
    pages.check();
    sizes.push(pssKbOf(target.pid) / 1024);
    progress(`memory, ${target.name}, ${step} pages: ${sizes.at(-1).toFixed(1)} MB`);
  }
  pages.close();
  const perThousand = (sizes.at(-1) - sizes[0]) / ((steps.at(-1) - steps[0]) / 1000);
  return [target.name, ...sizes.map((size) => size.toFixed(0)), perThousand.toFixed(1)];
}

async function startTimes(core, starts, progress) {
  const times = { cold: [], warm: [] };
  for (let i = 0; i < starts; i++) {
    const folder = newFolder();
    for (const kind of ['cold', 'warm']) {
      const { startMs, stop } = await startBridge(core, folder);
      times[kind].push(startMs);
      progress(`start, ${kind}: ${Math.round(startMs)} ms`);
      await stop();
    }
    removeFolder(folder);
  }
  return times;
}
