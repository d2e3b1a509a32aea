import type { Instant, Session, Status } from './session.ts';

/** Who has to hear of an event. An event that nobody hears is history only. */
export type Audience = 'pages' | 'callbacks';

/** One fact about a session: what is pushed to pages, called back, and kept as history. */
export interface SessionEvent {
  /** The same for the same fact, however often it is told. */
  id: string;
  type: `session.${Status}`;
  occurredAt: Instant;
  session: Session;
  audience: readonly Audience[];
}

export function sessionEvent(session: Session, occurredAt: Instant, audience: readonly Audience[]): SessionEvent {
  return {
    id: `evt_${session.id.replace(/^ses_/, '')}_${session.version}`,
    type: `session.${session.status}`,
    occurredAt,
    session,
    audience,
  };
}
