import type { Envelope, SessionView } from '#libs/protocol';
import { type CobrowseSession, projectSession } from './projected-session.ts';

export interface CobrowseEvent {
  name: 'session.loaded' | 'session.updated' | 'session.ended';
  /** The session as a handler of this event has to find it. */
  session: CobrowseSession;
}

/**
 * What to emit when a session is as the envelope says, and was `before` when it was last told of. The first is always `session.loaded`,
 * the last `session.ended`; an invitation that comes out of nothing is shown pending, then authorizing. Nothing is emitted for a session
 * whose end is the first that the page hears.
 */
export function cobrowseEvents(
  before: SessionView | undefined,
  { session, occurredAt }: Pick<Envelope, 'session' | 'occurredAt'>,
): CobrowseEvent[] {
  const now = projectSession(session, occurredAt);
  if (session.status === 'closed') return before && before.status !== 'closed' ? [{ name: 'session.ended', session: now }] : [];
  if (before?.status === 'closed') return [];
  if (before) return [{ name: 'session.updated', session: now }];
  if (session.status === 'requested') return [{ name: 'session.loaded', session: now }];
  // Page code looks at the state in `session.updated`, so a session that was found running is told by it, too.
  const first: CobrowseSession = session.status === 'invited' ? { ...now, state: 'pending' } : now;
  return [
    { name: 'session.loaded', session: first },
    { name: 'session.updated', session: now },
  ];
}
