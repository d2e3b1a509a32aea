import { type Bridge, Contended, type Session, type Sessions, type Settings, newSessionId, sessionId } from '#libs/core';
import { Problem } from '#libs/protocol';
import type { InvitationDto } from './invitation.dto.ts';
import { asksFor, factsOf } from './invitation.ts';

interface Request {
  accountId: string;
  /** The idempotency key, null when there is none. */
  key: string | null;
  invitation: InvitationDto;
  settings: Settings;
}

/** Makes a session. An idempotency key names one session for ever: its request, repeated, gives it again in its present state. */
export async function invite(bridge: Bridge, sessions: Sessions, request: Request): Promise<{ session: Session; replayed: boolean }> {
  const { accountId, key, invitation, settings } = request;
  const id = key === null ? newSessionId() : sessionId('idempotency-key', accountId, key);
  const earlier = key === null ? null : await sessions.find(accountId, id);
  if (earlier !== null) return replay(earlier, request);

  const { conversationId } = invitation;
  const facts = factsOf(invitation, settings, sessions.now());
  const ref = { accountId, id: conversationId, conversationId };
  try {
    const [verdict] = await bridge.handle(ref, [{ type: 'invite', sessionId: id, facts }], settings);
    if (!verdict?.session) throw new Error('An invitation was left without a session.');
    return verdict.outcome === 'unchanged' ? replay(verdict.session, request) : { session: verdict.session, replayed: false };
  } catch (error) {
    // Of two requests with one key that arrive together for different conversations, one finds the key's session taken.
    const taken = key !== null && error instanceof Contended ? await sessions.find(accountId, id) : null;
    if (taken === null) throw error;
    return replay(taken, request);
  }
}

function replay(session: Session, { invitation, settings }: Request): { session: Session; replayed: boolean } {
  if (asksFor(invitation, session, settings)) return { session, replayed: true };
  throw new Problem(
    'idempotency_key_reused',
    'An earlier request with this Idempotency-Key asked for something else. Use a new key for a new invitation.',
  );
}
