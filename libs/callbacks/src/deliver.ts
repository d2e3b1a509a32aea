import type { Accounts, Attempt, Deliveries, Delivery, Instant } from '#libs/core';
import { FairShare } from './fair-share.ts';
import { pauseAfter } from './retry-schedule.ts';
import type { Answer, SignedPost } from './signed-post.ts';

/** One try at a delivery, for logs and metrics. Of the address only the host is told: the rest may hold a secret. */
export interface AttemptReport {
  deliveryId: string;
  accountId: string;
  sessionId: string;
  eventId: string;
  eventType: string;
  host: string;
  /** 1 for the first try. */
  attempt: number;
  status: number | null;
  error: string | null;
  outcome: Attempt['outcome'];
  ms: number;
  retryAt: Instant | null;
}

export interface CourierOptions {
  /** Tries at once. */
  hands: number;
  /** Told of a delivery that waited for a slow receiver and may be tried now. */
  callUp: (deliveryId: string) => void;
  /** The store's clock. */
  now: () => Instant;
  /** Told once of every try. */
  onAttempt: (report: AttemptReport) => void;
}

/** What to do with a delivery's job: `done`, with the delivery that is next in line, or to come back in a while. */
export type Step = { done: true; next: string | null } | { done: false; comeBackMs: number };

const DONE: Step = { done: true, next: null };
const ENDPOINT_REMOVED: Answer = { status: null, error: 'endpoint_removed', retryAfterMs: null };

/** Tries deliveries, one try at a time, and records each. */
export class Courier {
  private readonly share: FairShare;
  private readonly busyWith = new Set<string>();

  constructor(
    private readonly accounts: Pick<Accounts, 'find'>,
    private readonly deliveries: Pick<Deliveries, 'ready' | 'record'>,
    private readonly post: Pick<SignedPost, 'send'>,
    private readonly options: CourierOptions,
  ) {
    this.share = new FairShare(options.hands, options.callUp);
  }

  /** A try that `stop` cut short does not count. */
  async deliver(deliveryId: string, stop: AbortSignal): Promise<Step> {
    this.busyWith.add(deliveryId);
    return this.deliverNow(deliveryId, stop).finally(() => this.busyWith.delete(deliveryId));
  }

  /** The deliveries that it is at just now. */
  underWay(): ReadonlySet<string> {
    return new Set(this.busyWith);
  }

  /** Whether the delivery waits for a slow receiver and will be called up. */
  waits(deliveryId: string): boolean {
    return this.share.waits(deliveryId);
  }

  private async deliverNow(deliveryId: string, stop: AbortSignal): Promise<Step> {
    const delivery = await this.deliveries.ready(deliveryId);
    if (delivery === null) return DONE;
    const giveBack = await this.share.take(new URL(delivery.url).origin, deliveryId);
    if (giveBack === null) return DONE;
    try {
      return await this.attempt(delivery, stop);
    } finally {
      giveBack();
    }
  }

  private async attempt(delivery: Delivery, stop: AbortSignal): Promise<Step> {
    const account = await this.accounts.find(delivery.accountId);
    const endpoint = account?.settings.callbacks.find(({ url }) => url === delivery.url);
    const startedAt = this.options.now();
    const began = performance.now();
    const answer = endpoint ? await this.post.send(endpoint, delivery.event, stop) : ENDPOINT_REMOVED;
    if (stop.aborted && answer.status === null) return { done: false, comeBackMs: 0 };
    const { outcome, pauseMs } = judge(answer, delivery.attempts + 1);
    const { status, error } = answer;
    const ms = Math.round(performance.now() - began);
    const retryAt = pauseMs === null ? null : this.options.now() + pauseMs;
    const next = await this.deliveries.record({ deliveryId: delivery.id, startedAt, ms, status, error, outcome, retryAt });
    this.options.onAttempt({ ...about(delivery), attempt: delivery.attempts + 1, status, error, outcome, ms, retryAt });
    return pauseMs === null ? { done: true, next } : { done: false, comeBackMs: pauseMs };
  }
}

/** 2xx delivers; 410 and an endpoint that is no longer wanted end it (Standard Webhooks); all else, redirects too, is tried again. */
function judge({ status, error, retryAfterMs }: Answer, attempts: number): { outcome: Attempt['outcome']; pauseMs: number | null } {
  if (status !== null && status >= 200 && status < 300) return { outcome: 'delivered', pauseMs: null };
  const pauseMs = status === 410 || error === ENDPOINT_REMOVED.error ? null : pauseAfter(attempts, retryAfterMs);
  return { outcome: pauseMs === null ? 'parked' : 'failed', pauseMs };
}

function about({
  id,
  accountId,
  url,
  event,
}: Delivery): Pick<AttemptReport, 'deliveryId' | 'accountId' | 'sessionId' | 'eventId' | 'eventType' | 'host'> {
  return { deliveryId: id, accountId, sessionId: event.session.id, eventId: event.id, eventType: event.type, host: new URL(url).host };
}
