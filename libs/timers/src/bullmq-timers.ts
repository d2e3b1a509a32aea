import { Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import { type Instant, Timers } from '#libs/core';
import { Hints, type JobQueue, type JobWorker, type QueueEngine, Trouble, comeBack } from '#libs/queue';
import { SharedRun } from './shared-run.ts';
import { wakeUpFor } from './wake-up.ts';

const QUEUE = 'timers';

/** Jobs that fire while one is served wait for the next run together, not one behind the other. */
const CONCURRENCY = 10;

/** Wake-ups remembered so as not to be added again. When there are more, all are forgotten: the queue knows them too. */
const REMEMBERED = 20_000;

/**
 * Wakes the bridge up by BullMQ's delayed jobs: one for each instant at which anything is due, not one for each session. A job
 * says nothing but its instant; when it fires, everything that is due by the record is closed in one go.
 */
export class BullmqTimers extends Timers {
  private readonly queue: JobQueue;
  private readonly hints: Hints<Instant>;
  private readonly armed = new Set<Instant>();
  private worker: JobWorker | null = null;

  /** `now` is the store's clock. */
  constructor(
    private readonly engine: QueueEngine,
    private readonly now: () => Instant,
  ) {
    super();
    this.queue = engine.queue(QUEUE);
    this.hints = new Hints(
      this.queue,
      'wake-up',
      (instant) => ({ jobId: `due-${instant}`, delay: Math.max(0, instant - this.now()) }),
      (instants) => instants.forEach((instant) => this.armed.delete(instant)),
    );
  }

  /** From now on, a wake-up calls `closeDue`. Wake-ups that fire while it runs share the next run. */
  async start(closeDue: () => Promise<unknown>): Promise<void> {
    const closing = new SharedRun(closeDue);
    const trouble = new Trouble(new Logger('timers'), 'Closing what is due');
    this.worker = this.engine.worker(
      QUEUE,
      async (job, token) => {
        await this.sleepOn(job, token);
        await closing.run().then(
          () => trouble.over(),
          (error: unknown) => trouble.met(error),
        );
      },
      CONCURRENCY,
    );
    await Promise.all([this.queue.ready(), this.worker.ready()]);
  }

  override arm(dueAts: readonly Instant[]): void {
    const now = this.now();
    const fresh = dueAts.map((dueAt) => wakeUpFor(dueAt, now)).filter((instant) => !this.armed.has(instant));
    if (fresh.length === 0) return;
    if (this.armed.size > REMEMBERED) this.armed.clear();
    for (const instant of fresh) this.armed.add(instant);
    this.hints.add(fresh);
  }

  /** Finishes the wake-up that is being served. What was armed stays in the queue. */
  async close(): Promise<void> {
    await this.hints.settled();
    await this.worker?.close();
    await this.queue.close();
  }

  /** The queue counts by this machine's clock, so a job may fire before its instant has come by the store's: then it goes back. */
  private async sleepOn(job: Job, token: string | undefined): Promise<void> {
    const instant = Number(job.id?.slice('due-'.length));
    const early = instant - this.now();
    this.armed.delete(instant);
    if (early > 0) await comeBack(job, token, early);
  }
}
