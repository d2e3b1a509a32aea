import { facts } from '../testing/sessions.contract.ts';
import type { SessionCommand } from './command.ts';
import { DEFAULT_POLICY } from './policy.ts';
import type { Session, Status } from './session.ts';
import { open } from './opening.ts';
import { settle } from './steps.ts';
import { transition } from './transition.ts';

const T0 = Date.UTC(2026, 10, 21, 10);
const ORIGIN = { id: 'ses_1', accountId: 'acme', conversationId: 'conversation-1' };
const invited = open(ORIGIN, { type: 'invite', sessionId: 'ses_1', facts: facts() }, DEFAULT_POLICY, T0);

const command = {
  invite: { type: 'invite', sessionId: 'ses_1', facts: facts() },
  accepted: { type: 'confirm', sessionId: 'ses_1', status: 'accepted', facts: facts() },
  joined: { type: 'confirm', sessionId: 'ses_1', status: 'active', facts: facts() },
  close: { type: 'close', sessionId: 'ses_1', reason: 'cancelled', facts: facts() },
  accept: { type: 'accept', sessionId: 'ses_1', page: 'page-1' },
  acceptElsewhere: { type: 'accept', sessionId: 'ses_1', page: 'page-2' },
  decline: { type: 'decline', sessionId: 'ses_1', page: 'page-1' },
  cancel: { type: 'cancel', sessionId: 'ses_1' },
  join: { type: 'join', sessionId: 'ses_1' },
  endByVisitor: { type: 'end', sessionId: 'ses_1', by: 'visitor', page: 'page-1' },
  endElsewhere: { type: 'end', sessionId: 'ses_1', by: 'visitor', page: 'page-2' },
  endByAgent: { type: 'end', sessionId: 'ses_1', by: 'agent' },
  expire: { type: 'expire', sessionId: 'ses_1' },
} satisfies Record<string, SessionCommand>;
type Name = keyof typeof command;

const after = (session: Session, name: Name): Session => {
  const step = transition(session, command[name], DEFAULT_POLICY, T0 + 1000);
  if (!('to' in step)) throw new Error(`${name} does not move a session that is ${session.status}`);
  return step.to;
};

const told = (session: Session, name: Name): string => {
  const step = transition(session, command[name], DEFAULT_POLICY, T0 + 2000);
  if ('refused' in step) return step.refused;
  if ('unchanged' in step) return 'unchanged';
  return step.to.reason ?? step.to.status;
};

const state: Record<string, Session> = {
  invited,
  accepted: after(invited, 'accept'),
  active: after(after(invited, 'accept'), 'joined'),
  declined: after(invited, 'decline'),
  expired: settle(invited, T0 + 120_000),
  ended: after(after(invited, 'accept'), 'endByVisitor'),
  acceptedThenCancelled: after(after(invited, 'accept'), 'close'),
};

