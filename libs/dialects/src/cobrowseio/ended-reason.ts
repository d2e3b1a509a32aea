import type { SessionView } from '#libs/protocol';

export type CobrowseEndedReason =
  'device_ended' | 'agent_ended' | 'pending_timeout' | 'authorizing_timeout' | 'active_timeout' | 'limit_enforcement';

type Reason = NonNullable<SessionView['reason']>;

/** Page code may switch over the vendor's closed list: where it has no word of its own there is none here. */
const ENDED_REASONS: Record<Exclude<Reason, 'expired'>, CobrowseEndedReason | undefined> = {
  declined: 'device_ended',
  withdrawn: 'device_ended',
  visitor_ended: 'device_ended',
  cancelled: 'agent_ended',
  agent_ended: 'agent_ended',
  connection_lost: 'active_timeout',
  limit_reached: 'limit_enforcement',
  superseded: undefined,
  conversation_closed: undefined,
  mode_not_allowed: undefined,
  platform_closed: undefined,
};

/** Undefined while the session lives, and where the vendor has no word for why it ended. */
export function endedReason({ reason, invitedAt }: Pick<SessionView, 'reason' | 'invitedAt'>): CobrowseEndedReason | undefined {
  if (reason === null) return undefined;
  if (reason === 'expired') return invitedAt === null ? 'pending_timeout' : 'authorizing_timeout';
  return ENDED_REASONS[reason];
}
