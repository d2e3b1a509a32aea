import type { Sessions } from './ports.ts';

/**
 * Whether a visitor is asked or shares, in whatever conversation, apart from the session `except`. Each conversation is a record of its
 * own, so this is a courtesy and no guard.
 */
export async function isBusy(sessions: Sessions, visitor: { accountId: string; visitorId: string }, except?: string): Promise<boolean> {
  const live = await sessions.ofVisitor(visitor.accountId, visitor.visitorId);
  return live.some(({ session }) => session.id !== except && session.status !== 'requested');
}
