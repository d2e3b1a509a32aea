import { count, median, ms, ratio, table } from '../figures.mjs';
import { Mixture } from '../generator/mixture.mjs';
import { clean, disturbanceNote, undisturbed } from '../machine/disturbance.mjs';
import { parsingTarget, streamTarget } from '../targets/stream.mjs';
import { streamLatency } from './stream-latency.mjs';
import { streamMemory } from './stream-memory.mjs';

const WARM_UP_SECONDS = 2;
const ESCAPED = 'bridge, an escaped letter in every text';

/** Listening to LivePerson's socket: how much, how quickly, and in how much memory. */
export async function stream(options) {
  return [...(await throughput(options)), '', ...(await streamLatency(options)), '', ...(await streamMemory(options))];
}

/** As many frames as a line takes when one of a hundred concerns cobrowsing, beside a client that parses them all; medians of the rounds. */
async function throughput({ core, scale, progress }) {
  const { pages, rounds, mixedSeconds: seconds, streamRates } = scale;
  const runs = [];
  for (let round = 1; round <= rounds; round++) {
    for (const start of [parsingTarget, streamTarget]) {
      const target = await start(core, pages);
      const mixture = new Mixture(target);
      const measure = async (name, stage) => {
        const figures = await undisturbed(stage);
        runs.push({ ...figures, name });
        progress(
          `stream, round ${round}, ${name}: ${count(figures.rate)}/s, p50 ${ms(figures.p50)} ms, p99 ${ms(figures.p99)} ms, others ${figures.others.toFixed(2)} cores`,
        );
        if (!figures.ok) throw new Error(`The ${name} lost ${figures.lost} invitations.`);
      };
      await mixture.connect();
      await mixture.saturate(WARM_UP_SECONDS);
      await measure(target.name, () => mixture.saturate(seconds));
      if (target.pageCount > 0) {
        for (const rate of streamRates) await measure(paced(rate), () => mixture.paced(rate, seconds));
        await mixture.saturate(WARM_UP_SECONDS, 'escaped');
        await measure(ESCAPED, () => mixture.saturate(seconds, 'escaped'));
      }
      mixture.close();
      await target.stop();
    }
  }
  const of = (name, key) => median(clean(runs.filter((run) => run.name === name)).map((run) => run[key]));
  const full = [...new Set(runs.map(({ name }) => name))].filter((name) => !streamRates.some((rate) => name === paced(rate)));
  return [
    '## Frames through one stream when 99 of 100 do not concern cobrowsing',
    '',
    ...table(
      ['Listener', 'Frames', 'against the parsing client', 'CPU µs per frame, Node', 'with its database'],
      full.map((name) => [
        name,
        `${count(of(name, 'rate'))}/s`,
        ratio(of(name, 'rate'), of('parsing client', 'rate')),
        of(name, 'nodeUs').toFixed(1),
        of(name, 'cpuUs').toFixed(1),
      ]),
    ),
    '',
    ...table(
      ['At a pace of', 'frame to page p50 ms', 'p99 ms', 'CPU µs per frame, Node', 'with its database'],
      streamRates.map((rate) => [
        `${count(rate)}/s`,
        ...['p50', 'p99'].map((key) => ms(of(paced(rate), key))),
        ...['nodeUs', 'cpuUs'].map((key) => of(paced(rate), key).toFixed(1)),
      ]),
    ),
    '',
    `The first as fast as the listener reads, the second in an open loop; ${seconds} s a stage, medians of ${rounds} rounds.${disturbanceNote(runs)}`,
  ];
}

const paced = (rate) => `bridge at ${count(rate)}/s`;
