import type { Facts, SessionCommand } from './command.ts';
import { type Policy, invitationDeadline, invitedAt } from './policy.ts';
import type { Instant, Session } from './session.ts';
import { advance, close } from './steps.ts';

export type OpeningCommand = Extract<SessionCommand, { facts: Facts }>;

/** The session that the first word about it opens: live, or closed when there is a reason not to show it. */
export function open(
  origin: { id: string; accountId: string; conversationId: string | null },
  command: OpeningCommand,
  policy: Policy,
  now: Instant,
): Session {
  const { facts } = command;
  // Named one by one: an engine makes a plain literal ten times faster than one that is spread together, and every hook makes one.
  const blank: Session = {
    id: origin.id,
    accountId: origin.accountId,
    status: 'invited',
    mode: facts.mode ?? policy.defaultMode,
    version: 0,
    source: facts.source,
    conversationId: origin.conversationId,
    dialogId: facts.dialogId,
    serviceId: facts.serviceId,
    visitor: { id: facts.visitor.id, name: facts.visitor.name ?? 'visitor' },
    agent: facts.agent,
    monitoring: facts.monitoring,
    topic: null,
    createdAt: facts.createdAt,
    requestedAt: null,
    invitedAt: null,
    expiresAt: null,
    acceptedAt: null,
    activeAt: null,
    closedAt: null,
    reason: null,
    answeredBy: null,
    dueAt: null,
  };
  if (command.type === 'close') return close(blank, command.reason, now);
  if (command.type === 'request') {
    const { topic, byCode } = command;
    const expiresAt = now + (byCode ? policy.codeTtlSeconds : policy.requestTtlSeconds) * 1000;
    return { ...blank, status: 'requested', topic, requestedAt: now, expiresAt, dueAt: expiresAt };
  }
  const allowed = policy.allowedModes.includes(blank.mode);
  if (command.type === 'confirm') {
    return allowed ? advance(blank, command.status, policy, now) : close(blank, 'mode_not_allowed', now);
  }
  const expiresAt = invitationDeadline(facts, now, policy);
  const invited: Session = { ...blank, invitedAt: invitedAt(facts, now), expiresAt, dueAt: expiresAt };
  return allowed ? invited : close(invited, 'mode_not_allowed', now);
}
