import { median, ms, ratio, table } from '../figures.mjs';
import { Generator } from '../generator/generator.mjs';
import { clean, disturbanceNote, undisturbed } from '../machine/disturbance.mjs';
import { bridgeTarget } from '../targets/bridge.mjs';
import { streamTarget } from '../targets/stream.mjs';

const HOOK = 'hook';
const STREAM = 'frame';

/** From an invitation that is due to the event at the page, by frame beside by hook; the median of the rounds. */
export async function streamLatency({ core, scale, progress }) {
  const { pages, rounds, latencyRates: rates, stageSeconds } = scale;
  const runs = [];
  for (let round = 1; round <= rounds; round++) {
    for (const [by, start] of [
      [HOOK, bridgeTarget],
      [STREAM, streamTarget],
    ]) {
      const target = await start(core, pages);
      const generator = new Generator(target);
      await generator.connect(pages);
      await generator.warmUp();
      for (const rate of rates) {
        const figures = await undisturbed(() => generator.stage(rate, stageSeconds));
        runs.push({ ...figures, by });
        progress(
          `stream, round ${round}, ${rate} invitations/s by ${by}: p50 ${ms(figures.p50)} ms, p99 ${ms(figures.p99)} ms, others ${figures.others.toFixed(2)} cores`,
        );
        if (!figures.complete) throw new Error(`By ${by} ${figures.lost} were lost and ${figures.refused} refused at ${rate}/s.`);
      }
      generator.close();
      await target.stop();
    }
  }
  const of = (by, rate, key) => median(clean(runs.filter((run) => run.by === by && run.rate === rate)).map((run) => run[key]));
  return [
    `## Frame to page beside hook to page, ${pages.toLocaleString('en-US')} pages`,
    '',
    ...table(
      ['Invitations', 'by', 'p50 ms', 'p99 ms', 'p50 / p99 against the hook', 'CPU µs per invitation'],
      rates.flatMap((rate) =>
        [HOOK, STREAM].map((by) => [
          `${rate}/s`,
          by,
          ms(of(by, rate, 'p50')),
          ms(of(by, rate, 'p99')),
          ['p50', 'p99'].map((key) => ratio(of(by, rate, key), of(HOOK, rate, key))).join(' / '),
          `${Math.round(of(by, rate, 'cpuUs'))}`,
        ]),
      ),
    ),
    '',
    `Open loop, invitations only, ${stageSeconds} s a stage, medians of ${rounds} rounds.${disturbanceNote(runs)}`,
  ];
}
