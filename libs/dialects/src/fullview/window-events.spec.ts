import fc from 'fast-check';
import type { Envelope, SessionView } from '#libs/protocol';
import { allows, anyHearing, anyLife } from '../../testing/lifecycles.ts';
import { life, type Step } from '../../testing/sessions.ts';
import { fullviewEvents } from './window-events.ts';

/** What a window hears of the session, event by event. */
function heard(events: readonly Envelope[]): string[][] {
  let before: SessionView | undefined;
  return events.map((event) => {
    const told = fullviewEvents(before, event);
    before = event.session;
    for (const { detail } of told) expect(detail).toEqual({ callId: event.session.id });
    return told.map(({ name }) => name.replace('fullview:', ''));
  });
}

describe('To code written for Fullview', () => {
  it.each<[string, Step[], string[][]]>([
    ['an invitation that is accepted', ['invited', 'accepted', 'active'], [['callRequested'], ['callAccepted'], []]],
    ['an invitation whose acceptance is heard of by the joining', ['invited', 'active'], [['callRequested'], ['callAccepted']]],
    ['something learned later', ['invited', 'invited', 'accepted', 'accepted'], [['callRequested'], [], ['callAccepted'], []]],
    ['a request', ['requested', 'requested'], [['supportRequested'], []]],
    [
      'a request that is taken, where the visitor is asked again',
      ['requested', 'invited', 'accepted', 'active'],
      [['supportRequested'], ['supportRequestTaken', 'callRequested'], ['callAccepted'], []],
    ],
    [
      'a request that is taken, where consent is skipped',
      ['requested', 'accepted', 'active'],
      [['supportRequested'], ['supportRequestTaken', 'callAccepted'], []],
    ],
    ['a taken request, denied', ['requested', 'invited', 'declined'], [['supportRequested'], expect.any(Array), ['callDenied']]],
    ['a session found running', ['accepted', 'active', 'agent_ended'], [['callAccepted'], [], ['callEnded']]],
    ['the end of a session that this page never knew', ['declined'], [[]]],
  ])('%s is told so', (_, steps, told) => {
    expect(heard(life(...steps))).toEqual(told);
  });

  it.each<[Step, string]>([
    ['withdrawn', 'supportRequestCancelledByCustomer'],
    ['superseded', 'supportRequestCancelledByCustomer'],
    ['cancelled', 'supportRequestCancelledByAgent'],
    ['expired', 'supportRequestCancelledByAgent'],
  ])('a request that ends as %s is %s', (reason, name) => {
    expect(heard(life('requested', reason))).toEqual([['supportRequested'], [name]]);
  });

  it.each<[Step, Step, string]>([
    ['invited', 'declined', 'callDenied'],
    ['invited', 'cancelled', 'callEnded'],
    ['invited', 'expired', 'callEnded'],
    ['invited', 'superseded', 'callEnded'],
    ['invited', 'conversation_closed', 'callEnded'],
    ['invited', 'mode_not_allowed', 'callEnded'],
    ['invited', 'platform_closed', 'callEnded'],
    ['accepted', 'connection_lost', 'callEnded'],
    ['active', 'visitor_ended', 'callEnded'],
    ['active', 'agent_ended', 'callEnded'],
    ['active', 'limit_reached', 'callEnded'],
  ])('a call that is %s and then %s is over by %s', (status, reason, name) => {
    expect(heard(life(status, reason)).at(-1)).toEqual([name]);
  });

  it('an end is final, whatever is said of the session afterwards', () => {
    const [active, closed] = life('active', 'agent_ended') as [Envelope, Envelope];
    expect([active, closed].flatMap((event) => fullviewEvents(closed.session, event))).toEqual([]);
  });

  it('a request that was taken, answered and over while the page was away is told in short', () => {
    const [asked, , denied] = life('requested', 'invited', 'declined');
    expect(heard([asked, denied] as Envelope[])).toEqual([['supportRequested'], ['supportRequestTaken', 'callDenied']]);
    const [, , , ended] = life('requested', 'accepted', 'active', 'agent_ended');
    expect(heard([asked, ended] as Envelope[])).toEqual([['supportRequested'], ['supportRequestTaken', 'callEnded']]);
  });
});

/** The article's words: who may follow whom. A state without a way out is the end. */
const CALL = {
  start: { supportRequested: 'asked', callRequested: 'ringing', callAccepted: 'on' },
  asked: { supportRequestTaken: 'taken', supportRequestCancelledByCustomer: 'over', supportRequestCancelledByAgent: 'over' },
  taken: { callRequested: 'ringing', callAccepted: 'on', callDenied: 'over', callEnded: 'over' },
  ringing: { callAccepted: 'on', callDenied: 'over', callEnded: 'over' },
  on: { callEnded: 'over' },
};

describe("Whatever a session's life, and however little of it a page hears", () => {
  it('a page hears a call as Fullview documents one', () => {
    fc.assert(
      fc.property(anyHearing, (events) => {
        const words = heard(events).flat();
        expect([words, allows(CALL, words)]).toEqual([words, true]);
      }),
      { numRuns: 2000 },
    );
  });

  it('a page that misses nothing is told the end once, and only when there is one', () => {
    fc.assert(
      fc.property(anyLife, (events) => {
        const words = heard(events).flat();
        const ends = words.filter((word) => /Denied|Ended|Cancelled/.test(word));
        expect(ends).toHaveLength(events.at(-1)?.session.status === 'closed' ? 1 : 0);
        expect(words.filter((word) => word === 'callRequested')).toHaveLength(
          events.some(({ type }) => type === 'session.invited') ? 1 : 0,
        );
      }),
    );
  });
});
