import { isDeepStrictEqual } from 'node:util';
import type { Facts, SessionCommand } from './command.ts';
import { answerRequest } from './help-request.ts';
import { type Policy, invitationDeadline, invitedAt } from './policy.ts';
import { type Instant, type Session, isLive, rank } from './session.ts';
import { advance, close, tooLate } from './steps.ts';
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
    case 'confirm':
    case 'close': {
      const known = learn(session, command.facts);
      if (command.type === 'invite' && session.invitedAt === null) return { to: hearLate(known, command.facts, policy, now) };
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
      if (command.by === 'visitor' && session.answeredBy === command.page && session.reason === 'visitor_ended') return unchanged;
      if (session.status !== 'accepted' && session.status !== 'active')
        return { refused: isLive(session) ? 'not_accepted' : tooLate(session) };
      if (command.by === 'agent') return { to: close(session, 'agent_ended', now) };
      return { to: { ...close(session, 'visitor_ended', now), answeredBy: command.page } };
    case 'take':
    case 'refuse':
    case 'withdraw':
      return answerRequest(session, command, policy, now);
    default:
      return unchanged;
  }
}

/** An invitation heard after what followed it tells what was missed and moves nothing. */
function hearLate(session: Session, facts: Facts, policy: Policy, now: Instant): Session {
  const deadline = invitationDeadline(facts, now, policy);
  const heard: Session = {
    ...session,
    invitedAt: invitedAt(facts, now),
    expiresAt: session.acceptedAt !== null && session.acceptedAt >= deadline ? null : deadline,
  };
  return isLive(heard) && !policy.allowedModes.includes(heard.mode) ? close(heard, 'mode_not_allowed', now) : heard;
}

/** Fills in what was not known; the same session when there is nothing new. What an invitation has said of mode and time stays said. */
function learn(session: Session, facts: Facts): Session {
  const heard = session.invitedAt !== null;
  const learned = {
    serviceId: session.serviceId ?? facts.serviceId,
    mode: heard ? session.mode : (facts.mode ?? session.mode),
    visitor: session.visitor.id === null ? { id: facts.visitor.id, name: facts.visitor.name ?? session.visitor.name } : session.visitor,
    agent: session.agent.id === null ? facts.agent : session.agent,
    monitoring: session.monitoring.sessionId === null ? facts.monitoring : session.monitoring,
    createdAt: heard ? session.createdAt : (session.createdAt ?? facts.createdAt),
  };
  return isDeepStrictEqual(learned, pick(session, learned)) ? session : { ...session, ...learned };
}

const pick = (session: Session, like: object): object =>
  Object.fromEntries(Object.keys(like).map((key) => [key, session[key as keyof Session]]));
