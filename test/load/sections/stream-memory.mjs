import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { count, table } from '../figures.mjs';
import { Mixture } from '../generator/mixture.mjs';
import { pssKbOf, rssKbOf } from '../machine/processes.mjs';
import { streamTarget } from '../targets/stream.mjs';

const COLLECTING = ['--expose-gc', '--import', join(import.meta.dirname, '../collect-on-signal.mjs')];
const COLLECTIONS = 3;
const WARM_UP = 50_000;
const STEPS = 5;

/** Whether messages that do not concern cobrowsing leave anything behind. */
export async function streamMemory({ core, scale, progress }) {
  const target = await streamTarget(core, 0, COLLECTING);
  const mixture = new Mixture(target);
  await mixture.messagesOnly(WARM_UP);
  const readings = [{ after: 0, ...(await sizes(target.pid)) }];
  for (let step = 1; step <= STEPS; step++) {
    await mixture.messagesOnly(scale.streamMessages / STEPS);
    readings.push({ after: (scale.streamMessages / STEPS) * step, ...(await sizes(target.pid)) });
    progress(`stream, memory after ${count(readings.at(-1).after)} messages: ${readings.at(-1).rss.toFixed(1)} MB`);
  }
  await target.stop();
  const row = (name, key) => [name, ...readings.map((reading) => reading[key].toFixed(0))];
  return [
    '## Memory of a stream',
    '',
    ...table(
      ['Node process, MB after', ...readings.map(({ after }) => `${count(after)} messages`)],
      [row('resident', 'rss'), row('proportional', 'pss'), row('resident, nothing collected', 'uncollected')],
    ),
    '',
    `After a full collection but for the last row. None of the messages concerns cobrowsing; ${count(WARM_UP)} others came first. A young generation's 32 MB may come and go between readings; what leaks would grow from each to the next.`,
  ];
}

async function sizes(pid) {
  const uncollected = rssKbOf(pid) / 1024;
  for (let i = 0; i < COLLECTIONS; i++) {
    process.kill(pid, 'SIGUSR2');
    await sleep(1000);
  }
  return { uncollected, rss: rssKbOf(pid) / 1024, pss: pssKbOf(pid) / 1024 };
}
