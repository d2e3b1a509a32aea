import fc from 'fast-check';
import { REASONS } from '#libs/core';
import { closeReason } from './close-reason.ts';

describe('why LivePerson says a dialog is over', () => {
  it.each([
    ['cancel_invitation', 'cancelled'],
    ['CANCEL_INVITATION', 'cancelled'],
    ['cancelInvitation', 'cancelled'],
    ['cancelled_invitation', 'cancelled'],
    ['callCancelledInvitation', 'cancelled'],
    ['cancelled', 'cancelled'],
    ['declined', 'declined'],
    ['call_declined', 'declined'],
    ['timeout', 'expired'],
    ['timed_out', 'expired'],
    ['consumer_left', 'visitor_ended'],
    ['ended_by_consumer', 'visitor_ended'],
    ['endedByAgent', 'agent_ended'],
    ['CallEndedByAgent', 'agent_ended'],
    ['not_joined', 'connection_lost'],
    ['ended', 'platform_closed'],
    ['invited', 'platform_closed'],
    ['accepted', 'platform_closed'],
    ['joined', 'platform_closed'],
    ['something_new', 'platform_closed'],
    ['', 'platform_closed'],
    ['constructor', 'platform_closed'],
    ['__proto__', 'platform_closed'],
    [undefined, 'platform_closed'],
    [null, 'platform_closed'],
    [7, 'platform_closed'],
    [['cancel_invitation'], 'platform_closed'],
  ])('%p is %s', (key, reason) => expect(closeReason(key)).toBe(reason));

  it('is always one of ours', () => {
    fc.assert(fc.property(fc.anything(), (key) => expect(REASONS).toContain(closeReason(key))));
  });
});
