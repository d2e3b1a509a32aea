import type { SessionEvent } from './event.ts';
import type { Instant } from './session.ts';

/** One event owed to one endpoint. Lines are per session and endpoint: within a line, strictly in order. */
export interface Delivery {
  id: string;
  accountId: string;
  url: string;
  event: SessionEvent;
  /** Attempts made so far. */
  attempts: number;
}

/** One try at a delivery, as it is recorded. `status` is the HTTP status, null when there was no answer. */
export interface Attempt {
  deliveryId: string;
  startedAt: Instant;
  ms: number;
  status: number | null;
  error: string | null;
  outcome: 'delivered' | 'failed' | 'parked';
  /** When the next try is due; null when there is none. */
  retryAt: Instant | null;
}

/** An event and the endpoints that want it: all, some or none of the account's. */
export interface Owed {
  event: SessionEvent;
  urls: readonly string[];
}

/** A delivery that should have been tried by now, and its place among all of them: by `dueAt`, then by `id`. */
export interface Overdue {
  id: string;
  dueAt: Instant;
  /** Attempts made so far. */
  attempts: number;
}

/** What is owed to callback endpoints: the truth behind the delivery jobs. */
export abstract class Deliveries {
  /**
   * Owes each event to each of its urls, once; nobody else is owed it, so it holds up no other line. Calls made in the same turn of the
   * event loop share one statement. Answers the ids that stand first in their line, ready to be tried.
   * Rejects when an account is gone or being deleted: what it is owed is then told again, or gone with it.
   */
  abstract owe(items: readonly Owed[]): Promise<string[]>;
  /** The delivery when it may be tried now: still owed and first in its line; otherwise null. */
  abstract ready(deliveryId: string): Promise<Delivery | null>;
  /** Records a try. When it ended the delivery, answers the id that is now first in the line, if any. */
  abstract record(attempt: Attempt): Promise<string | null>;
  /** What should have been tried by now, as after a lost job: the first ones after the place of `after`, or from the beginning. */
  abstract overdue(limit: number, after: Overdue | null): Promise<Overdue[]>;
}
