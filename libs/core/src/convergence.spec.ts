import fc from 'fast-check';
import { facts } from '../testing/sessions.contract.ts';
import { type Command, FOREVER } from './command.ts';
import { type Conversation, decide } from './conversation.ts';
import { DEFAULT_POLICY } from './policy.ts';
import type { SessionEvent } from './event.ts';
import { type Session, rank } from './session.ts';

const T0 = Date.UTC(2026, 10, 21, 10);
const REF = { accountId: 'acme', id: 'conversation-1', conversationId: 'conversation-1' };
const EMPTY: Conversation = { version: 0, closedUntil: null, newestAt: null, sessions: [] };

/** Runs commands through the same decisions that the bridge makes, each at its own time; the whole conversation stays loaded. */
function run(steps: readonly { command: Command; at: number }[]): {
  sessions: Map<string, Session>;
  events: SessionEvent[];
  conversations: Conversation[];
} {
  let conversation = EMPTY;
  const events: SessionEvent[] = [];
  const conversations: Conversation[] = [];
  for (const { command, at } of steps) {
    const decision = decide(REF, conversation, [command], DEFAULT_POLICY, at);
    if (decision.next) conversation = decision.next;
    events.push(...decision.events);
    conversations.push(conversation);
  }
  return { sessions: new Map(conversation.sessions.map((s) => [s.id, s])), events, conversations };
}

const DIALOGS = [1, 2, 3];
const dialogFacts = (n: number) =>
  facts({ dialogId: `dialog-${n}`, mode: 'shared', createdAt: T0 + n * 1000, expires: T0 + n * 1000 + 100_000 });
const UNKNOWN = { visitor: { id: null, name: null }, agent: { id: null, name: null } };
/** What follows an invitation may tell next to nothing. */
const SILENT = { mode: null, serviceId: null, agent: { id: null, name: null }, expires: null };

const platformCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...DIALOGS), fc.constantFrom({}, {}, UNKNOWN))
      .map(([n, told]): Command => ({ type: 'invite', sessionId: `ses_${n}`, facts: { ...dialogFacts(n), ...told } })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...DIALOGS), fc.constantFrom('accepted' as const, 'active' as const))
      .map(([n, status]): Command => ({ type: 'confirm', sessionId: `ses_${n}`, status, facts: { ...dialogFacts(n), ...SILENT } })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...DIALOGS), fc.constantFrom({ createdAt: null }, {})).map(([n, told]): Command => ({
      type: 'close',
      sessionId: `ses_${n}`,
      reason: 'cancelled',
      facts: { ...dialogFacts(n), ...SILENT, ...told },
    })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(T0 + 1500, FOREVER).map((createdUntil): Command => ({ type: 'closeConversation', createdUntil })),
  },
);

const personsCommand: fc.Arbitrary<Command> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...DIALOGS), fc.constantFrom('accept' as const, 'decline' as const), fc.constantFrom('page-1', 'page-2'))
    .map(([n, type, page]): Command => ({ type, sessionId: `ses_${n}`, page })),
  fc
    .tuple(fc.constantFrom(...DIALOGS), fc.constantFrom('cancel' as const, 'join' as const, 'expire' as const))
    .map(([n, type]): Command => ({ type, sessionId: `ses_${n}` })),
  fc
    .tuple(fc.constantFrom(...DIALOGS), fc.constantFrom({ by: 'visitor' as const, page: 'page-1' }, { by: 'agent' as const }))
    .map(([n, who]): Command => ({ type: 'end', sessionId: `ses_${n}`, ...who })),
);

const anyCommand = fc.oneof({ weight: 1, arbitrary: platformCommand }, { weight: 3, arbitrary: personsCommand });

