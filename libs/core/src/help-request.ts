import type { SessionCommand } from './command.ts';
import type { Policy } from './policy.ts';
import { type Instant, type Session, isLive } from './session.ts';
import { advance, close, tooLate } from './steps.ts';
import type { Refusal } from './verdict.ts';

/**
 * What becomes of a visitor's own request: an agent takes it and asks, or, where the account's consent says that the request was
 * the visitor's yes, joins at once; an agent refuses it; the visitor takes it back. The first of them wins.
 */
export function answerRequest(
  session: Session,
  command: Extract<SessionCommand, { type: 'take' | 'refuse' | 'withdraw' }>,
  policy: Policy,
  now: Instant,
): { to: Session } | { unchanged: true } | { refused: Refusal } {
  // An agent or a page whose answer was lost says it again.
  const again =
    command.type === 'take'
      ? isLive(session) && session.status !== 'requested' && session.source === 'page' && session.agent.id === command.agent.id
      : command.type === 'withdraw' && session.reason === 'withdrawn';
  if (again) return { unchanged: true };
  if (session.status !== 'requested') return { refused: isLive(session) ? 'already_taken' : tooLate(session) };
  if (command.type === 'withdraw') return { to: close(session, 'withdrawn', now) };
  if (command.type === 'refuse') return { to: close(session, 'cancelled', now) };

  const mode = command.mode ?? policy.defaultMode;
  if (!policy.allowedModes.includes(mode)) return { refused: 'mode_not_allowed' };
  const taken: Session = { ...session, mode, agent: command.agent };
  if (policy.consent === 'skip_when_requested') return { to: advance(taken, 'accepted', policy, now) };
  const expiresAt = now + policy.invitationTtlSeconds * 1000;
  return { to: { ...taken, status: 'invited', invitedAt: now, expiresAt, dueAt: expiresAt } };
}
