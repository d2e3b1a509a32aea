import type { Account } from './account.ts';
import type { Conversation, ConversationRef } from './conversation.ts';
import type { SessionEvent } from './event.ts';
import type { Instant, Session, SessionRef, Status } from './session.ts';
import type { Verdict } from './verdict.ts';

/** What to write in one go. It is written only while the store's clock is within `from <= now < until`. */
export interface Write {
  ref: ConversationRef;
  next: Conversation;
  changed: readonly Session[];
  events: readonly SessionEvent[];
  from: Instant | null;
  until: Instant | null;
}

/** The system of record. Calls made in the same turn of the event loop share one statement. */
export abstract class Sessions {
  /** The store's clock, as well as it is known here. */
  abstract now(): Instant;
  /** The conversation with its live sessions and those named. One that was never written has version 0. */
  abstract load(ref: ConversationRef, sessionIds: readonly string[]): Promise<Conversation>;
  /**
   * What the conversation is believed to be, without asking; null when there is no belief. Good only to write upon, because `save`
   * refuses what was decided on anything but the truth: never to answer from.
   */
  abstract recall(ref: ConversationRef): Conversation | null;
  /** Durable when it answers true. False: somebody wrote first or the window is over; load and decide again. */
  abstract save(write: Write): Promise<boolean>;
  /** Which live sessions the clock has ended, oldest first. */
  abstract due(limit: number): Promise<SessionRef[]>;
  /**
   * Events committed at least `olderThanMs` ago whose audience may not have heard of them. To pages only the latest of a session is
   * news.
   */
  abstract pending(olderThanMs: number, limit: number): Promise<SessionEvent[]>;
  /** The audience has heard. May be written later and in groups: to tell it again is harmless. */
  abstract performed(events: readonly SessionEvent[]): void;

  abstract find(accountId: string, sessionId: string): Promise<Session | null>;
  /** Newest first. `cursor` is what the page before returned; one that is not ours throws a RangeError. */
  abstract list(query: SessionQuery): Promise<{ items: Session[]; nextCursor: string | null }>;
  /** A session's history, oldest first. */
  abstract history(accountId: string, sessionId: string): Promise<SessionEvent[]>;
  /** A visitor's live sessions with the event that brought each to its present status, newest first. */
  abstract ofVisitor(accountId: string, visitorId: string): Promise<SessionEvent[]>;
}

export interface SessionQuery {
  accountId: string;
  status?: Status;
  conversationId?: string;
  visitorId?: string;
  limit: number;
  cursor?: string;
}

/** Wakes the bridge up. A hint that may be lost or doubled: the record is the judge and a sweep heals. */
export abstract class Timers {
  /** Never waits and never throws: arming is off the answer's path. */
  abstract arm(dueAts: readonly Instant[]): void;
}

/** The visitor's open pages, on every bridge. A hint: a page that connects is given the truth. */
export abstract class Pages {
  abstract push(events: readonly SessionEvent[]): void;
}

/** The account's callbacks. */
export abstract class Callbacks {
  /** Durable when it returns: each event will be delivered to each endpoint or parked. Doing it twice changes nothing. */
  abstract enqueue(events: readonly SessionEvent[]): Promise<void>;
}

/** Accounts as everything but the admin sees them: secrets in clear, for use only. */
export abstract class Accounts {
  abstract find(accountId: string): Promise<Account | null>;
  /** The account and key that a platform key belongs to, or null when it is wrong or revoked. */
  abstract authenticate(platformKey: string): Promise<{ accountId: string; keyId: string } | null>;
}

/** Six-digit codes, by each of which a visitor's request can be found. A code is told once, to the page, and kept only hashed. */
export abstract class Codes {
  /** A code that no other live request of the account has, good for so long; null when none was free. */
  abstract issue(accountId: string, sessionId: string, ttlSeconds: number): Promise<string | null>;
  /** The session that the code was last made for, whatever became of it; null for a code that nobody was told. */
  abstract find(accountId: string, code: string): Promise<string | null>;
}

/**
 * What came of a code that somebody typed. To the caller `wrong`, `used`, `expired` and `over` (its request was closed before anybody
 * took it) are one answer. `too_soon`: after wrong ones a pause has to pass, and the code was not looked at. `failed`: the bridge could
 * not say.
 */
export interface CodeTried {
  accountId: string;
  /** The platform key that was used; `admin` for the admin's. */
  keyId: string;
  agentId: string;
  outcome: 'taken' | 'wrong' | 'used' | 'expired' | 'over' | 'mode_not_allowed' | 'already_in_session' | 'too_soon' | 'failed';
  sessionId: string | null;
}

/** Told once of every outcome, for logs and metrics. Never throws. */
export abstract class Journal {
  abstract handled(outcome: { accountId: string; command: string; verdict: Verdict; from: Status | null; ms: number }): void;
  abstract codeTried(tried: CodeTried): void;
}
