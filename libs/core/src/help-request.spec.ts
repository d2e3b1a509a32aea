import { facts } from '../testing/sessions.contract.ts';
import type { SessionCommand } from './command.ts';
import { decide, NEW_CONVERSATION, type Conversation } from './conversation.ts';
import { visitorRef } from './bridge.ts';
import { open } from './opening.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import type { Session } from './session.ts';
import { settle } from './steps.ts';
import { transition } from './transition.ts';

const T0 = Date.UTC(2026, 10, 21, 10);
const REF = visitorRef('acme', 'visitor-1');
const ORIGIN = { id: 'ses_1', accountId: 'acme', conversationId: null };
const grace = { id: 'agent-1', name: 'Grace' };
const asked = (byCode = false, sessionId = 'ses_1') =>
  ({
    type: 'request',
    sessionId,
    facts: facts({ source: 'page', dialogId: null, agent: { id: null, name: null } }),
    topic: 'Returns',
    byCode,
  }) as const;
const requested = open(ORIGIN, asked(), DEFAULT_POLICY, T0);

const command = {
  take: { type: 'take', sessionId: 'ses_1', agent: grace, mode: null },
  takeByAnother: { type: 'take', sessionId: 'ses_1', agent: { id: 'agent-2', name: null }, mode: null },
  refuse: { type: 'refuse', sessionId: 'ses_1' },
  withdraw: { type: 'withdraw', sessionId: 'ses_1' },
  accept: { type: 'accept', sessionId: 'ses_1', page: 'page-1' },
  decline: { type: 'decline', sessionId: 'ses_1', page: 'page-1' },
  cancel: { type: 'cancel', sessionId: 'ses_1' },
  end: { type: 'end', sessionId: 'ses_1', by: 'visitor', page: 'page-1' },
} satisfies Record<string, SessionCommand>;
type Name = keyof typeof command;

function step(session: Session, name: Name, policy: Policy = DEFAULT_POLICY): Session {
  const next = transition(session, command[name], policy, T0 + 1000);
  if (!('to' in next)) throw new Error(`${name} does not move a session that is ${session.status}`);
  return next.to;
}

function told(session: Session, name: Name): string {
  const next = transition(session, command[name], DEFAULT_POLICY, T0 + 2000);
  if ('refused' in next) return next.refused;
  return 'unchanged' in next ? 'unchanged' : (next.to.reason ?? next.to.status);
}

