import { setMaxListeners } from 'node:events';
import { Logger } from '@nestjs/common';
import {
  type Accounts,
  type CallbackEndpoint,
  Callbacks,
  type Deliveries,
  type Instant,
  type Overdue,
  type SessionEvent,
} from '#libs/core';
import { Hints, type JobQueue, type JobWorker, type QueueEngine, Trouble, comeBack } from '#libs/queue';
import { type AttemptReport, Courier } from './deliver.ts';
import { SignedPost } from './signed-post.ts';

const QUEUE = 'callbacks';

/** Deliveries tried at once by one bridge: so many that a receiver uses up its share only when it is slow. */
const HANDS = 256;

/** Overdue deliveries looked at in one sweep. */
const OVERDUE_AT_ONCE = 1000;

/** How long a try may go on after the bridge was told to stop. */
const LAST_WORDS_MS = 5000;

export interface CallbacksOptions {
  /** Whether callbacks may go to private and loopback addresses and over plain http. */
  allowPrivate: boolean;
  /** Told once of every try. */
  onAttempt: (report: AttemptReport) => void;
  /** The store's clock. */
  now?: () => Instant;
}

/**
 * Calls accounts back. What is owed is recorded first; a BullMQ job for each delivery that stands first in its line then brings it to
 * a worker, and BullMQ does the pauses. A lost job loses nothing: the sweep brings overdue deliveries back.
 */
export class BullmqCallbacks extends Callbacks {
  private readonly queue: JobQueue;
  private readonly hints: Hints<string>;
  private readonly latecomers: Hints<string>;
  /** Where the last sweep left off among what is overdue; null when it came to the end. */
  private sweptTo: Overdue | null = null;
  private readonly post: SignedPost;
  private readonly courier: Courier;
  private readonly stopping = new AbortController();
  private readonly trouble = new Trouble(new Logger('callbacks'), 'Owing callbacks');
  private worker: JobWorker | null = null;

  constructor(
    private readonly engine: QueueEngine,
    private readonly accounts: Pick<Accounts, 'find'>,
    private readonly deliveries: Deliveries,
    { allowPrivate, onAttempt, now = Date.now }: CallbacksOptions,
  ) {
    super();
    setMaxListeners(0, this.stopping.signal);
    this.queue = engine.queue(QUEUE);
    const jobOf = (deliveryId: string): { jobId: string; delay: number } => ({ jobId: deliveryId, delay: 0 });
    this.hints = new Hints(this.queue, 'delivery', jobOf);
    // The queue counts pauses by this machine's clock: when that was set back, a job still waits although its delivery is overdue.
    this.latecomers = new Hints({ addBulk: this.queue.addOrPromote }, 'overdue delivery', jobOf);
    this.post = new SignedPost({ allowPrivate, now });
    const callUp = (deliveryId: string): void => this.hints.add([deliveryId]);
    this.courier = new Courier(accounts, deliveries, this.post, { hands: HANDS, callUp, now, onAttempt });
  }

  /** From now on deliveries are tried. */
  async start(): Promise<void> {
    this.worker = this.engine.worker(
      QUEUE,
      async (job, token) => {
        const step = await this.courier.deliver(job.id ?? '', this.stopping.signal);
        if (!step.done) await comeBack(job, token, step.comeBackMs);
        else if (step.next !== null) this.hints.add([step.next]);
      },
      HANDS,
    );
    await Promise.all([this.queue.ready(), this.worker.ready()]);
  }

  override async enqueue(events: readonly SessionEvent[]): Promise<void> {
    try {
      await this.owe(events);
      this.trouble.over();
    } catch (error) {
      this.trouble.met(error);
      throw error;
    }
  }

  /**
   * Brings back the jobs of deliveries that should have been tried by now; answers how many. When there are very many, each call goes on
   * where the last one left off, so that those which wait for a slow receiver hide nobody else's.
   */
  async requeueOverdue(): Promise<number> {
    // As it was before the look: the job of one that ends meanwhile has a pause that is right.
    const underWay = this.courier.underWay();
    const overdue = await this.deliveries.overdue(OVERDUE_AT_ONCE, this.sweptTo);
    this.sweptTo = overdue.length < OVERDUE_AT_ONCE ? null : (overdue.at(-1) ?? null);
    const lost = overdue.filter(({ id }) => !this.courier.waits(id));
    // Asking the queue about each job is dear: only one that was tried before may wait for its time.
    for (const { id, attempts } of lost) (attempts > 0 && !underWay.has(id) ? this.latecomers : this.hints).add([id]);
    return lost.length;
  }

  /** Lets the tries under way end, for a while. What is still owed is tried when a bridge is up again. */
  async close(): Promise<void> {
    const enough = setTimeout(() => this.stopping.abort(), LAST_WORDS_MS);
    await this.worker?.close();
    clearTimeout(enough);
    await Promise.all([this.hints.settled(), this.latecomers.settled()]);
    await this.queue.close();
    this.post.close();
  }

  private async owe(events: readonly SessionEvent[]): Promise<void> {
    const endpoints = new Map<string, readonly CallbackEndpoint[]>();
    for (const { session } of events) {
      if (endpoints.has(session.accountId)) continue;
      endpoints.set(session.accountId, (await this.accounts.find(session.accountId))?.settings.callbacks ?? []);
    }
    const owed = events.flatMap((event) => {
      const all = endpoints.get(event.session.accountId) ?? [];
      const urls = all.filter((endpoint) => endpoint.events?.includes(event.type) ?? true).map(({ url }) => url);
      return all.length > 0 ? [{ event, urls }] : [];
    });
    if (owed.length > 0) this.hints.add(await this.deliveries.owe(owed));
  }
}
