import type { Envelope, SessionView } from '#libs/protocol';

type Status = SessionView['status'];
type Reason = NonNullable<SessionView['reason']>;

export const T0 = Date.UTC(2026, 10, 21, 10);
export const at = (second: number): string => new Date(T0 + second * 1000).toISOString();

/** An invitation of a platform, unless said otherwise. */
export function sessionView(about: Partial<SessionView> = {}): SessionView {
  return {
    id: 'ses_1',
    accountId: '12345678',
    status: 'invited',
    mode: 'view',
    version: 1,
    source: 'platform',
    conversationId: 'conversation-1',
    dialogId: null,
    serviceId: null,
    visitor: { id: 'visitor-1', name: 'visitor' },
    agent: { id: 'agent-7', name: 'Alex' },
    invitedAt: at(0),
    expiresAt: at(120),
    acceptedAt: null,
    activeAt: null,
    closedAt: null,
    reason: null,
    ...about,
  };
}

/** The visitor's own request, before an agent takes it. */
export const requestView = (about: Partial<SessionView> = {}): SessionView =>
  sessionView({
    status: 'requested',
    source: 'page',
    conversationId: null,
    agent: { id: null },
    requestedAt: at(0),
    invitedAt: null,
    expiresAt: at(1200),
    ...about,
  });

export type Step = Exclude<Status, 'closed'> | Reason;

/** A whole life, one event for each step: a status, or the reason that it was closed for. Version and second count up together. */
export function life(...steps: Step[]): Envelope[] {
  let session = steps[0] === 'requested' ? requestView({ version: 0 }) : sessionView({ version: 0, invitedAt: null, expiresAt: null });
  return steps.map((step, second) => {
    session = { ...after(session, step, at(second)), version: session.version + 1 };
    return envelope(session, at(second));
  });
}

export const envelope = (session: SessionView, occurredAt = at(session.version - 1)): Envelope => ({
  id: `evt_${session.id}_${session.version}`,
  type: `session.${session.status}`,
  occurredAt,
  session,
});

function after(session: SessionView, step: Step, now: string): SessionView {
  const agent = { id: 'agent-7', name: 'Alex' };
  switch (step) {
    case 'requested':
      return session;
    case 'invited':
      return { ...session, agent, status: step, invitedAt: session.invitedAt ?? now, expiresAt: at(120) };
    case 'accepted':
      return { ...session, agent, status: step, acceptedAt: session.acceptedAt ?? now };
    case 'active':
      return { ...session, agent, status: step, acceptedAt: session.acceptedAt ?? now, activeAt: session.activeAt ?? now };
    default:
      return { ...session, status: 'closed', closedAt: now, reason: step };
  }
}
