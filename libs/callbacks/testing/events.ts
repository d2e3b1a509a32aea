import {
  type Account,
  DEFAULT_SETTINGS,
  type CallbackEndpoint,
  type Session,
  type SessionEvent,
  type Status,
  sessionEvent,
} from '#libs/core';
import { newCallbackSecret } from '../src/secret.ts';

/** A session's event; what does not matter is made up. `version` is its place in the line. */
export function event(name: string, version = 1, status: Status = 'invited', accountId = 'shop'): SessionEvent {
  const at = Date.UTC(2026, 10, 21, 10) + version;
  const session: Session = {
    id: `ses_${name}`,
    accountId,
    status,
    mode: 'view',
    version,
    source: 'platform',
    conversationId: `conversation-${name}`,
    dialogId: null,
    serviceId: null,
    visitor: { id: 'visitor-1', name: 'visitor' },
    agent: { id: 'agent-1', name: null },
    monitoring: { sessionId: null, visitorId: null },
    topic: null,
    createdAt: null,
    requestedAt: null,
    invitedAt: at,
    expiresAt: at + 120_000,
    acceptedAt: null,
    activeAt: null,
    closedAt: null,
    reason: null,
    answeredBy: null,
    dueAt: null,
  };
  return sessionEvent(session, at, ['callbacks']);
}

export const endpoint = (url: string, events?: string[]): CallbackEndpoint => ({
  url,
  secret: newCallbackSecret(),
  ...(events && { events }),
});

/** Accounts by id with these callbacks, and how often they were asked for. */
export class AccountsWith {
  asked = 0;

  constructor(readonly callbacks: Record<string, CallbackEndpoint[]>) {}

  readonly find = async (id: string): Promise<Account | null> => {
    this.asked += 1;
    const callbacks = this.callbacks[id];
    return callbacks ? { id, name: id, settings: { ...DEFAULT_SETTINGS, callbacks }, createdAt: 0 } : null;
  };
}
