import type { Refusal, Session } from '#libs/core';
import { Problem } from '#libs/protocol';

export type PlatformCommand = 'cancel' | 'end' | 'join' | 'take' | 'refuse';

/** The answer to a command that came at the wrong time, with what can be done instead. */
export function refusal(command: PlatformCommand, code: Refusal, session: Session | null): Problem {
  const ofRequest = command === 'take' || command === 'refuse';
  const next = ofRequest ? 'The visitor may ask again.' : 'Invite again to start a new one.';
  const expired = code === 'session_expired';
  const advice: Record<Refusal, string> = {
    not_found: noSession().message,
    session_closed: `It is closed (${expired ? 'expired' : (session?.reason ?? 'closed')}). ${next}`,
    session_expired: `Nobody answered in time. ${next}`,
    already_accepted: 'The visitor has accepted. Use end to stop it.',
    already_taken:
      'An agent has taken this request, or the visitor did not ask for help. Only an open request (requested) can be taken or refused.',
    already_in_session: 'The visitor is asked or shares already. The request stays open until that session ends.',
    mode_not_allowed: "Use one of the account's allowedModes. The request is still open.",
    not_accepted: `The visitor has not accepted. ${command === 'join' ? 'Join after session.accepted.' : 'Use cancel to withdraw the invitation.'}`,
  };
  const said = expired && !ofRequest ? 'session_closed' : code;
  return new Problem(said, advice[said]);
}

export const noSession = (): Problem => new Problem('not_found', 'There is no such session in this account.');
