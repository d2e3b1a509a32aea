import type { Command } from './command.ts';
import { type ConversationRef, type Decision, decide } from './conversation.ts';
import type { SessionEvent } from './event.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import type { Callbacks, Journal, Pages, Sessions, Timers } from './ports.ts';
import type { Session, SessionRef } from './session.ts';
import type { Verdict } from './verdict.ts';

/** The conversation stayed contended, or the store kept refusing: nothing was written, the caller may try again. */
export class Contended extends Error {}

const ATTEMPTS = 25;

/**
 * The one door. Whatever happens, a notification, a click, a timer, an operator, becomes commands on one conversation and enters
 * here: load, decide, save in one guarded write, and only then tell pages, callbacks and timers.
 */
export class Bridge {
  private readonly performing = new Set<Promise<void>>();

  constructor(
    private readonly sessions: Sessions,
    private readonly timers: Timers,
    private readonly pages: Pages,
    private readonly callbacks: Callbacks,
    private readonly journal: Journal,
  ) {}

  /** One verdict for each command, in their order; durable when it answers. */
  async handle(ref: ConversationRef, commands: readonly Command[], policy: Policy = DEFAULT_POLICY): Promise<Verdict[]> {
    const began = performance.now();
    const ids = commands.flatMap((c) => ('sessionId' in c ? [c.sessionId] : []));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const recalled = attempt === 0 ? this.sessions.recall(ref) : null;
      const conversation = recalled ?? (await this.sessions.load(ref, ids));
      const decision = decide(ref, conversation, commands, policy, this.sessions.now());
      const { next } = decision;
      if (recalled && next === null) continue;
      if (next !== null && !(await this.sessions.save({ ref, ...decision, next }))) continue;
      this.tell(ref, commands, decision, conversation.sessions, performance.now() - began);
      if (decision.events.length > 0) this.perform(decision.events);
      return decision.verdicts;
    }
    throw new Contended(`The conversation ${ref.id} changed ${ATTEMPTS} times while a command was decided.`);
  }

  /** Closes every session that the clock has ended. One wake-up serves all. */
  async closeDue(): Promise<number> {
    let closed = 0;
    for (;;) {
      const due = await this.sessions.due(DUE_AT_ONCE);
      const verdicts = await Promise.all(due.map((session) => this.handle(refOf(session), [{ type: 'expire', sessionId: session.id }])));
      closed += verdicts.length;
      if (due.length < DUE_AT_ONCE) return closed;
    }
  }

  /** Tells again what was committed but perhaps not told, as after a crash. */
  async performPending(olderThanMs: number): Promise<number> {
    const events = await this.sessions.pending(olderThanMs, DUE_AT_ONCE);
    // Each by itself: one that fails again and again keeps no other waiting.
    for (const event of events) this.perform([event]);
    return events.length;
  }

  /** Resolves when everything that was committed here has been told. */
  async settled(): Promise<void> {
    while (this.performing.size > 0) await Promise.all(this.performing);
  }

  private perform(events: readonly SessionEvent[]): void {
    const due = events.flatMap(({ session }) => (session.dueAt === null ? [] : [session.dueAt]));
    if (due.length > 0) this.timers.arm(due);
    const shown = events.filter((event) => event.audience.includes('pages'));
    if (shown.length > 0) this.pages.push(shown);
    const heard = events.filter((event) => event.audience.length > 0);
    if (heard.length === 0) return;
    const calling = this.callbacks
      .enqueue(heard.filter((event) => event.audience.includes('callbacks')))
      .then(() => this.sessions.performed(heard))
      // Left pending in the record: the sweep tells them again.
      .catch(() => undefined)
      .finally(() => this.performing.delete(calling));
    this.performing.add(calling);
  }

  private tell(ref: ConversationRef, commands: readonly Command[], decision: Decision, before: readonly Session[], ms: number): void {
    for (const [i, verdict] of decision.verdicts.entries()) {
      const from = before.find((s) => s.id === verdict.session?.id)?.status ?? null;
      this.journal.handled({ accountId: ref.accountId, command: commands[i]?.type ?? '', verdict, from, ms });
    }
  }
}

const DUE_AT_ONCE = 1000;

/** Where a session's conversation is kept. */
export function refOf({ accountId, conversationId, visitor }: Omit<SessionRef, 'id'>): ConversationRef {
  return conversationId === null ? visitorRef(accountId, visitor.id ?? '') : { accountId, id: conversationId, conversationId };
}

/** Where a visitor's own requests are kept. No platform's id of a conversation begins with a tab. */
export function visitorRef(accountId: string, visitorId: string): ConversationRef {
  return { accountId, id: `\tvisitor\t${visitorId}`, conversationId: null };
}
