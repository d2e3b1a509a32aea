import type { Policy } from './policy.ts';
import type { Reason } from './reason.ts';
import { type Instant, type Session, isLive } from './session.ts';
import type { Refusal } from './verdict.ts';

/** What the clock has made of a session by `now`. */
export function settle(session: Session, now: Instant): Session {
  if (session.dueAt === null || now < session.dueAt) return session;
  return close(session, CLOCK_REASON[session.status] ?? 'expired', now);
}

const CLOCK_REASON: Partial<Record<Session['status'], Reason>> = {
  requested: 'expired',
  invited: 'expired',
  accepted: 'connection_lost',
  active: 'limit_reached',
};

export function close(session: Session, reason: Reason, now: Instant): Session {
  return { ...session, status: 'closed', reason, closedAt: now, dueAt: null };
}

export function advance(session: Session, status: 'accepted' | 'active', policy: Policy, now: Instant): Session {
  const acceptedAt = session.acceptedAt ?? now;
  return status === 'accepted'
    ? { ...session, status, acceptedAt, dueAt: now + policy.joinTimeoutSeconds * 1000 }
    : { ...session, status, acceptedAt, activeAt: now, dueAt: now + policy.sessionLimitSeconds * 1000 };
}

/** Why an answer to this session comes at the wrong time. */
export function tooLate(session: Session): Refusal {
  if (isLive(session)) return session.status === 'requested' ? 'not_accepted' : 'already_accepted';
  return session.reason === 'expired' ? 'session_expired' : 'session_closed';
}
