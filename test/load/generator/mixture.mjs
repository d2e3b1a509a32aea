import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../figures.mjs';
import { watchCores } from '../machine/disturbance.mjs';
import { ownCpuMsOf } from '../machine/processes.mjs';
import { sequenceIn } from './notification.mjs';
import { Pages } from './pages.mjs';

const INVITED = '"type":"session.invited"';
const CLOSED = '"type":"session.closed"';
const ONE_INVITATION_IN = 100;
/** Of messages, sent over and over: a listener keeps nothing of them. */
const MESSAGES = 2000;
/** Among whom a listener without pages of its own hears of visitors. */
const VISITORS = 1000;
const WARM_UP = 0.2;
const SENT_IN_ONE_TURN = 64;
const LATEST_MS = 10_000;

/** The frames of a busy account on one line: of a hundred, one invites the visitor of an open page. */
export class Mixture {
  #next = MESSAGES;
  #dueAt = new Map();
  #latencies = [];
  #closed = 0;

  constructor(target) {
    this.target = target;
    this.visitors = target.pageCount || VISITORS;
    this.pages = new Pages(target, (event) => this.#hear(event));
    this.messages = { plain: this.#messages(false), escaped: this.#messages(true) };
  }

  connect() {
    return this.pages.grow(this.target.pageCount);
  }

  /** As many as the listener reads: the next hundred go when the system has taken those before. Ends when all is read and has arrived. */
  saturate(seconds, kind = 'plain') {
    const { line } = this.target;
    return this.#stage(async (began) => {
      let sent = 0;
      for (; performance.now() - began < seconds * 1000; sent += ONE_INVITATION_IN) {
        line.send([this.#invite(performance.now()), ...this.#some(sent, ONE_INVITATION_IN - 1, kind)]);
        await line.hasRoom();
        await turn();
      }
      return sent;
    });
  }

  /** Open loop: a latency runs from the moment at which its frame was due, to the event at the page. */
  paced(rate, seconds) {
    const { line } = this.target;
    const [size, gap] = [Math.round(rate * seconds), 1000 / rate];
    return this.#stage(async (began) => {
      for (let sent = 0; sent < size; await turn()) {
        const due = Math.min(size, SENT_IN_ONE_TURN + sent, Math.floor((performance.now() - began) / gap) + 1);
        if (due <= sent || line.isFull) continue;
        const frames = this.#some(sent, due - sent, 'plain');
        for (let i = 0; i < frames.length; i++)
          if ((sent + i) % ONE_INVITATION_IN === 0) frames[i] = this.#invite(began + (sent + i) * gap);
        line.send(frames);
        sent = due;
      }
      return size;
    });
  }

  /** Messages only, as fast as they are read. */
  async messagesOnly(count) {
    const { line } = this.target;
    for (let sent = 0; sent < count; sent += ONE_INVITATION_IN) {
      line.send(this.#some(sent, ONE_INVITATION_IN, 'plain'));
      await line.hasRoom();
      await turn();
    }
    await line.isRead();
  }

  close() {
    this.pages.close();
  }

  async #stage(send) {
    const { pid, line, pageCount } = this.target;
    const first = this.#next;
    [this.#dueAt, this.#latencies, this.#closed] = [new Map(), [], 0];
    const [cores, nodeBefore, began] = [watchCores(pid), ownCpuMsOf(pid), performance.now()];
    const sent = await send(began);
    await line.isRead();
    const invited = this.#next - first;
    if (pageCount > 0) await until(() => this.#latencies.length >= invited);
    const took = performance.now() - began;
    const { systemMs, others } = cores();
    const nodeMs = ownCpuMsOf(pid) - nodeBefore;
    const [latencies, lost] = [this.#latencies, pageCount > 0 ? invited - this.#latencies.length : 0];
    await this.#end(first, invited);
    const counted = latencies.slice(Math.round(latencies.length * WARM_UP));
    const [p50, p99] = [percentile(counted, 0.5), percentile(counted, 0.99)];
    const [cpuUs, nodeUs] = [(systemMs * 1000) / sent, (nodeMs * 1000) / sent];
    return { rate: sent / (took / 1000), p50, p99, lost, cpuUs, nodeUs, others, ok: lost === 0 };
  }

  /** The next stage finds no open invitations of this one. */
  async #end(first, invited) {
    this.pages.check();
    const expected = this.#latencies.length;
    for (const frame of this.target.end(first, invited)) this.target.line.send([frame]);
    await until(() => this.#closed >= expected);
    await sleep(300);
  }

  #invite(dueAt) {
    const seq = this.#next++;
    this.#dueAt.set(seq, dueAt);
    return this.target.invite(seq, (seq * 7919) % this.visitors);
  }

  #some(from, count, kind) {
    return Array.from({ length: count }, (_, i) => this.messages[kind][(from + i) % MESSAGES]);
  }

  #messages(escaped) {
    return Array.from({ length: MESSAGES }, (_, i) => this.target.message(i, i % this.visitors, escaped));
  }

  #hear(event) {
    if (event.includes(CLOSED)) this.#closed++;
    const seq = event.includes(INVITED) ? sequenceIn(event) : -1;
    if (!this.#dueAt.has(seq)) return;
    this.#latencies.push(performance.now() - this.#dueAt.get(seq));
    this.#dueAt.delete(seq);
  }
}

async function until(condition) {
  const deadline = performance.now() + LATEST_MS;
  while (!condition() && performance.now() < deadline) await sleep(5);
}