/** What visitors ask for, and all that may happen to it. */
const requestCommand: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(fc.constantFrom(...DIALOGS), fc.boolean()).map(([n, byCode]): Command => ({
    type: 'request',
    sessionId: `ses_${n}`,
    facts: facts({ source: 'page', dialogId: null, agent: { id: null, name: null } }),
    topic: null,
    byCode,
  })),
  fc
    .tuple(fc.constantFrom(...DIALOGS), fc.constantFrom('agent-1', 'agent-2'), fc.constantFrom('view' as const, 'shared' as const, null))
    .map(([n, id, mode]): Command => ({ type: 'take', sessionId: `ses_${n}`, agent: { id, name: null }, mode })),
  fc
    .tuple(fc.constantFrom(...DIALOGS), fc.constantFrom('refuse' as const, 'withdraw' as const))
    .map(([n, type]): Command => ({ type, sessionId: `ses_${n}` })),
);

const livedBy = (command: fc.Arbitrary<Command>) =>
  fc.array(fc.record({ command, pause: fc.constantFrom(0, 1, 1000, 60_000, 119_000) }), { maxLength: 30 }).map((steps) => {
    let at = T0 + 5000;
    return steps.map(({ command: told, pause }) => ({ command: told, at: (at += pause) }));
  });

/** Of a conversation's sessions, and of what a visitor asked for outside any; kept apart as they are. */
const anyLife = fc.oneof(
  { weight: 2, arbitrary: livedBy(anyCommand) },
  { weight: 1, arbitrary: livedBy(fc.oneof(requestCommand, requestCommand, personsCommand)) },
);

/** What has to be the same in whatever order it was told: not the versions and instants of arrival. */
const essence = ({ sessions }: ReturnType<typeof run>): object =>
  Object.fromEntries(
    [...sessions.values()].map((s) => [
      s.id,
      { status: s.status, mode: s.mode, serviceId: s.serviceId, agent: s.agent, visitor: s.visitor, createdAt: s.createdAt },
    ]),
  );

