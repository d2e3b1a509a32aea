/** Why a session closed. The one closed list: record, wire, logs and metrics use the same words. */
export const REASONS = [
  'declined',
  'cancelled',
  'withdrawn',
  'expired',
  'superseded',
  'visitor_ended',
  'agent_ended',
  'connection_lost',
  'conversation_closed',
  'mode_not_allowed',
  'limit_reached',
  'platform_closed',
] as const;

export type Reason = (typeof REASONS)[number];