describe('a session', () => {
  it.each<[string, Record<Name, string>]>([
    [
      'invited',
      {
        invite: 'unchanged',
        accepted: 'accepted',
        joined: 'active',
        close: 'cancelled',
        accept: 'accepted',
        acceptElsewhere: 'accepted',
        decline: 'declined',
        cancel: 'cancelled',
        join: 'not_accepted',
        endByVisitor: 'not_accepted',
        endElsewhere: 'not_accepted',
        endByAgent: 'not_accepted',
        expire: 'unchanged',
      },
    ],
    [
      'accepted',
      {
        invite: 'unchanged',
        accepted: 'unchanged',
        joined: 'active',
        close: 'cancelled',
        accept: 'unchanged',
        acceptElsewhere: 'already_accepted',
        decline: 'already_accepted',
        cancel: 'already_accepted',
        join: 'active',
        endByVisitor: 'visitor_ended',
        endElsewhere: 'visitor_ended',
        endByAgent: 'agent_ended',
        expire: 'unchanged',
      },
    ],
    [
      'active',
      {
        invite: 'unchanged',
        accepted: 'unchanged',
        joined: 'unchanged',
        close: 'cancelled',
        accept: 'unchanged',
        acceptElsewhere: 'already_accepted',
        decline: 'already_accepted',
        cancel: 'already_accepted',
        join: 'unchanged',
        endByVisitor: 'visitor_ended',
        endElsewhere: 'visitor_ended',
        endByAgent: 'agent_ended',
        expire: 'unchanged',
      },
    ],
    [
      'declined',
      {
        invite: 'unchanged',
        accepted: 'unchanged',
        joined: 'unchanged',
        close: 'unchanged',
        accept: 'session_closed',
        acceptElsewhere: 'session_closed',
        decline: 'unchanged',
        cancel: 'session_closed',
        join: 'session_closed',
        endByVisitor: 'session_closed',
        endElsewhere: 'session_closed',
        endByAgent: 'session_closed',
        expire: 'unchanged',
      },
    ],
    [
      'expired',
      {
        invite: 'unchanged',
        accepted: 'unchanged',
        joined: 'unchanged',
        close: 'unchanged',
        accept: 'session_expired',
        acceptElsewhere: 'session_expired',
        decline: 'session_expired',
        cancel: 'session_expired',
        join: 'session_expired',
        endByVisitor: 'session_expired',
        endElsewhere: 'session_expired',
        endByAgent: 'session_expired',
        expire: 'unchanged',
      },
    ],
    [
      'ended',
      {
        invite: 'unchanged',
        accepted: 'unchanged',
        joined: 'unchanged',
        close: 'unchanged',
        accept: 'session_closed',
        acceptElsewhere: 'session_closed',
        decline: 'session_closed',
        cancel: 'session_closed',
        join: 'session_closed',
        endByVisitor: 'unchanged',
        endElsewhere: 'session_closed',
        endByAgent: 'session_closed',
        expire: 'unchanged',
      },
    ],
    [
      'acceptedThenCancelled',
      {
        invite: 'unchanged',
        accepted: 'unchanged',
        joined: 'unchanged',
        close: 'unchanged',
        // A yes again would make the page that had said it believe that it shares.
        accept: 'session_closed',
        acceptElsewhere: 'session_closed',
        decline: 'session_closed',
        cancel: 'session_closed',
        join: 'session_closed',
        endByVisitor: 'session_closed',
        endElsewhere: 'session_closed',
        endByAgent: 'session_closed',
        expire: 'unchanged',
      },
    ],
  ])('that is %s answers every command', (name, expected) => {
    const session = state[name] as Session;
    expect(Object.fromEntries((Object.keys(command) as Name[]).map((c) => [c, told(session, c)]))).toEqual(expected);
  });

  it.each<[string, Session, number, Status, string | null]>([
    ['an invitation at its end', invited, 120_000, 'closed', 'expired'],
    ['an invitation a millisecond before its end', invited, 119_999, 'invited', null],
    ['an accepted session that nobody joins', state['accepted'] as Session, 121_000, 'closed', 'connection_lost'],
    ['an active session at its limit', state['active'] as Session, 14_401_000, 'closed', 'limit_reached'],
  ])('is closed by the clock: %s', (_, session, later, status, reason) => {
    expect(settle(session, T0 + later)).toMatchObject({ status, reason });
  });

  it('is never shown when its mode is not allowed', () => {
    const policy = { ...DEFAULT_POLICY, allowedModes: ['follow' as const] };
    expect(open(ORIGIN, command.invite, policy, T0)).toMatchObject({ status: 'closed', reason: 'mode_not_allowed' });
    expect(open(ORIGIN, command.accepted, policy, T0)).toMatchObject({ status: 'closed', reason: 'mode_not_allowed' });
  });

  it("has the account's default mode when the platform says none", () => {
    const silent = { ...command.invite, facts: facts({ mode: null }) };
    expect(open(ORIGIN, silent, { ...DEFAULT_POLICY, defaultMode: 'follow' }, T0).mode).toBe('follow');
  });
});
