import { isDeepStrictEqual } from 'node:util';
import type { Facts, SessionCommand } from './command.ts';
import { invitationDeadline, type Policy } from './policy.ts';
import type { Reason } from './reason.ts';
import { type Instant, type Session, isLive, rank } from './session.ts';
import type { Refusal } from './verdict.ts';

/** The session after a command, or why it stays as it is. Versions are counted by the conversation, not here. */
export type Transition = { to: Session } | { unchanged: true } | { refused: Refusal };

const unchanged: Transition = { unchanged: true };

/**
 * One step of a session's life; pure. The clock speaks first: an overdue session is closed before the command is looked at, so a
 * late answer loses even when the timer has not fired.
 */
export function transition(session: Session, command: SessionCommand, policy: Policy, now: Instant): Transition {
  switch (command.type) {
    case 'invite':
      return session.invitedAt === null ? { to: hearLate(session, command.facts, policy, now) } : unchanged;
    case 'confirm':
    case 'close': {
      const known = learn(session, command.facts);
      if (command.type === 'close' && isLive(session)) return { to: close(known, command.reason, now) };
      if (command.type === 'confirm' && rank(command.status) > rank(session.status))
        return { to: advance(known, command.status, policy, now) };
      return known === session ? unchanged : { to: known };
    }
    case 'accept':
      if (session.answeredBy === command.page && (session.status === 'accepted' || session.status === 'active')) return unchanged;
      if (session.status !== 'invited') return { refused: tooLate(session) };
      return { to: { ...advance(session, 'accepted', policy, now), answeredBy: command.page } };
    case 'decline':
      if (session.answeredBy === command.page && session.reason === 'declined') return unchanged;
      if (session.status !== 'invited') return { refused: tooLate(session) };
      return { to: { ...close(session, 'declined', now), answeredBy: command.page } };
    case 'cancel':
      if (session.status !== 'invited' && session.status !== 'requested') return { refused: tooLate(session) };
      return { to: close(session, 'cancelled', now) };
    case 'join':
      if (session.status === 'active') return unchanged;
      if (session.status !== 'accepted') return { refused: isLive(session) ? 'not_accepted' : tooLate(session) };
      return { to: advance(session, 'active', policy, now) };
    case 'end':
      if (session.status !== 'accepted' && session.status !== 'active')
        return { refused: isLive(session) ? 'not_accepted' : tooLate(session) };
      return { to: close(session, command.by === 'visitor' ? 'visitor_ended' : 'agent_ended', now) };
    default:
      return unchanged;
  }
}

/** What the clock has made of a session by `now`. */
export function settle(session: Session, now: Instant): Session {
  if (session.dueAt === null || now < session.dueAt) return session;
  return close(session, CLOCK_REASON[session.status] ?? 'expired', now);
}

const CLOCK_REASON: Partial<Record<Session['status'], Reason>> = {
  invited: 'expired',
  accepted: 'connection_lost',
  active: 'limit_reached',
};

export function close(session: Session, reason: Reason, now: Instant): Session {
  return { ...session, status: 'closed', reason, closedAt: now, dueAt: null };
}

/** The session that a platform's first word about it opens: live, or closed when there is a reason not to show it. */
export function open(
  origin: { id: string; accountId: string; conversationId: string | null },
  command: Extract<SessionCommand, { facts: Facts }>,
  policy: Policy,
  now: Instant,
): Session {
  const { facts } = command;
  // Named one by one: an engine makes a plain literal ten times faster than one that is spread together, and every hook makes one.
  const blank: Session = {
    id: origin.id,
    accountId: origin.accountId,
    status: 'invited',
    mode: facts.mode ?? policy.defaultMode,
    version: 0,
    source: facts.source,
    conversationId: origin.conversationId,
    dialogId: facts.dialogId,
    serviceId: facts.serviceId,
    visitor: { id: facts.visitor.id, name: facts.visitor.name ?? 'visitor' },
    agent: facts.agent,
    monitoring: facts.monitoring,
    createdAt: facts.createdAt,
    invitedAt: null,
    expiresAt: null,
    acceptedAt: null,
    activeAt: null,
    closedAt: null,
    reason: null,
    answeredBy: null,
    dueAt: null,
  };
  if (command.type === 'close') return close(blank, command.reason, now);
  const allowed = policy.allowedModes.includes(blank.mode);
  if (command.type === 'confirm') {
    return allowed ? advance(blank, command.status, policy, now) : close(blank, 'mode_not_allowed', now);
  }
  const expiresAt = invitationDeadline(facts, now, policy);
  const invited: Session = { ...blank, invitedAt: facts.createdAt ?? now, expiresAt, dueAt: expiresAt };
  return allowed ? invited : close(invited, 'mode_not_allowed', now);
}

function advance(session: Session, status: 'accepted' | 'active', policy: Policy, now: Instant): Session {
  const acceptedAt = session.acceptedAt ?? now;
  return status === 'accepted'
    ? { ...session, status, acceptedAt, dueAt: now + policy.joinTimeoutSeconds * 1000 }
    : { ...session, status, acceptedAt, activeAt: now, dueAt: now + policy.sessionLimitSeconds * 1000 };
}

/** An invitation heard after what followed it tells what was missed and moves nothing. */
function hearLate(session: Session, facts: Facts, policy: Policy, now: Instant): Session {
  const deadline = invitationDeadline(facts, now, policy);
  const heard: Session = {
    ...learn(session, facts),
    invitedAt: facts.createdAt ?? now,
    expiresAt: session.acceptedAt !== null && session.acceptedAt >= deadline ? null : deadline,
  };
  return isLive(heard) && !policy.allowedModes.includes(heard.mode) ? close(heard, 'mode_not_allowed', now) : heard;
}

/** Fills in what was not known of a session whose invitation was never heard; the same session when there is nothing new. */
function learn(session: Session, facts: Facts): Session {
  if (session.invitedAt !== null) return session;
  const learned = {
    serviceId: session.serviceId ?? facts.serviceId,
    mode: facts.mode ?? session.mode,
    visitor: session.visitor.id === null ? { id: facts.visitor.id, name: facts.visitor.name ?? session.visitor.name } : session.visitor,
    agent: session.agent.id === null ? facts.agent : session.agent,
    monitoring: session.monitoring.sessionId === null ? facts.monitoring : session.monitoring,
    createdAt: session.createdAt ?? facts.createdAt,
  };
  return isDeepStrictEqual(learned, pick(session, learned)) ? session : { ...session, ...learned };
}

const pick = (session: Session, like: object): object =>
  Object.fromEntries(Object.keys(like).map((key) => [key, session[key as keyof Session]]));

function tooLate(session: Session): Refusal {
  if (isLive(session)) return 'already_accepted';
  return session.reason === 'expired' ? 'session_expired' : 'session_closed';
}
