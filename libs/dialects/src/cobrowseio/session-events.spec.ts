import fc from 'fast-check';
import type { Envelope, SessionView } from '#libs/protocol';
import { allows, anyHearing } from '../../testing/lifecycles.ts';
import { at, envelope, life, requestView, sessionView, type Step } from '../../testing/sessions.ts';
import { projectSession } from './projected-session.ts';
import { type CobrowseEvent, cobrowseEvents } from './session-events.ts';

function heard(events: readonly Envelope[]): CobrowseEvent[] {
  let before: SessionView | undefined;
  return events.flatMap((event) => {
    const told = cobrowseEvents(before, event);
    before = event.session;
    return told;
  });
}

const short = ({ name, session }: CobrowseEvent): string => `${name.replace('session.', '')} ${session.state}`;

describe('To code written for Cobrowse.io', () => {
  it.each<[string, Step[], string[]]>([
    ['an invitation', ['invited'], ['loaded pending', 'updated authorizing']],
    [
      'a whole session',
      ['invited', 'accepted', 'active', 'visitor_ended'],
      ['loaded pending', 'updated authorizing', 'updated active', 'updated active', 'ended ended'],
    ],
    ['a refused one', ['invited', 'declined'], ['loaded pending', 'updated authorizing', 'ended ended']],
    ['a request', ['requested'], ['loaded pending']],
    ['a request that is taken', ['requested', 'invited'], ['loaded pending', 'updated authorizing']],
    ['a request whose consent is skipped', ['requested', 'accepted'], ['loaded pending', 'updated active']],
    ['a request that nobody takes', ['requested', 'expired'], ['loaded pending', 'ended ended']],
    ['a session found running', ['active'], ['loaded active', 'updated active']],
    ['something learned later', ['invited', 'invited'], ['loaded pending', 'updated authorizing', 'updated authorizing']],
    ['the end of a session that this page never knew', ['declined'], []],
  ])('%s is told so', (_, steps, told) => {
    expect(heard(life(...steps)).map(short)).toEqual(told);
  });

  it('an end is final, whatever is said of the session afterwards', () => {
    const [active, closed] = life('active', 'agent_ended') as [Envelope, Envelope];
    expect([active, closed].flatMap((event) => cobrowseEvents(closed.session, event))).toEqual([]);
  });

  it('a session has the fields of the vendor', () => {
    const [, accepted, closed] = life('invited', 'accepted', 'connection_lost').map((event) =>
      projectSession(event.session, event.occurredAt),
    );
    expect(accepted).toEqual({
      id: 'ses_1',
      state: 'active',
      endedReason: undefined,
      agent: { id: 'agent-7', name: 'Alex' },
      requireConsent: true,
      fullDevice: false,
      remoteControl: 'off',
      created: new Date(at(0)),
      expires: new Date(at(120)),
      activated: new Date(at(1)),
      updated: new Date(at(1)),
      ended: null,
    });
    expect(closed).toMatchObject({ state: 'ended', endedReason: 'active_timeout', updated: new Date(at(2)), ended: new Date(at(2)) });
  });

  it('a request has no agent', () => {
    expect(projectSession(requestView(), at(0))).toMatchObject({ agent: false, expires: new Date(at(1200)) });
    expect(projectSession(sessionView({ agent: { id: 'agent-7' } }), at(0)).agent).toEqual({ id: 'agent-7' });
    expect(projectSession(sessionView({ agent: { id: null, name: 'Alex' } }), at(0)).agent).toEqual({ name: 'Alex' });
  });

  it('consent is not required where the request was the yes, once that is known', () => {
    const told = heard(life('requested', 'accepted', 'agent_ended')).map(({ session }) => session.requireConsent);
    expect(told).toEqual([true, false, false]);
  });

  it.each([
    ['shared', 'on'],
    ['view', 'off'],
    ['follow', 'off'],
  ] as const)('the mode %s is remote control %s', (mode, control) => {
    for (const { session } of heard([envelope(sessionView({ mode }))])) expect(session.remoteControl).toBe(control);
  });

  it('a session whose invitation was never heard has all dates that the vendor promises', () => {
    const [session] = heard(life('active')).map((event) => event.session);
    expect(session).toMatchObject({ created: new Date(at(0)), expires: new Date(at(0)), activated: new Date(at(0)) });
  });
});

/** As documented: pending, authorizing unless consent is not required, active, ended. A page may come in at any live state. */
const STATES = {
  start: { 'loaded pending': 'pending', 'loaded authorizing': 'authorizing', 'loaded active': 'active' },
  pending: { 'updated pending': 'pending', 'updated authorizing': 'authorizing', 'updated active': 'active', 'ended ended': 'over' },
  authorizing: { 'updated authorizing': 'authorizing', 'updated active': 'active', 'ended ended': 'over' },
  active: { 'updated active': 'active', 'ended ended': 'over' },
};

const WORDS = ['device_ended', 'agent_ended', 'pending_timeout', 'authorizing_timeout', 'active_timeout', 'limit_enforcement', undefined];

describe("Whatever a session's life, and however little of it a page hears", () => {
  it('a page hears a session as Cobrowse.io documents one, and its end is final', () => {
    fc.assert(
      fc.property(anyHearing, (events) => {
        const told = heard(events);
        const words = told.map(short);
        expect([words, allows(STATES, words)]).toEqual([words, true]);
        for (const { name, session } of told) {
          expect(WORDS).toContain(session.endedReason);
          if (name !== 'session.ended') expect([session.endedReason, session.ended]).toEqual([undefined, null]);
          expect(session.ended !== null).toBe(name === 'session.ended');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('dates never go back', () => {
    fc.assert(
      fc.property(anyHearing, (events) => {
        for (const { session } of heard(events)) {
          const dates = [session.created, session.activated, session.ended].filter((date) => date !== null).map(Number);
          expect(dates).toEqual(dates.toSorted((one, other) => one - other));
          expect(Number(session.updated)).toBeGreaterThanOrEqual(Math.max(...dates));
        }
      }),
    );
  });
});
