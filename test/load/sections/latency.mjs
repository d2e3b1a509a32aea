import { median, ms, ratio, table } from '../figures.mjs';
import { Generator } from '../generator/generator.mjs';
import { clean, disturbanceNote, undisturbed } from '../machine/disturbance.mjs';
import { bridgeTarget } from '../targets/bridge.mjs';
import { durableTarget, plainTarget, usualTarget } from '../targets/peers.mjs';

const TARGETS = [plainTarget, durableTarget, usualTarget, bridgeTarget];

/** From a hook that is due to the event at the page, for the bridge and its peers in turn; the median of the rounds. */
export async function latency({ core, scale, progress }) {
  const { pages, rounds, latencyRates: rates, stageSeconds } = scale;
  const runs = [];
  for (let round = 1; round <= rounds; round++) {
    for (const start of TARGETS) {
      const target = await start(core, pages);
      const generator = new Generator(target);
      await generator.connect(pages);
      await generator.warmUp();
      for (const rate of rates) {
        const figures = await undisturbed(() => generator.stage(rate, stageSeconds));
        runs.push({ ...figures, name: target.name });
        progress(
          `latency, round ${round}, ${target.name}, ${rate}/s: p50 ${ms(figures.p50)} ms, p99 ${ms(figures.p99)} ms, others ${figures.others.toFixed(2)} cores`,
        );
        if (!figures.complete)
          throw new Error(`${target.name} lost ${figures.lost} and refused ${figures.refused} at ${rate}/s: ${figures.firstRefusal}`);
      }
      generator.close();
      await target.stop();
    }
  }
  const names = [...new Set(runs.map(({ name }) => name))];
  const of = (name, rate, key) => median(clean(runs.filter((run) => run.name === name && run.rate === rate)).map((run) => run[key]));
  const rows = rates.flatMap((rate) =>
    names.map((name) => {
      const [p50, p99] = ['p50', 'p99'].map((key) => of(name, rate, key));
      const against = (peer) => ['p50', 'p99'].map((key) => ratio(of(name, rate, key), of(peer, rate, key))).join(' / ');
      return [
        `${rate}/s`,
        name,
        ms(p50),
        ms(p99),
        against('plain relay'),
        against('durable relay'),
        against('usual stack'),
        `${Math.round(of(name, rate, 'cpuUs'))}`,
      ];
    }),
  );
  return [
    `## Hook to page, ${pages.toLocaleString('en-US')} pages`,
    '',
    ...table(
      [
        'Hooks',
        'Target',
        'p50 ms',
        'p99 ms',
        ...['plain', 'durable', 'usual'].map((peer) => `p50 / p99 against ${peer}`),
        'CPU µs per hook',
      ],
      rows,
    ),
    '',
    `Open loop, ${stageSeconds} s a stage, medians of ${rounds} rounds.${disturbanceNote(runs)}`,
  ];
}
