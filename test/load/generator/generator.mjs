import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../figures.mjs';
import { watchCores } from '../machine/disturbance.mjs';
import { sequenceIn } from './notification.mjs';
import { Pages } from './pages.mjs';
import { Senders } from './senders.mjs';

const INVITED = '"type":"session.invited"';
const CLOSED = '"type":"session.closed"';

/** The part of a stage that is not counted, from its beginning. */
const WARM_UP = 0.2;
const SENT_IN_ONE_TURN = 64;
const LATEST_MS = 5000;

/** Of the invitations, that reach their page. */
const ENOUGH = 0.999;

/** One target's open pages and the platform's connections to it. */
export class Generator {
  #first = 0;
  #arrivedAt = new Float64Array(0);
  #arrived = 0;
  #closed = 0;

  constructor(target) {
    this.target = target;
    this.senders = target.senders?.() ?? new Senders(target.port);
    this.pages = new Pages(target, (event) => this.#hear(event));
  }

  async connect(pages) {
    await this.pages.grow(pages);
    await this.senders.open();
    this.pageCount = pages;
  }

  /** So that no figure shows the compiler at work: it goes on to get faster for about ten thousand hooks. */
  async warmUp() {
    await this.stage(500, 2);
    await this.stage(1000, 4);
    await this.stage(2000, 3);
  }

  /**
   * Open loop: invitations are due at an even pace whatever the target does, and a latency runs from the moment at which its hook was
   * due to the event at the page, so that a stalled target cannot hide its queue. Milliseconds; cores of processor time.
   */
  async stage(rate, seconds) {
    const size = Math.round(rate * seconds);
    const first = this.#begin(size);
    const requests = Array.from({ length: size }, (_, i) => this.target.invite(first + i, pageOf(first + i, this.pageCount)));
    this.senders.resetCounts();
    const cores = watchCores(this.target.pid);
    const gap = 1000 / rate;
    const began = performance.now() + 5;
    await this.#sendAtPace(requests, began, gap);
    const deadline = performance.now() + LATEST_MS;
    while (this.#arrived < size && performance.now() < deadline) await sleep(5);
    const used = cores();
    await this.#end(first, size);
    const latencies = [];
    for (let i = Math.round(size * WARM_UP); i < size; i++) {
      if (this.#arrivedAt[i] > 0) latencies.push(this.#arrivedAt[i] - (began + i * gap));
    }
    const { refused, firstRefusal } = this.senders;
    const complete = this.#arrived >= size * ENOUGH && refused === 0;
    const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
    return {
      rate,
      p50,
      p99,
      lost: size - this.#arrived,
      refused,
      firstRefusal,
      complete,
      ok: complete,
      others: used.others,
      cpuUs: (used.systemMs * 1000) / size,
    };
  }

  close() {
    this.pages.close();
    this.senders.close();
  }

  #begin(size) {
    const first = this.#first;
    this.#first += size;
    this.#arrivedAt = new Float64Array(size);
    this.#arrived = this.#closed = 0;
    this.firstOfStage = first;
    return first;
  }

  /** Busy all the time: a timer would be a millisecond late. */
  #sendAtPace(requests, began, gap) {
    let next = 0;
    return new Promise((resolve) => {
      const turn = () => {
        const now = performance.now();
        for (let sent = 0; sent < SENT_IN_ONE_TURN && next < requests.length && began + next * gap <= now; sent++) {
          this.senders.send(requests[next]);
          requests[next++] = null;
        }
        if (next < requests.length) setImmediate(turn);
        else resolve();
      };
      turn();
    });
  }

  /** The next stage finds neither a queue nor open invitations of this one. */
  async #end(first, size) {
    if (!(await this.senders.drained(30_000))) throw new Error(`${this.target.name} does not answer any more.`);
    this.pages.check();
    const requests = this.target.end?.(first, size) ?? [];
    for (const request of requests) this.senders.send(request);
    await this.senders.drained(60_000);
    // What is not answered, such as a frame, is over when the pages have heard of it.
    const deadline = performance.now() + LATEST_MS;
    while (requests.length > 0 && this.#closed < this.#arrived && performance.now() < deadline) await sleep(5);
    await sleep(300);
  }

  #hear(event) {
    if (event.includes(CLOSED)) this.#closed++;
    if (!event.includes(INVITED)) return;
    const at = sequenceIn(event) - this.firstOfStage;
    if (at < 0 || at >= this.#arrivedAt.length || this.#arrivedAt[at] > 0) return;
    this.#arrivedAt[at] = performance.now();
    this.#arrived++;
  }
}

/** Neighbours in time go to different pages. */
const pageOf = (seq, pages) => (seq * 7919) % pages;
