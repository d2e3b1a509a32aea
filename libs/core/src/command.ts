import type { Reason } from './reason.ts';
import type { Instant, Mode, Monitoring, Source } from './session.ts';

/** What a platform tells about an invitation; null is "not told". Any notification may tell any part of it, or nothing. */
export interface Facts {
  source: Source;
  dialogId: string | null;
  serviceId: string | null;
  mode: Mode | null;
  visitor: { id: string | null; name: string | null };
  agent: { id: string | null; name: string | null };
  monitoring: Monitoring;
  createdAt: Instant | null;
  expires: Instant | null;
}

/**
 * Everything that can happen to a session, in the imperative.
 *
 * From a platform: `invite`, `confirm` (it says the visitor accepted, or the two sides have joined), `close` (it says the dialog
 * is over) and `closeConversation`; these may be the first that is heard of a session. From a visitor who wants help: `request`,
 * `withdraw`; from the agent who sees it: `take`, `refuse`. From people: `accept`, `decline`, `cancel`, `join`, `end`. From the
 * clock: `expire`.
 */
export type Command =
  | { type: 'invite'; sessionId: string; facts: Facts }
  | { type: 'confirm'; sessionId: string; status: 'accepted' | 'active'; facts: Facts }
  | { type: 'close'; sessionId: string; reason: Reason; facts: Facts }
  | { type: 'closeConversation'; createdUntil: Instant }
  | { type: 'request'; sessionId: string; facts: Facts; topic: string | null; byCode: boolean }
  | { type: 'take'; sessionId: string; agent: { id: string; name: string | null }; mode: Mode | null }
  | { type: 'refuse'; sessionId: string }
  | { type: 'withdraw'; sessionId: string }
  | { type: 'accept' | 'decline'; sessionId: string; page: string }
  | { type: 'cancel' | 'join'; sessionId: string }
  | { type: 'end'; sessionId: string; by: 'agent' }
  | { type: 'end'; sessionId: string; by: 'visitor'; page: string }
  | { type: 'expire'; sessionId: string };

export type SessionCommand = Exclude<Command, { type: 'closeConversation' }>;

/** `createdUntil` of a conversation that is over for good. */
export const FOREVER: Instant = Number.MAX_SAFE_INTEGER;
