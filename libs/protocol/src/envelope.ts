import type { SessionEvent, Session } from '#libs/core';

/** What to hand to `lpTag.events.publish(app, event, data)`. */
export interface Publish {
  app: 'lpCoBrowse';
  event: 'cobrowseOffered' | 'cobrowseAccepted' | 'cobrowseDeclined';
  data: { serviceId: string; agentId: string; visitorName: string; mode: string; ssid: string; svid: string };
}

/** A session as the world sees it. Times are ISO 8601 UTC with milliseconds. */
export interface SessionView {
  id: string;
  accountId: string;
  status: Session['status'];
  mode: Session['mode'];
  version: number;
  source: Session['source'];
  conversationId: string | null;
  dialogId: string | null;
  serviceId: string | null;
  visitor: { id: string | null; name: string };
  agent: { id: string | null; name?: string };
  /** Only where the visitor asked: what for, and when. */
  topic?: string;
  requestedAt?: string;
  invitedAt: string | null;
  expiresAt: string | null;
  acceptedAt: string | null;
  activeAt: string | null;
  closedAt: string | null;
  reason: Session['reason'];
}

/** The event envelope, the same on page sockets, in callbacks and in history. */
export interface Envelope {
  id: string;
  type: SessionEvent['type'];
  occurredAt: string;
  session: SessionView;
  publish?: Publish;
}

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

export function sessionView(session: Session): SessionView {
  const { id, accountId, status, mode, version, source, conversationId, dialogId, serviceId, visitor, agent, reason } = session;
  return {
    id,
    accountId,
    status,
    mode,
    version,
    source,
    conversationId,
    dialogId,
    serviceId,
    visitor: { id: visitor.id, name: visitor.name },
    agent: agent.name === null ? { id: agent.id } : { id: agent.id, name: agent.name },
    ...(session.topic && { topic: session.topic }),
    ...(session.requestedAt && { requestedAt: new Date(session.requestedAt).toISOString() }),
    invitedAt: iso(session.invitedAt),
    expiresAt: iso(session.expiresAt),
    acceptedAt: iso(session.acceptedAt),
    activeAt: iso(session.activeAt),
    closedAt: iso(session.closedAt),
    reason,
  };
}

export function envelope(event: SessionEvent): Envelope {
  const { id, type, session } = event;
  const view: Envelope = { id, type, occurredAt: new Date(event.occurredAt).toISOString(), session: sessionView(session) };
  const offered = type === 'session.invited' ? publishFor(session, 'cobrowseOffered') : undefined;
  return offered ? { ...view, publish: offered } : view;
}

/**
 * What a page must tell LivePerson's tag, for LivePerson sessions; nothing while no visitor is known, since no page hears of those. The
 * tag's own documentation asks for all fields but `mode`, and takes any text for `ssid` and `svid` (CoBrowse tutorial of the Messaging
 * Window API). None is ever empty except `agentId`: when no notification has named the agent, there is no stand-in for one.
 */
export function publishFor(session: Session, event: Publish['event']): Publish | undefined {
  const visitorId = session.visitor.id;
  if (session.source !== 'liveperson' || visitorId === null) return undefined;
  return {
    app: 'lpCoBrowse',
    event,
    data: {
      serviceId: session.serviceId ?? `${visitorId}#${session.conversationId ?? ''}`,
      agentId: session.agent.id ?? '',
      visitorName: session.visitor.name || 'visitor',
      mode: session.mode,
      ssid: session.monitoring.sessionId || session.id,
      svid: session.monitoring.visitorId || visitorId,
    },
  };
}
