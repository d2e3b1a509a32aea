import type { Envelope, SessionView } from '#libs/protocol';

export type FullviewEventName =
  | 'fullview:callRequested'
  | 'fullview:callAccepted'
  | 'fullview:callDenied'
  | 'fullview:callEnded'
  | 'fullview:supportRequested'
  | 'fullview:supportRequestCancelledByCustomer'
  | 'fullview:supportRequestCancelledByAgent'
  | 'fullview:supportRequestTaken';

export interface FullviewEvent {
  name: FullviewEventName;
  detail: { callId: string };
}

/**
 * What `window` is to be told when a session is `after`, and was `before` when it was last told of. One session is one call: `callId` is
 * the session's id, in both groups of events. Nothing is told of a session whose end is the first that the page hears.
 */
export function fullviewEvents(before: SessionView | undefined, { session: after }: Pick<Envelope, 'session'>): FullviewEvent[] {
  return names(before, after).map((name) => ({ name: `fullview:${name}`, detail: { callId: after.id } }));
}

type Name = FullviewEventName extends `fullview:${infer Rest}` ? Rest : never;

function names(before: SessionView | undefined, after: SessionView): Name[] {
  if (before?.status === 'closed' || before?.status === after.status) return [];
  if (before?.status === 'requested') {
    if (after.status === 'closed' && !wasTaken(after)) return [endOfRequest(after)];
    return ['supportRequestTaken', ...call(after)];
  }
  if (before && isOn(before) && isOn(after)) return [];
  if (!before && after.status === 'closed') return [];
  return after.status === 'requested' ? ['supportRequested'] : call(after);
}

function call(session: SessionView): Name[] {
  if (session.status === 'closed') return [session.reason === 'declined' ? 'callDenied' : 'callEnded'];
  return [isOn(session) ? 'callAccepted' : 'callRequested'];
}

const isOn = ({ status }: SessionView): boolean => status === 'accepted' || status === 'active';

/** Who let the request fall: the visitor, or the other side by refusing it or by not coming. */
const endOfRequest = ({ reason }: SessionView): Name =>
  reason === 'withdrawn' || reason === 'superseded' ? 'supportRequestCancelledByCustomer' : 'supportRequestCancelledByAgent';

/** Whether an agent took the request while this page was away: only then was the visitor asked, or the consent skipped. */
const wasTaken = ({ invitedAt, acceptedAt }: SessionView): boolean => invitedAt !== null || acceptedAt !== null;
