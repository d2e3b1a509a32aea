import type { Refusal, Session } from '#libs/core';
import { Problem } from '#libs/protocol';

export type PlatformCommand = 'cancel' | 'end' | 'join';

/** The answer to a command that came at the wrong time, with what can be done instead. */
export function refusal(command: PlatformCommand, code: Refusal, session: Session | null): Problem {
  return new Problem(code, advice(command, code, session));
}

export const noSession = (): Problem => new Problem('not_found', 'There is no such session in this account.');

function advice(command: PlatformCommand, code: Refusal, session: Session | null): string {
  switch (code) {
    case 'not_found':
      return noSession().message;
    case 'session_closed':
      return `It is closed (${session?.reason ?? 'closed'}). Invite again to start a new one.`;
    case 'session_expired':
      return 'Nobody answered in time. Invite again to start a new one.';
    case 'already_accepted':
      return 'The visitor has accepted. Use end to stop it.';
    case 'not_accepted':
      return command === 'join'
        ? 'The visitor has not accepted. Join after session.accepted.'
        : 'The visitor has not accepted. Use cancel to withdraw the invitation.';
  }
}
