import { type Audience, type Conversation, type Session, type SessionEvent, type SessionRef, type Write, sessionEvent } from '#libs/core';

export interface ConversationRow {
  n: number;
  now: number;
  version: number | null;
  closed_until: number | null;
  newest_at: number | null;
  sessions: Session[] | null;
}

export const toConversation = (row: ConversationRow): Conversation => ({
  version: row.version ?? 0,
  closedUntil: row.closed_until,
  newestAt: row.newest_at,
  sessions: row.sessions ?? [],
});

/** There is one row without an id when nothing is due. */
export interface DueRow {
  now: number;
  id: string | null;
  account_id: string;
  conversation_id: string | null;
  visitor_id: string | null;
}

export const toSessionRef = ({ id, account_id, conversation_id, visitor_id }: DueRow): SessionRef | null =>
  id === null ? null : { id, accountId: account_id, conversationId: conversation_id, visitor: { id: visitor_id } };

export interface EventRow {
  session: Session;
  occurred_at: number;
  audience?: string;
}

export const toEvent = (row: EventRow): SessionEvent =>
  sessionEvent(row.session, row.occurred_at, (row.audience?.split(',') ?? []) as Audience[]);

/** A write as `SAVE` takes it. A session and its event are one record: it is sent once. */
export function toDocument({ ref, next, changed, events, from, until }: Write): object {
  return {
    account_id: ref.accountId,
    id: ref.id,
    version: next.version,
    closed_until: next.closedUntil,
    newest_at: next.newestAt,
    from_ms: from,
    until_ms: until,
    sessions: changed.map((record) => {
      const event = events.find((e) => e.session.id === record.id);
      return { record, occurred_at: event?.occurredAt ?? null, audience: event?.audience.join(',') || null };
    }),
  };
}
