import type { SessionView } from '#libs/protocol';
import { endedReason, type CobrowseEndedReason } from './ended-reason.ts';

export type CobrowseState = 'pending' | 'authorizing' | 'active' | 'ended';

/** Our session in Cobrowse.io's words, as data. */
export interface CobrowseSession {
  id: string;
  state: CobrowseState;
  endedReason: CobrowseEndedReason | undefined;
  /** `false`, not null, while there is none. */
  agent: { id?: string; name?: string } | false;
  /** False where the visitor's own request was the yes. */
  requireConsent: boolean;
  fullDevice: false;
  remoteControl: 'on' | 'off';
  created: Date;
  /** When the question or the code ends. The instant of creation where the bridge does not know: page code reads a Date here. */
  expires: Date;
  activated: Date | null;
  updated: Date;
  ended: Date | null;
}

const STATES: Record<SessionView['status'], CobrowseState> = {
  requested: 'pending',
  invited: 'authorizing',
  accepted: 'active',
  active: 'active',
  closed: 'ended',
};

/** `at` is when the session came to be so, in ISO 8601. */
export function projectSession(session: SessionView, at: string): CobrowseSession {
  const { id, status, mode, agent, requestedAt, invitedAt, expiresAt, acceptedAt, activeAt, closedAt } = session;
  // An invitation that is heard of late is younger than its acceptance.
  const known = [requestedAt, invitedAt, acceptedAt, activeAt, closedAt, at].filter((instant) => typeof instant === 'string');
  const created = new Date(Math.min(...known.map((instant) => Date.parse(instant))));
  return {
    id,
    state: STATES[status],
    endedReason: endedReason(session),
    agent: agent.id === null ? agent.name !== undefined && { name: agent.name } : { ...agent, id: agent.id },
    requireConsent: requestedAt === undefined || acceptedAt === null || invitedAt !== null,
    fullDevice: false,
    remoteControl: mode === 'shared' ? 'on' : 'off',
    created,
    expires: dateOf(expiresAt) ?? created,
    activated: dateOf(acceptedAt ?? activeAt),
    updated: new Date(at),
    ended: dateOf(closedAt),
  };
}

const dateOf = (instant: string | null): Date | null => (instant === null ? null : new Date(instant));
