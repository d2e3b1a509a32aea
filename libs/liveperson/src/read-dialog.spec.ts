import { sessionId } from '#libs/core';
import { AGENT, AGENT_NUMBER, bareEnd, CONVERSATION, CREATED, DIALOG, dialog, VISITOR } from '../testing/notifications.ts';
import { readDialog, type Surroundings } from './read-dialog.ts';

const around: Surroundings = {
  accountId: '12345678',
  conversationId: CONVERSATION,
  agentIdForm: 'uuid',
  participants: [
    { id: VISITOR, role: 'CONSUMER', suggested: false },
    { id: AGENT, role: 'ASSIGNED_AGENT', suggested: false },
  ],
  monitoring: { sessionId: 'monitoring-session', visitorId: 'monitoring-visitor' },
};
const read = (what: unknown) => readDialog(what, around);
const brief = (what: unknown): string => {
  const reading = read(what);
  if ('ignored' in reading) return reading.ignored;
  const { command } = reading;
  return command.type === 'confirm' ? `confirm ${command.status}` : command.type === 'close' ? `close ${command.reason}` : command.type;
};

describe('a COBROWSE dialog', () => {
  it('that invites becomes an invitation with everything that is told', () => {
    expect(read(dialog())).toEqual({
      dialogId: DIALOG,
      command: {
        type: 'invite',
        sessionId: sessionId('dialog', '12345678', CONVERSATION, DIALOG),
        facts: {
          source: 'liveperson',
          dialogId: DIALOG,
          serviceId: `${VISITOR}#${CONVERSATION}`,
          mode: 'view',
          visitor: { id: VISITOR, name: null },
          agent: { id: AGENT, name: null },
          monitoring: { sessionId: 'monitoring-session', visitorId: 'monitoring-visitor' },
          createdAt: CREATED,
          expires: CREATED + 90_000,
        },
      },
    });
  });

  it("names the agent in the account's form", () => {
    const reading = readDialog(dialog(), { ...around, agentIdForm: 'numeric' });
    expect(reading).toHaveProperty('command.facts.agent.id', AGENT_NUMBER);
  });

  it("reads the tutorial's samples, the present and the earliest", () => {
    const metaData = { serviceId: 'cc05#7904', mode: 'shared', expires: JSON.parse('1.502893131855E9'), sessionState: 'INVITED' };
    const sample = { dialogType: 'OTHER', channelType: 'COBROWSE', state: 'OPEN', creationTs: 1502893041905, metaData };
    const bare = { ...around, participants: [] };
    const present = readDialog({ ...sample, dialogId: 'c26b9d3b', participants: ['cc05', 'le83624296.356285412'] }, bare);
    const earliest = readDialog({ ...sample, dialogId: 'COAPP', participants: ['cc05', 'le83624296:356285412'] }, bare);
    const facts = { visitor: { id: 'cc05' }, mode: 'shared', serviceId: 'cc05#7904', expires: 1502893131855, createdAt: 1502893041905 };
    expect(present).toMatchObject({
      dialogId: 'c26b9d3b',
      command: { type: 'invite', facts: { ...facts, agent: { id: 'le83624296.356285412' } } },
    });
    expect(earliest).toMatchObject({
      dialogId: 'COAPP',
      command: { type: 'invite', facts: { ...facts, agent: { id: 'le83624296:356285412' } } },
    });
  });

  it.each<[string, unknown, string]>([
    ['INVITED', dialog(), 'invite'],
    ['ACCEPTED, accepted', dialog({ sessionState: 'ACCEPTED', notificationKey: 'accepted' }), 'confirm accepted'],
    ['ACCEPTED, joined', dialog({ sessionState: 'ACCEPTED', notificationKey: 'joined' }), 'confirm active'],
    ['ACCEPTED, nothing more', dialog({ sessionState: 'ACCEPTED' }), 'confirm accepted'],
    ['ACCEPTED, a key that is not known', dialog({ sessionState: 'ACCEPTED', notificationKey: 'whatever' }), 'confirm accepted'],
    ['ACCEPTED with only the state', { dialogId: DIALOG, metaData: { sessionState: 'ACCEPTED' } }, 'confirm accepted'],
    ['CLOSED with only the state', bareEnd(), 'close platform_closed'],
    ['CLOSED, cancelled', dialog({ sessionState: 'CLOSED', notificationKey: 'cancel_invitation' }, { state: 'CLOSE' }), 'close cancelled'],
    ['CLOSED while the dialog says OPEN', dialog({ sessionState: 'CLOSED' }), 'close platform_closed'],
    ['INVITED in a closed dialog', dialog({}, { state: 'CLOSE' }), 'close platform_closed'],
    [
      'ACCEPTED in a closed dialog',
      dialog({ sessionState: 'ACCEPTED', notificationKey: 'joined' }, { state: 'CLOSE' }),
      'close platform_closed',
    ],
    ['a closed dialog without metaData', dialog({}, { state: 'CLOSE', metaData: undefined }), 'close platform_closed'],
    ['a closed dialog with an unknown state', dialog({ sessionState: 'PAUSED' }, { state: 'CLOSE' }), 'close platform_closed'],
    ['an invitation to a video call', dialog({ mode: 'VIDEO_CALL' }), 'call_mode'],
    ['an accepted voice call', dialog({ mode: 'VOICE_CALL', sessionState: 'ACCEPTED' }), 'call_mode'],
    ['a call that is over', dialog({ mode: 'VIDEO_CALL', sessionState: 'CLOSED' }, { state: 'CLOSE' }), 'call_mode'],
    ['the mode COBROWSE', dialog({ mode: 'COBROWSE' }), 'unknown_mode'],
    ['the mode Shared', dialog({ mode: 'Shared' }), 'unknown_mode'],
    ['an empty mode', dialog({ mode: '' }), 'unknown_mode'],
    ['a mode that is a number', dialog({ mode: 1 }), 'unknown_mode'],
    ['a mode that is a list', dialog({ mode: ['view'] }), 'unknown_mode'],
    ['an unknown mode that is over', dialog({ mode: 'COBROWSE', sessionState: 'CLOSED' }), 'close platform_closed'],
    ['no dialog id', dialog({}, { dialogId: undefined }), 'malformed_dialog'],
    ['an empty dialog id', dialog({}, { dialogId: '' }), 'malformed_dialog'],
    ['an endless dialog id', dialog({}, { dialogId: 'x'.repeat(257) }), 'malformed_dialog'],
    ['a dialog id with a NUL', dialog({}, { dialogId: 'a\u0000b' }), 'malformed_dialog'],
    ['a dialog id with half an emoji', dialog({}, { dialogId: 'a\ud83d' }), 'malformed_dialog'],
    ['a dialog id that is an object', dialog({}, { dialogId: { toString: 'x' } }), 'malformed_dialog'],
    ['no metaData', dialog({}, { metaData: undefined }), 'malformed_dialog'],
    ['metaData that is text', dialog({}, { metaData: 'INVITED' }), 'malformed_dialog'],
    ['no session state', dialog({ sessionState: undefined }), 'malformed_dialog'],
    ['an unknown session state', dialog({ sessionState: 'PAUSED' }), 'malformed_dialog'],
    ['a session state in small letters', dialog({ sessionState: 'invited' }), 'malformed_dialog'],
    ['null', null, 'malformed_dialog'],
    ['text', 'COBROWSE', 'malformed_dialog'],
    ['a list', [dialog()], 'malformed_dialog'],
  ])('%s', (_name, what, meaning) => expect(brief(what)).toBe(meaning));

  it.each(['1763712120440', null, 0, -5, 'NaN', undefined])('is an invitation whatever its end says: %p', (expires) => {
    expect(brief(dialog({ expires }))).toBe('invite');
  });

  it('without a mode leaves it to the account', () => {
    for (const mode of [undefined, null]) expect(read(dialog({ mode }))).toHaveProperty('command.facts.mode', null);
  });

  it('may have a number for an id', () => expect(read(dialog({}, { dialogId: 42 })).dialogId).toBe('42'));

  it('hands on nothing secret that calls carry', () => {
    const text = JSON.stringify(read(dialog({ callLink: 'https://join.example/SECRET', token: 'SECRET', host: 'SECRET', uid: 'SECRET' })));
    expect(text).not.toContain('SECRET');
  });

  it('is not fooled by keys of the prototype', () => {
    const odd = JSON.parse(
      '{"dialogId":"d","channelType":"COBROWSE","__proto__":{"state":"CLOSE"},"metaData":{"__proto__":{"sessionState":"INVITED"},"constructor":{"prototype":{"mode":"view"}}}}',
    );
    expect(brief(odd)).toBe('malformed_dialog');
    expect(({} as { state?: string }).state).toBeUndefined();
  });
});
