import { count, ms, table } from '../figures.mjs';
import { Generator } from '../generator/generator.mjs';
import { undisturbed } from '../machine/disturbance.mjs';
import { bridgeTarget } from '../targets/bridge.mjs';
import { durableTarget, usualTarget } from '../targets/peers.mjs';

/** A page's p99 in milliseconds that a rate must stay under. */
const LIMITS = [50, 100];

/** How many hooks a second are sustained: nothing lost, nothing refused, and the p99 under each limit. */
export async function sustained({ core, scale, progress }) {
  const { pages, sustainedRates: rates, stageSeconds } = scale;
  const runs = [];
  for (const start of [durableTarget, usualTarget, bridgeTarget]) {
    const target = await start(core, pages);
    const generator = new Generator(target);
    await generator.connect(pages);
    await generator.warmUp();
    for (const rate of rates) {
      const figures = await undisturbed(async () => {
        const stage = await generator.stage(rate, stageSeconds);
        return { ...stage, ok: keeps(stage, LIMITS[0]) };
      });
      runs.push({ ...figures, name: target.name });
      progress(
        `sustained, ${target.name}, ${rate}/s: p50 ${ms(figures.p50)} ms, p99 ${ms(figures.p99)} ms, lost ${figures.lost}, refused ${figures.refused}, others ${figures.others.toFixed(2)} cores`,
      );
      // What fails on a disturbed machine proves nothing.
      if (!keeps(figures, LIMITS.at(-1)) && !figures.disturbed) break;
    }
    generator.close();
    await target.stop();
  }
  const names = [...new Set(runs.map(({ name }) => name))];
  const best = (name, limit) => Math.max(0, ...runs.filter((run) => run.name === name && keeps(run, limit)).map(({ rate }) => rate));
  const cell = (name, rate) => {
    const run = runs.find((one) => one.name === name && one.rate === rate);
    if (run === undefined) return '-';
    return `${ms(run.p50)} / ${ms(run.p99)}${run.complete ? '' : ' (lost or refused)'}${run.disturbed ? ' *' : ''}`;
  };
  return [
    '## Hooks sustained',
    '',
    ...table(
      ['Target', ...LIMITS.map((limit) => `p99 ≤ ${limit} ms`)],
      names.map((name) => [name, ...LIMITS.map((limit) => `${count(best(name, limit))}/s`)]),
    ),
    '',
    ...table(
      ['p50 / p99 ms', ...names],
      rates
        .filter((rate) => runs.some((run) => run.rate === rate))
        .map((rate) => [`${count(rate)}/s`, ...names.map((name) => cell(name, rate))]),
    ),
    '',
    `${stageSeconds} s a stage; a rate counts when at least 99.9 % arrive and none is refused.${runs.some(({ disturbed }) => disturbed) ? ' * Disturbed by other work on the machine.' : ''}`,
  ];
}

const keeps = ({ complete, p99 }, limit) => complete && p99 <= limit;
