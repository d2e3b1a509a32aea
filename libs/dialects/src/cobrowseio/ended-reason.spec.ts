import { REASONS } from '#libs/core';
import { at } from '../../testing/sessions.ts';
import { endedReason } from './ended-reason.ts';

const WORDS = ['device_ended', 'agent_ended', 'pending_timeout', 'authorizing_timeout', 'active_timeout', 'limit_enforcement', undefined];

describe("Why a session ended, in Cobrowse.io's words", () => {
  it.each([
    ['declined', 'device_ended'],
    ['cancelled', 'agent_ended'],
    ['withdrawn', 'device_ended'],
    ['expired', 'authorizing_timeout'],
    ['superseded', undefined],
    ['visitor_ended', 'device_ended'],
    ['agent_ended', 'agent_ended'],
    ['connection_lost', 'active_timeout'],
    ['conversation_closed', undefined],
    ['mode_not_allowed', undefined],
    ['limit_reached', 'limit_enforcement'],
    ['platform_closed', undefined],
  ] as const)('%s is %s', (reason, word) => {
    expect(endedReason({ reason, invitedAt: at(0) })).toBe(word);
  });

  it('an expired request that nobody took is a pending time-out', () => {
    expect(endedReason({ reason: 'expired', invitedAt: null })).toBe('pending_timeout');
  });

  it('there is none while it lives', () => {
    expect(endedReason({ reason: null, invitedAt: at(0) })).toBeUndefined();
  });

  it.each([...REASONS])('%s has one of the six words or none', (reason) => {
    for (const invitedAt of [at(0), null]) expect(WORDS).toContain(endedReason({ reason, invitedAt }));
  });
});
