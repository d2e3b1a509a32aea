import type { Reason, Status, Verdict } from '#libs/core';

/**
 * Why something in a notification was passed over.
 *
 * - `call_mode`: a voice or video call, which is not ours.
 * - `unknown_mode`: a mode that LivePerson's own window would not show either.
 * - `malformed_dialog`: a dialog without an id, or an open one without a session state that we know.
 * - `malformed_change`: a change without a conversation.
 * - `too_many_dialogs`: a change with more dialogs than are read.
 * - `expired_on_arrival`: an invitation that came after its own end.
 */
export const IGNORED_CODES = [
  'call_mode',
  'unknown_mode',
  'malformed_dialog',
  'malformed_change',
  'too_many_dialogs',
  'expired_on_arrival',
] as const;
export type IgnoredCode = (typeof IGNORED_CODES)[number];

/** What became of one COBROWSE dialog, or with `dialogId` null of a conversation that ended. */
export interface HookResult {
  conversationId: string | null;
  dialogId: string | null;
  sessionId?: string;
  outcome: Status | 'unchanged' | 'ignored';
  code?: IgnoredCode;
  status?: Status;
  reason?: Reason;
}

/** The answer to a notification: how many changes it had and what became of those that concern cobrowsing. */
export interface HookAnswer {
  changes: number;
  results: HookResult[];
}

/** What the bridge made of a command, in the words of the answer. */
export function toResult(conversationId: string, dialogId: string | null, verdict: Verdict): HookResult {
  const { outcome, session } = verdict;
  const about = { conversationId, dialogId };
  if (session === null) return { ...about, outcome: 'unchanged' };
  const now = { sessionId: session.id, status: session.status, ...(session.reason && { reason: session.reason }) };
  if (outcome === 'expired_on_arrival') return { ...about, outcome: 'ignored', code: outcome, ...now };
  return { ...about, outcome: outcome === 'changed' ? session.status : 'unchanged', ...now };
}
