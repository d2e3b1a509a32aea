import type { Conversation, ConversationRef, Instant, Session, SessionEvent, SessionQuery, Write } from '#libs/core';
import { Sessions, isLive } from '#libs/core';

/** Sessions in memory with a clock that the test moves. It passes the same suite as the real store. */
export class MemorySessions extends Sessions {
  private readonly conversations = new Map<string, Omit<Conversation, 'sessions'>>();
  private readonly sessions = new Map<string, Session & { key: string }>();
  private readonly events: { event: SessionEvent; committedAt: Instant; pending: boolean }[] = [];
  /** Called inside every save, before it is judged: lets a test move the clock or write in between. */
  beforeSave: () => void = () => {};

  constructor(public time: Instant = Date.UTC(2026, 10, 21, 10)) {
    super();
  }

  now(): Instant {
    return this.time;
  }

  recall(_ref: ConversationRef): Conversation | null {
    return null;
  }

  async load(ref: ConversationRef, ids: readonly string[]): Promise<Conversation> {
    const key = keyOf(ref);
    const sessions = [...this.sessions.values()].filter((s) => s.key === key && (isLive(s) || ids.includes(s.id))).map(withoutKey);
    return { ...(this.conversations.get(key) ?? { version: 0, closedUntil: null, newestAt: null }), sessions };
  }

  async save({ ref, next, changed, events, from, until }: Write): Promise<boolean> {
    this.beforeSave();
    const key = keyOf(ref);
    const version = this.conversations.get(key)?.version ?? 0;
    if (version !== next.version - 1 || (from !== null && this.time < from) || (until !== null && this.time >= until)) return false;
    if (changed.some(({ id }) => (this.sessions.get(id)?.key ?? key) !== key)) return false;
    this.conversations.set(key, { version: next.version, closedUntil: next.closedUntil, newestAt: next.newestAt });
    for (const session of changed) this.sessions.set(session.id, { ...session, key });
    for (const event of events) this.events.push({ event, committedAt: this.time, pending: event.audience.length > 0 });
    return true;
  }

  async due(limit: number): Promise<Session[]> {
    const due = [...this.sessions.values()].filter((s) => s.dueAt !== null && s.dueAt <= this.time);
    return due
      .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
      .slice(0, limit)
      .map(withoutKey);
  }

  async pending(olderThanMs: number, limit: number): Promise<SessionEvent[]> {
    const old = this.events.filter((e) => e.pending && e.committedAt <= this.time - olderThanMs);
    const isFollowed = ({ session }: SessionEvent): boolean =>
      this.events.some(({ event: e }) => e.session.id === session.id && e.session.version > session.version);
    return old.slice(0, limit).map(({ event }) => (isFollowed(event) ? { ...event, audience: ['callbacks'] } : event));
  }

  performed(events: readonly SessionEvent[]): void {
    for (const entry of this.events) if (events.some((e) => e.id === entry.event.id)) entry.pending = false;
  }

  async find(accountId: string, sessionId: string): Promise<Session | null> {
    const session = this.sessions.get(sessionId);
    return session?.accountId === accountId ? withoutKey(session) : null;
  }

  async list(query: SessionQuery): Promise<{ items: Session[]; nextCursor: string | null }> {
    if (query.cursor !== undefined && !/^\d+$/.test(query.cursor)) throw new RangeError('Not a cursor of ours.');
    const start = Number(query.cursor ?? 0);
    const all = [...this.sessions.values()]
      .toReversed()
      .filter(
        (s) =>
          s.accountId === query.accountId &&
          (query.status === undefined || s.status === query.status) &&
          (query.conversationId === undefined || s.conversationId === query.conversationId) &&
          (query.visitorId === undefined || s.visitor.id === query.visitorId),
      );
    const end = start + query.limit;
    return { items: all.slice(start, end).map(withoutKey), nextCursor: end < all.length ? String(end) : null };
  }

  async history(accountId: string, sessionId: string): Promise<SessionEvent[]> {
    return this.events.map((e) => e.event).filter((e) => e.session.id === sessionId && e.session.accountId === accountId);
  }

  async ofVisitor(accountId: string, visitorId: string): Promise<SessionEvent[]> {
    const live = [...this.sessions.values()].filter((s) => isLive(s) && s.accountId === accountId && s.visitor.id === visitorId);
    return live
      .flatMap((s) =>
        this.events
          .map((e) => e.event)
          .filter((e) => e.session.id === s.id)
          .slice(-1),
      )
      .toReversed();
  }
}

const keyOf = (ref: ConversationRef): string => `${ref.accountId}\n${ref.id}`;
const withoutKey = ({ key: _key, ...session }: Session & { key: string }): Session => session;
