import { count, ms, percentile, table } from '../figures.mjs';
import { Pages } from '../generator/pages.mjs';
import { Senders } from '../generator/senders.mjs';
import { undisturbed, watchCores } from '../machine/disturbance.mjs';
import { bridgeTarget } from '../targets/bridge.mjs';

const IN_FLIGHT = 64;
const ONE_INVITATION_IN = 100;
/** Of messages, sent over and over: the bridge keeps nothing of them. */
const MESSAGES = 2000;

/** Notifications a second when one of a hundred concerns cobrowsing, with as many in flight as a webhook sender has connections. */
export async function mixed({ core, scale, progress }) {
  const { pages: pageCount, mixedSeconds } = scale;
  const target = await bridgeTarget(core, pageCount);
  let events = 0;
  const pages = new Pages(target, () => events++);
  const senders = new Senders(target.port);
  await pages.grow(pageCount);
  await senders.open();
  const messages = Array.from({ length: MESSAGES }, (_, i) => target.message(i, i % pageCount));
  let invited = 0;
  const nextRequest = (sent) => {
    if (sent % ONE_INVITATION_IN !== 0) return messages[sent % MESSAGES];
    invited++;
    return target.invite(MESSAGES + invited, invited % pageCount);
  };
  const run = async (seconds) => {
    senders.resetCounts();
    const cores = watchCores(target.pid);
    const { answers, took } = await closedLoop(senders, nextRequest, seconds);
    const { systemMs, others } = cores();
    const { answered, refused, firstRefusal } = senders;
    const rate = answered / (took / 1000);
    return {
      ok: refused === 0,
      rate,
      p50: percentile(answers, 0.5),
      p99: percentile(answers, 0.99),
      others,
      cpuUs: (systemMs * 1000) / answered,
      firstRefusal,
    };
  };
  await run(2);
  const figures = await undisturbed(() => run(mixedSeconds));
  progress(`mixed: ${count(figures.rate)}/s, others ${figures.others.toFixed(2)} cores`);
  if (!figures.ok) throw new Error(`The bridge refused a notification: ${figures.firstRefusal}`);
  if (events < invited) throw new Error(`Only ${events} of ${invited} invitations reached their page.`);
  pages.close();
  senders.close();
  await target.stop();
  return [
    '## Notifications when 99 of 100 do not concern cobrowsing',
    '',
    ...table(
      ['Notifications', 'answered p50 ms', 'answered p99 ms', 'CPU µs per notification'],
      [[`${count(figures.rate)}/s`, ms(figures.p50), ms(figures.p99), Math.round(figures.cpuUs)]],
    ),
    '',
    `Closed loop, ${IN_FLIGHT} in flight, ${mixedSeconds} s.${figures.disturbed ? ' **Disturbed** by other work on the machine.' : ''}`,
  ];
}

/** Each answer is followed by the next request. Answers every answer's milliseconds, and how long it took. */
async function closedLoop(senders, nextRequest, seconds) {
  const answers = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  let sent = 0;
  const lane = () =>
    new Promise((resolve) => {
      const next = () => {
        const at = performance.now();
        if (at >= until) return resolve();
        senders.send(nextRequest(sent++), () => {
          answers.push(performance.now() - at);
          next();
        });
      };
      next();
    });
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return { answers, took: performance.now() - began };
}
