import fc from 'fast-check';
import { type Command, CONSENTS, decide, DEFAULT_POLICY, FOREVER, NEW_CONVERSATION } from '#libs/core';
import { type Envelope, envelope } from '#libs/protocol';
import { life, type Step, T0 } from './sessions.ts';

type Live = Extract<Step, 'requested' | 'invited' | 'accepted' | 'active'>;

const LIVE: readonly Live[] = ['requested', 'invited', 'accepted', 'active'];

const ANYWHERE: readonly Step[] = ['superseded', 'conversation_closed', 'mode_not_allowed', 'platform_closed'];

/** Why a session may close that has come so far. */
const ENDS: Record<Live, readonly Step[]> = {
  requested: ['withdrawn', 'cancelled', 'expired', 'superseded'],
  invited: ['declined', 'cancelled', 'expired', ...ANYWHERE],
  accepted: ['visitor_ended', 'agent_ended', 'connection_lost', ...ANYWHERE],
  active: ['visitor_ended', 'agent_ended', 'limit_reached', ...ANYWHERE],
};

/** Every life that a session may have: forward only, statuses skipped or told again with something learned, closed for a legal reason or still open. */
export const anyLife: fc.Arbitrary<Envelope[]> = fc
  .subarray([...LIVE], { minLength: 1 })
  .chain((statuses) =>
    fc.record({
      statuses: fc.constant(statuses),
      again: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: statuses.length, maxLength: statuses.length }),
      end: fc.option(fc.constantFrom(...ENDS[statuses.at(-1) as Live]), { nil: undefined }),
    }),
  )
  .map(({ statuses, again, end }) =>
    life(...statuses.flatMap((status, index): Step[] => Array<Step>(again[index] ?? 1).fill(status)), ...(end ? [end] : [])),
  );

const FACTS = {
  dialogId: 'dialog-1',
  serviceId: 'visitor-1#conversation-1',
  mode: 'view',
  visitor: { id: 'visitor-1', name: null },
  monitoring: { sessionId: null, visitorId: null },
  createdAt: null,
  expires: null,
} as const;
const invitation = { ...FACTS, source: 'platform' as const, agent: { id: 'agent-7', name: 'Alex' } };
const request = { ...FACTS, source: 'page' as const, dialogId: null, agent: { id: null, name: null } };

const sessionId = 'ses_1';
const COMMANDS: readonly Command[] = [
  { type: 'request', sessionId, facts: request, topic: null, byCode: false },
  { type: 'request', sessionId: 'ses_2', facts: request, topic: null, byCode: true },
  { type: 'take', sessionId, agent: { id: 'agent-7', name: null }, mode: 'shared' },
  { type: 'refuse', sessionId },
  { type: 'withdraw', sessionId },
  { type: 'invite', sessionId, facts: invitation },
  { type: 'confirm', sessionId, status: 'accepted', facts: invitation },
  { type: 'confirm', sessionId, status: 'active', facts: invitation },
  { type: 'close', sessionId, reason: 'platform_closed', facts: invitation },
  { type: 'closeConversation', createdUntil: FOREVER },
  { type: 'accept', sessionId, page: 'page-1' },
  { type: 'decline', sessionId, page: 'page-1' },
  { type: 'cancel', sessionId },
  { type: 'join', sessionId },
  { type: 'end', sessionId, by: 'visitor', page: 'page-1' },
  { type: 'end', sessionId, by: 'agent' },
  { type: 'expire', sessionId },
];

/** What the bridge's own core tells pages of a session, whatever is done to it. */
export const anyLifeByTheCore: fc.Arbitrary<Envelope[]> = fc
  .record({
    steps: fc.array(fc.record({ command: fc.constantFrom(...COMMANDS), pause: fc.constantFrom(0, 1_000, 119_000, 1_200_000) }), {
      maxLength: 12,
    }),
    consent: fc.constantFrom(...CONSENTS),
  })
  .map(({ steps, consent }) => {
    const ref = { accountId: 'acme', id: 'conversation-1', conversationId: 'conversation-1' };
    let conversation = NEW_CONVERSATION;
    let now = T0;
    return steps.flatMap(({ command, pause }) => {
      const { next, events } = decide(ref, conversation, [command], { ...DEFAULT_POLICY, consent }, (now += pause));
      conversation = next ?? conversation;
      return events.filter(({ session, audience }) => session.id === sessionId && audience.includes('pages')).map(envelope);
    });
  });

/** What a page may hear of a life: each event at most once and in order, but it may come late, and be away in between. */
export const anyHearing: fc.Arbitrary<Envelope[]> = fc
  .oneof(anyLife, anyLifeByTheCore)
  .chain((events) => fc.subarray(events, { minLength: Math.min(1, events.length) }));

/** Whether a sequence of words is one that the automaton allows; the names of its states are its own business. */
export function allows(automaton: Record<string, Record<string, string>>, words: readonly string[], start = 'start'): boolean {
  let state: string | undefined = start;
  for (const word of words) {
    state = automaton[state]?.[word];
    if (state === undefined) return false;
  }
  return true;
}
