import type { Envelope, SessionView, Status } from '../src/types.ts';

/** A session in some status, as the bridge tells it. */
export function sessionView(about: Partial<SessionView> & { id: string }): SessionView {
  return {
    accountId: '12345678',
    status: 'invited',
    mode: 'view',
    version: 1,
    source: 'liveperson',
    conversationId: 'conversation-1',
    dialogId: 'dialog-1',
    serviceId: 'visitor-1#conversation-1',
    visitor: { id: 'visitor-1', name: 'visitor' },
    agent: { id: '12345678.9', name: 'Alex' },
    invitedAt: '2026-11-21T10:00:00.000Z',
    expiresAt: '2026-11-21T10:02:00.000Z',
    acceptedAt: null,
    activeAt: null,
    closedAt: null,
    reason: null,
    ...about,
  };
}

export function envelope(session: SessionView): Envelope {
  return { id: `evt_${session.id}_${session.version}`, type: `session.${session.status}`, occurredAt: '2026-11-21T10:00:00.000Z', session };
}

/** The events of one session's life, the first at version 1. */
export function life(id: string, ...statuses: Status[]): Envelope[] {
  return statuses.map((status, index) =>
    envelope(sessionView({ id, status, version: index + 1, reason: status === 'closed' ? 'cancelled' : null })),
  );
}
