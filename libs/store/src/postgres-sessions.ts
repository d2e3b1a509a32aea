import type { Kysely } from 'kysely';
import type pg from 'pg';
import {
  type Conversation,
  type ConversationRef,
  type Instant,
  type Session,
  type SessionEvent,
  type SessionQuery,
  type SessionRef,
  type Write,
  Sessions,
} from '#libs/core';
import { Grouped } from './grouped.ts';
import { KnownConversations, keyOf } from './known-conversations.ts';
import { listSessions } from './list-sessions.ts';
import { type ConversationRow, type DueRow, type EventRow, toConversation, toDocument, toEvent, toSessionRef } from './session-rows.ts';
import { DUE, HISTORY, LOAD, OF_VISITOR, PENDING, PERFORMED, SAVE } from './statements.ts';
import { NOW_MS, StoreClock } from './store-clock.ts';
import type { Tables } from './tables.ts';

interface Load {
  ref: ConversationRef;
  sessionIds: readonly string[];
}

const AUDIENCE_PAUSE_MS = 50;

/** The system of record in PostgreSQL. What arrives together is read and committed together. */
export class PostgresSessions extends Sessions {
  private readonly clock = new StoreClock();
  private readonly loads = new Grouped<Load, Conversation>((items) => this.loadAll(items), { lanes: 2, size: 256 });
  private readonly saves = new Grouped<Write, boolean>((items) => this.saveAll(items), {
    // Two, so that one row that somebody holds does not hold up everybody; seldom, because small writes cost many times what large ones do.
    lanes: 2,
    restMs: 4,
    size: 256,
    keysOf: ({ ref, changed }) => [keyOf(ref), ...changed.map(({ id }) => id)],
  });
  private readonly visits = new Grouped<{ accountId: string; visitorId: string }, SessionEvent[]>((items) => this.visitAll(items), {
    lanes: 1,
    size: 256,
  });
  private readonly known = new KnownConversations();
  private told: SessionEvent[] = [];
  private telling: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly db: Kysely<Tables>,
  ) {
    super();
  }

  /** Reads the database's clock, once at the start. */
  async open(): Promise<void> {
    const { rows } = await this.pool.query<{ now: number }>(`SELECT ${NOW_MS}::float8 AS now`);
    this.clock.set(rows[0]?.now ?? Date.now());
  }

  /** Writes down what has been told and not yet been written. */
  async close(): Promise<void> {
    clearTimeout(this.telling);
    // Without a database, it is told again.
    await this.writePerformed().catch(() => undefined);
  }

  now(): Instant {
    return this.clock.now();
  }

  load(ref: ConversationRef, sessionIds: readonly string[]): Promise<Conversation> {
    return this.loads.add({ ref, sessionIds });
  }

  recall(ref: ConversationRef): Conversation | null {
    return this.known.recall(ref);
  }

  async save(write: Write): Promise<boolean> {
    const before = this.known.recall(write.ref);
    const saved = await this.saves.add(write);
    this.known.learn(write, before, saved);
    return saved;
  }

  ofVisitor(accountId: string, visitorId: string): Promise<SessionEvent[]> {
    return this.visits.add({ accountId, visitorId });
  }

  async due(limit: number): Promise<SessionRef[]> {
    const { rows } = await this.pool.query<DueRow>({ name: 'due', text: DUE, values: [limit] });
    // Asked every other second, it also keeps the clock right after this machine slept.
    this.clock.set(rows[0]?.now ?? this.now());
    return rows.flatMap((row) => toSessionRef(row) ?? []);
  }

  async pending(olderThanMs: number, limit: number): Promise<SessionEvent[]> {
    const { rows } = await this.pool.query<EventRow>({ name: 'pending', text: PENDING, values: [olderThanMs, limit] });
    return rows.map(toEvent);
  }

  performed(events: readonly SessionEvent[]): void {
    this.told.push(...events);
    this.telling ??= setTimeout(() => void this.writePerformed().catch(() => undefined), AUDIENCE_PAUSE_MS);
  }

  async find(accountId: string, sessionId: string): Promise<Session | null> {
    const text = 'SELECT record FROM session WHERE id = $1 AND account_id = $2';
    const { rows } = await this.pool.query<{ record: Session }>({ name: 'find', text, values: [sessionId, accountId] });
    return rows[0]?.record ?? null;
  }

  list(query: SessionQuery): Promise<{ items: Session[]; nextCursor: string | null }> {
    return listSessions(this.db, query);
  }

  async history(accountId: string, sessionId: string): Promise<SessionEvent[]> {
    const { rows } = await this.pool.query<EventRow>({ name: 'history', text: HISTORY, values: [sessionId, accountId] });
    return rows.map(toEvent);
  }

  private async loadAll(items: Load[]): Promise<Conversation[]> {
    const values = [items.map((i) => i.ref.accountId), items.map((i) => i.ref.id), items.flatMap((i) => i.sessionIds)];
    const { rows } = await this.pool.query<ConversationRow>({ name: 'load', text: LOAD, values });
    this.clock.set(rows[0]?.now ?? this.now());
    const found: Conversation[] = [];
    for (const row of rows) found[row.n - 1] = toConversation(row);
    return found;
  }

  private async saveAll(items: Write[]): Promise<boolean[]> {
    const { rows } = await this.pool.query<{ now: number; conversations: object; sessions: object }>({
      name: 'save',
      text: SAVE,
      values: [JSON.stringify(items.map(toDocument))],
    });
    const { now, conversations, sessions } = rows[0] ?? { now: this.now(), conversations: {}, sessions: {} };
    this.clock.set(now);
    return items.map(
      ({ ref, changed }) => Object.hasOwn(conversations, keyOf(ref)) && changed.every(({ id }) => Object.hasOwn(sessions, id)),
    );
  }

  private async visitAll(items: { accountId: string; visitorId: string }[]): Promise<SessionEvent[][]> {
    const values = [items.map((i) => i.accountId), items.map((i) => i.visitorId)];
    const { rows } = await this.pool.query<EventRow & { n: number }>({ name: 'of-visitor', text: OF_VISITOR, values });
    const found: SessionEvent[][] = items.map(() => []);
    for (const row of rows) found[row.n - 1]?.push(toEvent(row));
    return found;
  }

  private async writePerformed(): Promise<void> {
    const events = this.told;
    this.told = [];
    this.telling = undefined;
    if (events.length === 0) return;
    const values = [events.map((e) => e.session.id), events.map((e) => e.session.version)];
    await this.pool.query({ name: 'performed', text: PERFORMED, values });
  }
}
