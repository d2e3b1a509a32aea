import type { Session } from './session.ts';

/**
 * Why a command was refused. `not_found`: no such session. `not_accepted`: only an accepted or active one can do that.
 * `already_taken`: an agent has taken the request, or there never was one. `already_in_session`: the visitor is asked or shares.
 */
export type Refusal =
  | 'not_found'
  | 'session_closed'
  | 'session_expired'
  | 'already_accepted'
  | 'not_accepted'
  | 'already_taken'
  | 'already_in_session'
  | 'mode_not_allowed';

/**
 * What became of a command.
 *
 * - `changed`: the session is now as given.
 * - `unchanged`: known already, repeated or older; nothing was written.
 * - `expired_on_arrival`: an invitation that came after its own end; recorded as closed, never shown.
 * - `refused`: the session is not in a state for it; `code` says which.
 */
export type Verdict =
  | { outcome: 'changed' | 'unchanged' | 'expired_on_arrival'; session: Session | null }
  | { outcome: 'refused'; code: Refusal; session: Session | null };
