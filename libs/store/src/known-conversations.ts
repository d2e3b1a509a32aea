import { LRUCache } from 'lru-cache';
import { type Conversation, type ConversationRef, NEW_CONVERSATION, type Write } from '#libs/core';

const CONVERSATIONS = 20_000;
const SESSIONS_IN_ONE = 4;

/** Not new, and not known with all of its sessions. */
const MET: Conversation = { ...NEW_CONVERSATION, version: -1 };

/** The latest of the conversations that began here, with all of their sessions: one that is missing would be taken for new. */
export class KnownConversations {
  private readonly known = new LRUCache<string, Conversation>({ max: CONVERSATIONS });

  /** One that began here, or a new one where it was never met: who tells of it told nothing before. Null when that much is not known. */
  recall(ref: ConversationRef): Conversation | null {
    const known = this.known.get(keyOf(ref)) ?? NEW_CONVERSATION;
    return known === MET ? null : known;
  }

  /** What a write upon `before` came to. */
  learn({ ref, next, changed }: Write, before: Conversation | null, saved: boolean): void {
    const sessions = [...(before?.sessions ?? []).filter(({ id }) => !changed.some((s) => s.id === id)), ...changed];
    const whole = saved && before !== null && before.version === next.version - 1 && sessions.length <= SESSIONS_IN_ONE;
    this.known.set(keyOf(ref), whole ? { ...next, sessions } : MET);
  }
}

/** A conversation's key in the store's answers, too. */
export const keyOf = ({ accountId, id }: ConversationRef): string => `${accountId}\n${id}`;
