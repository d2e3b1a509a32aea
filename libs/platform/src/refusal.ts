import type { Refusal, Session } from '#libs/core';
import { Problem } from '#libs/protocol';

export type PlatformCommand = 'cancel' | 'end' | 'join';

/** The answer to a command that came at the wrong time, with what can be done instead. */
export function refusal(command: PlatformCommand, code: Refusal, session: Session | null): Problem {
  const advice: Record<Refusal, string> = {
    not_found: noSession().message,
    session_closed: `It is closed (${session?.reason ?? 'closed'}). Invite again to start a new one.`,
    session_expired: 'Nobody answered in time. Invite again to start a new one.',
    already_accepted: 'The visitor has accepted. Use end to stop it.',
    not_accepted: `The visitor has not accepted. ${command === 'join' ? 'Join after session.accepted.' : 'Use cancel to withdraw the invitation.'}`,
  };
  return new Problem(code, advice[code]);
}

export const noSession = (): Problem => new Problem('not_found', 'There is no such session in this account.');
