import type { Facts, Instant, Policy, Session } from '#libs/core';
import type { InvitationDto } from './invitation.dto.ts';

/** What an invitation made at `now` tells. */
export function factsOf(invitation: InvitationDto, policy: Policy, now: Instant): Facts {
  return {
    source: 'platform',
    dialogId: null,
    serviceId: invitation.serviceId ?? null,
    mode: invitation.mode ?? null,
    visitor: { id: invitation.visitorId, name: invitation.visitorName ?? null },
    agent: { id: invitation.agentId, name: invitation.agentName ?? null },
    monitoring: { sessionId: null, visitorId: null },
    createdAt: now,
    expires: invitation.expiresInSeconds ? now + allowedMs(invitation.expiresInSeconds, policy) : null,
  };
}

/**
 * Whether a session is what this invitation asks for: the record itself is the fingerprint of the request that made it. What the
 * invitation leaves to the account's settings may be anything.
 */
export function asksFor(invitation: InvitationDto, session: Session, policy: Policy): boolean {
  const told = factsOf(invitation, policy, session.createdAt ?? 0);
  return (
    session.conversationId === invitation.conversationId &&
    session.visitor.id === told.visitor.id &&
    session.visitor.name === (told.visitor.name ?? 'visitor') &&
    session.agent.id === told.agent.id &&
    session.agent.name === told.agent.name &&
    session.serviceId === told.serviceId &&
    (told.mode === null || session.mode === told.mode) &&
    (told.expires === null || session.expiresAt === told.expires)
  );
}

const allowedMs = (seconds: number, policy: Policy): number => Math.min(seconds, policy.invitationTtlSeconds) * 1000;