describe('whatever happens, in whatever order', () => {
  it('final states never change and no session goes back', () => {
    fc.assert(
      fc.property(anyLife, (steps) => {
        const seen = new Map<string, Session>();
        for (const { sessions } of run(steps).conversations) {
          for (const session of sessions) {
            const before = seen.get(session.id);
            if (before) {
              expect(rank(session.status)).toBeGreaterThanOrEqual(rank(before.status));
              if (before.status === 'closed')
                expect(session).toMatchObject({ status: 'closed', reason: before.reason, closedAt: before.closedAt });
              if (session !== before) expect(session.version).toBeGreaterThanOrEqual(before.version);
            }
            seen.set(session.id, session);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('a session is accepted or declined at most once, and never at or after its end', () => {
    fc.assert(
      fc.property(anyLife, (steps) => {
        const { events } = run(steps);
        for (const n of DIALOGS) {
          const mine = events.filter((e) => e.session.id === `ses_${n}`);
          const accepted = mine.filter((e) => e.type === 'session.accepted');
          const declined = mine.filter((e) => e.session.reason === 'declined');
          expect(accepted.length).toBeLessThanOrEqual(1);
          expect(declined.length).toBeLessThanOrEqual(1);
          expect(accepted.length + declined.length).toBeLessThanOrEqual(1);
          for (const { session } of accepted) if (session.expiresAt !== null) expect(session.acceptedAt).toBeLessThan(session.expiresAt);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('at most one session of a conversation is live', () => {
    fc.assert(
      fc.property(anyLife, (steps) => {
        for (const { sessions } of run(steps).conversations)
          expect(sessions.filter((s) => s.status !== 'closed').length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });

  it('every event has an id of its own, and the same fact the same id', () => {
    fc.assert(
      fc.property(anyLife, (steps) => {
        const ids = run(steps).events.map((e) => e.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(run(steps).events.map((e) => e.id)).toEqual(ids);
      }),
      { numRuns: 300 },
    );
  });

  it('a write that closes for the clock is true only from then on, and one that does not only until then', () => {
    fc.assert(
      fc.property(anyLife, (steps) => {
        let conversation = EMPTY;
        for (const { command, at } of steps) {
          const decision = decide(REF, conversation, [command], DEFAULT_POLICY, at);
          if (decision.from !== null) expect(decision.from).toBeLessThanOrEqual(at);
          if (decision.until !== null) expect(decision.until).toBeGreaterThan(at);
          if (decision.next) conversation = decision.next;
        }
      }),
      { numRuns: 300 },
    );
  });

  it("permuting and duplicating a platform's notifications changes nothing", () => {
    const notifications = fc.array(platformCommand, { minLength: 1, maxLength: 8 });
    const shuffled = notifications.chain((commands) =>
      fc.tuple(
        fc.constant(commands),
        fc.shuffledSubarray(commands, { minLength: commands.length }),
        fc.array(fc.nat({ max: commands.length - 1 }), { maxLength: 6 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([inOrder, otherOrder, again]) => {
        const at = T0 + 5000;
        const doubled = [...otherOrder, ...again.map((i) => otherOrder[i] as Command)];
        const first = run(inOrder.map((command) => ({ command, at })));
        const second = run(doubled.map((command) => ({ command, at })));
        expect(essence(second)).toEqual(essence(first));
      }),
      { numRuns: 3000 },
    );
  });

  it('a creation time in the far future does not make every later invitation the older one', () => {
    const at = T0 + 5000;
    const absurd: Command = { type: 'invite', sessionId: 'ses_9', facts: { ...dialogFacts(1), createdAt: T0 + 86_400_000 } };
    const { sessions } = run([
      { command: absurd, at },
      { command: { type: 'invite', sessionId: 'ses_2', facts: { ...dialogFacts(2), createdAt: at + 1 } }, at: at + 10 },
    ]);
    expect(sessions.get('ses_2')).toMatchObject({ status: 'invited' });
    expect(sessions.get('ses_9')).toMatchObject({ status: 'closed', reason: 'superseded' });
  });

  it('a dialog of which only the end is told, as of a call, closes nothing but itself, until its invitation is heard', () => {
    const at = T0 + 5000;
    const invite = (n: number): Command => ({ type: 'invite', sessionId: `ses_${n}`, facts: dialogFacts(n) });
    const over: Command = { type: 'close', sessionId: 'ses_2', reason: 'agent_ended', facts: dialogFacts(2) };
    expect(run([invite(1), over].map((command) => ({ command, at }))).sessions.get('ses_1')).toMatchObject({ status: 'invited' });
    expect(run([over, invite(1)].map((command) => ({ command, at }))).sessions.get('ses_1')).toMatchObject({ status: 'invited' });
    expect(run([invite(1), over, invite(2)].map((command) => ({ command, at }))).sessions.get('ses_1')).toMatchObject({
      reason: 'superseded',
    });
  });

  it('a visitor who becomes known later is asked then, and once, and not what is answered already', () => {
    const at = T0 + 5000;
    const unknown: Command = { type: 'invite', sessionId: 'ses_1', facts: { ...dialogFacts(1), ...UNKNOWN } };
    const known: Command = { type: 'invite', sessionId: 'ses_1', facts: dialogFacts(1) };
    const { events } = run([unknown, known, known, unknown].map((command) => ({ command, at })));
    expect(events.map(({ type, audience, session }) => [type, audience, session.visitor.id])).toEqual([
      ['session.invited', ['pages', 'callbacks'], null],
      ['session.invited', ['pages'], 'visitor-1'],
    ]);

    const accepted: Command = { type: 'accept', sessionId: 'ses_1', page: 'page-1' };
    const answered = run([unknown, accepted, known].map((command) => ({ command, at })));
    expect(answered.events.map(({ type }) => type)).toEqual(['session.invited', 'session.accepted']);
    expect(answered.sessions.get('ses_1')?.visitor.id).toBe('visitor-1');
  });
});