describe("a visitor's request", () => {
  const taken = step(requested, 'take');
  const state = {
    requested,
    taken,
    accepted: step(taken, 'accept'),
    refused: step(requested, 'refuse'),
    withdrawn: step(requested, 'withdraw'),
    expired: settle(requested, T0 + 1_200_000),
    'an invitation that nobody asked for': open(ORIGIN, { type: 'invite', sessionId: 'ses_1', facts: facts() }, DEFAULT_POLICY, T0),
  };
  const closed = { accept: 'session_closed', decline: 'session_closed', cancel: 'session_closed', end: 'session_closed' };
  const late = { take: 'session_closed', takeByAnother: 'session_closed', refuse: 'session_closed', withdraw: 'session_closed' };

  it.each<[keyof typeof state, Record<Name, string>]>([
    [
      'requested',
      {
        take: 'invited',
        takeByAnother: 'invited',
        refuse: 'cancelled',
        withdraw: 'withdrawn',
        accept: 'not_accepted',
        decline: 'not_accepted',
        cancel: 'cancelled',
        end: 'not_accepted',
      },
    ],
    [
      'taken',
      {
        take: 'unchanged',
        takeByAnother: 'already_taken',
        refuse: 'already_taken',
        withdraw: 'already_taken',
        accept: 'accepted',
        decline: 'declined',
        cancel: 'cancelled',
        end: 'not_accepted',
      },
    ],
    [
      'accepted',
      {
        take: 'unchanged',
        takeByAnother: 'already_taken',
        refuse: 'already_taken',
        withdraw: 'already_taken',
        accept: 'unchanged',
        decline: 'already_accepted',
        cancel: 'already_accepted',
        end: 'visitor_ended',
      },
    ],
    ['refused', { ...late, ...closed }],
    ['withdrawn', { ...late, ...closed, withdraw: 'unchanged' }],
    [
      'expired',
      {
        take: 'session_expired',
        takeByAnother: 'session_expired',
        refuse: 'session_expired',
        withdraw: 'session_expired',
        accept: 'session_expired',
        decline: 'session_expired',
        cancel: 'session_expired',
        end: 'session_expired',
      },
    ],
    [
      'an invitation that nobody asked for',
      {
        take: 'already_taken',
        takeByAnother: 'already_taken',
        refuse: 'already_taken',
        withdraw: 'already_taken',
        accept: 'accepted',
        decline: 'declined',
        cancel: 'cancelled',
        end: 'not_accepted',
      },
    ],
  ])('%s', (name, expected) => {
    expect(Object.fromEntries((Object.keys(command) as Name[]).map((one) => [one, told(state[name], one)]))).toEqual(expected);
  });

  it('waits for as long as the account says, and longer or shorter with a code', () => {
    const policy = { ...DEFAULT_POLICY, requestTtlSeconds: 300, codeTtlSeconds: 60 };
    expect(open(ORIGIN, asked(), policy, T0)).toMatchObject({
      requestedAt: T0,
      expiresAt: T0 + 300_000,
      dueAt: T0 + 300_000,
    });
    expect(open(ORIGIN, asked(true), policy, T0)).toMatchObject({ expiresAt: T0 + 60_000 });
    expect(settle(requested, T0 + 1_199_999)).toBe(requested);
    expect(settle(requested, T0 + 1_200_000)).toMatchObject({ status: 'closed', reason: 'expired', invitedAt: null });
  });

  it('has a new end when the visitor is asked, and takes the mode of the account when the agent names none', () => {
    expect(taken).toMatchObject({ mode: 'view', agent: grace, invitedAt: T0 + 1000, expiresAt: T0 + 121_000, dueAt: T0 + 121_000 });
  });

  it('that was the yes goes straight to accepted, and is nobody’s answer', () => {
    const accepted = step(requested, 'take', { ...DEFAULT_POLICY, consent: 'skip_when_requested' });
    expect(accepted).toMatchObject({ status: 'accepted', invitedAt: null, acceptedAt: T0 + 1000, answeredBy: null, dueAt: T0 + 121_000 });
  });

  it('is not what a session of a version before this was', () => {
    const { requestedAt: _requestedAt, topic: _topic, ...old } = state['an invitation that nobody asked for'];
    expect(told(old as Session, 'take')).toBe('already_taken');
  });

  it('is not spoilt by a mode that is not allowed', () => {
    const strict = { ...DEFAULT_POLICY, allowedModes: ['view'] as const };
    expect(transition(requested, { ...command.take, mode: 'shared' }, strict, T0)).toEqual({ refused: 'mode_not_allowed' });
  });
});

describe("a visitor's requests", () => {
  const after = (conversation: Conversation, ...commands: SessionCommand[]) => decide(REF, conversation, commands, DEFAULT_POLICY, T0);
  const first = after(NEW_CONVERSATION, asked()).next!;

  it('are one, asked for again', () => {
    const again = after(first, asked(false, 'ses_2'));
    expect(again).toMatchObject({ next: null, verdicts: [{ outcome: 'unchanged', session: { id: 'ses_1' } }] });
  });

  it('give way to one with a code', () => {
    const { next, events } = after(first, asked(true, 'ses_2'));
    expect(next?.sessions).toMatchObject([
      { id: 'ses_1', status: 'closed', reason: 'superseded' },
      { id: 'ses_2', status: 'requested' },
    ]);
    expect(events.map(({ type, audience }) => [type, audience])).toEqual([
      ['session.closed', ['pages', 'callbacks']],
      ['session.requested', ['pages', 'callbacks']],
    ]);
  });

  it('are refused while the visitor is asked or shares', () => {
    const busy = after(first, command.take).next!;
    for (const byCode of [true, false]) {
      expect(after(busy, asked(byCode, 'ses_2')).verdicts).toMatchObject([
        { outcome: 'refused', code: 'already_in_session', session: { id: 'ses_1' } },
      ]);
    }
  });
});
