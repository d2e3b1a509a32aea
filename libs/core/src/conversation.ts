import type { Command, SessionCommand } from './command.ts';
import { type Audience, type SessionEvent, sessionEvent } from './event.ts';
import { type Policy, believable } from './policy.ts';
import { type Instant, type Session, isLive, rank } from './session.ts';
import { open } from './opening.ts';
import { close, settle } from './steps.ts';
import { transition } from './transition.ts';
import type { Verdict } from './verdict.ts';

/**
 * The sessions of one conversation and what they share. It is read and written as one, guarded by `version`, because a newer
 * invitation closes the older one and the conversation's end closes them all.
 */
export interface Conversation {
  /** Writes so far; 0 when it was never written. */
  version: number;
  /** Dialogs created at or before this are over; null when the conversation goes on. */
  closedUntil: Instant | null;
  /** The newest creation time of any invitation told. */
  newestAt: Instant | null;
  /** Those that are live and those that the commands name. */
  sessions: readonly Session[];
}

/** One that was never written. */
export const NEW_CONVERSATION: Conversation = { version: 0, closedUntil: null, newestAt: null, sessions: [] };

/** Where a conversation is kept. `id` is the conversation's; what a visitor asks for outside any is kept together by visitor. */
export interface ConversationRef {
  accountId: string;
  id: string;
  /** Null outside any conversation. */
  conversationId: string | null;
}

/** What to write, if anything, and what to answer. True only in `from <= now < until`, by the store's clock. */
export interface Decision {
  verdicts: Verdict[];
  next: Conversation | null;
  changed: readonly Session[];
  events: readonly SessionEvent[];
  from: Instant | null;
  until: Instant | null;
}

/** Decides what commands make of a conversation; pure. One verdict for each command, in their order. */
export function decide(
  ref: ConversationRef,
  conversation: Conversation,
  commands: readonly Command[],
  policy: Policy,
  now: Instant,
): Decision {
  const before = new Map(conversation.sessions.map((s) => [s.id, s]));
  const after = new Map(before);
  const quiet = new Set<string>();
  let { closedUntil, newestAt } = conversation;

  for (const session of before.values()) after.set(session.id, settle(session, now));

  const live = (): Session[] => [...after.values()].filter(isLive);

  /** There was an invitation: the newest wins, the older live ones are superseded. */
  const rankByAge = (session: Session): Session => {
    const at = session.createdAt ?? now;
    let ranked = session;
    if (isLive(session) && closedUntil !== null && at <= closedUntil) ranked = close(session, 'conversation_closed', now);
    else if (isLive(session) && newestAt !== null && at < newestAt) ranked = close(session, 'superseded', now);
    if (isLive(ranked) || session.createdAt !== null) {
      for (const other of live()) {
        if (other.id !== session.id && (other.createdAt ?? 0) <= at) after.set(other.id, close(other, 'superseded', now));
      }
    }
    if (session.createdAt !== null) newestAt = Math.max(newestAt ?? 0, session.createdAt);
    return ranked;
  };

  const meet = (told: SessionCommand): Verdict => {
    const command = 'facts' in told ? { ...told, facts: { ...told.facts, createdAt: believable(told.facts.createdAt, now) } } : told;
    const session = after.get(command.sessionId);
    if (!session) {
      if (!('facts' in command)) return { outcome: 'refused', code: 'not_found', session: null };
      if (command.type === 'request') {
        const earlier = live().toSorted((one, other) => rank(other.status) - rank(one.status))[0];
        if (earlier && earlier.status !== 'requested') return { outcome: 'refused', code: 'already_in_session', session: earlier };
        if (earlier && !command.byCode) return { outcome: 'unchanged', session: earlier };
      }
      const { accountId, conversationId } = ref;
      const opened = open({ id: command.sessionId, accountId, conversationId }, command, policy, now);
      const born = command.type === 'close' ? opened : rankByAge(opened);
      const settled = settle(born, now);
      after.set(born.id, settled);
      if (command.type === 'close') quiet.add(born.id);
      return { outcome: settled !== born ? 'expired_on_arrival' : 'changed', session: settled };
    }
    const step = transition(session, command, policy, now);
    if ('refused' in step) return { outcome: 'refused', code: step.refused, session };
    const to = 'to' in step ? step.to : session;
    // Told of an invitation, be it over or told before: only what was an invitation supersedes others, never a mere end.
    const ranked = command.type === 'invite' || command.type === 'confirm' ? rankByAge(to) : to;
    after.set(ranked.id, ranked);
    const closedByClock = command.type === 'expire' && session !== before.get(session.id);
    return { outcome: closedByClock || ranked.status !== session.status ? 'changed' : 'unchanged', session: ranked };
  };

  const verdicts = commands.map((command): Verdict => {
    if (command.type !== 'closeConversation') return meet(command);
    const closing = live().filter((s) => (s.createdAt ?? 0) <= command.createdUntil);
    for (const session of closing) after.set(session.id, close(session, 'conversation_closed', now));
    if (closedUntil === null || command.createdUntil > closedUntil) closedUntil = command.createdUntil;
    return { outcome: closing.length ? 'changed' : 'unchanged', session: closing[0] ?? null };
  });

  return conclude(conversation, before, after, { closedUntil, newestAt, quiet, verdicts, now });
}

/** Counts versions, makes the events and the time window in which the decision holds. */
function conclude(
  conversation: Conversation,
  before: ReadonlyMap<string, Session>,
  after: ReadonlyMap<string, Session>,
  found: { closedUntil: Instant | null; newestAt: Instant | null; quiet: ReadonlySet<string>; verdicts: Verdict[]; now: Instant },
): Decision {
  const changed = new Map<string, Session>();
  const events: SessionEvent[] = [];
  let from: Instant | null = null;
  let until: Instant | null = null;
  for (const session of after.values()) {
    const old = before.get(session.id);
    if (session === old) continue;
    const next = { ...session, version: (old?.version ?? 0) + 1 };
    changed.set(next.id, next);
    if (old?.status !== next.status) events.push(sessionEvent(next, found.now, audienceOf(old, next, found.quiet)));
    // The visitor's pages could not be asked before; nobody else has missed anything, and what is answered is not asked.
    else if (old.visitor.id !== next.visitor.id && next.status === 'invited') events.push(sessionEvent(next, found.now, ['pages']));
    if (!old || old.dueAt === null) continue;
    if (found.now >= old.dueAt) from = Math.max(from ?? 0, old.dueAt);
    else until = Math.min(until ?? Infinity, old.dueAt);
  }
  const verdicts = found.verdicts.map((v): Verdict => ({
    ...v,
    session: (v.session && (changed.get(v.session.id) ?? after.get(v.session.id))) ?? null,
  }));
  const { closedUntil, newestAt } = found;
  const same = changed.size === 0 && closedUntil === conversation.closedUntil && newestAt === conversation.newestAt;
  const next = same
    ? null
    : { version: conversation.version + 1, closedUntil, newestAt, sessions: [...after.values()].map((s) => changed.get(s.id) ?? s) };
  return { verdicts, next, changed: [...changed.values()], events, from, until };
}

/**
 * Pages hear of what they were shown; a session that was closed before it could be shown is none of their business. A platform's
 * own word that an unknown dialog is over is news to nobody.
 */
function audienceOf(old: Session | undefined, next: Session, quiet: ReadonlySet<string>): readonly Audience[] {
  if (quiet.has(next.id)) return [];
  return old || isLive(next) ? ['pages', 'callbacks'] : ['callbacks'];
}
