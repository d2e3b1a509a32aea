import { DEFAULT_POLICY, type Facts, type Session, open } from '#libs/core';
import { facts } from '../../core/testing/sessions.contract.ts';
import { publishFor } from './envelope.ts';

const origin = { id: 'ses_1', accountId: '12345678', conversationId: 'conversation-1' };
const session = (known: Partial<Facts>): Session =>
  open(
    origin,
    { type: 'invite', sessionId: 'ses_1', facts: facts({ source: 'liveperson', ...known }) },
    DEFAULT_POLICY,
    Date.UTC(2026, 10, 21),
  );

describe("what LivePerson's tag is to be told", () => {
  const visitor = { id: 'visitor-1', name: null };

  it('has stand-ins for all that no notification has said, except for the agent', () => {
    const unsaid = { serviceId: null, visitor, agent: { id: null, name: null }, monitoring: { sessionId: null, visitorId: null } };
    expect(publishFor(session(unsaid), 'cobrowseOffered')?.data).toEqual({
      serviceId: 'visitor-1#conversation-1',
      agentId: '',
      visitorName: 'visitor',
      mode: 'view',
      ssid: 'ses_1',
      svid: 'visitor-1',
    });
  });

  it('is nothing while no visitor is known: no page would tell it', () => {
    const unknown = { visitor: { id: null, name: null }, serviceId: null };
    expect(publishFor(session(unknown), 'cobrowseOffered')).toBeUndefined();
  });

  it('is nothing for a session of another platform', () => {
    expect(publishFor(session({ source: 'platform', visitor }), 'cobrowseOffered')).toBeUndefined();
  });
});
