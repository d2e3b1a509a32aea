import { createNotificationReader } from './notification-words.ts';

const START = Date.UTC(2026, 10, 21, 10);

interface Told {
  dialogId?: string;
  at?: number;
  seconds?: number;
  type?: string;
  stage?: string;
  meta?: object | null;
}

/** A notification as the emulator writes it for agents, as far as it is read. */
function notification({ dialogId = 'd1', at = 0, seconds = 120, type = 'UPSERT', stage = 'OPEN', meta = {} }: Told = {}): object {
  const invited = { sessionState: 'INVITED', notificationKey: 'invited', mode: 'view', expires: START / 1000 + seconds };
  const cobrowse = {
    dialogId,
    channelType: 'COBROWSE',
    creationTs: START,
    metaDataLastUpdateTs: START + at,
    metaData: { ...invited, ...meta },
  };
  const dialogs = [{ dialogId: 'main', channelType: 'MESSAGING', creationTs: START, metaDataLastUpdateTs: START }];
  const conversationDetails = { stage, dialogs: meta === null ? dialogs : [...dialogs, cobrowse] };
  return { body: { changes: [{ type, result: { conversationDetails } }] } };
}

const reader = (reordered = false) => {
  const read = createNotificationReader(() => reordered);
  return (told: Told) => read(notification(told)).sentence;
};
const CANCELLED = { sessionState: 'CLOSED', notificationKey: 'cancel_invitation' };

describe('a notification in words', () => {
  it('tells a whole story', () => {
    const say = reader();
    expect([
      say({ meta: { mode: 'shared' } }),
      say({ at: 1, meta: { sessionState: 'ACCEPTED', notificationKey: 'accepted' } }),
      say({ at: 2, meta: { sessionState: 'ACCEPTED', notificationKey: 'joined' } }),
      say({ at: 3, meta: { sessionState: 'CLOSED', notificationKey: 'ended_by_agent' } }),
      say({ dialogId: 'd2', at: 4, seconds: 15 }),
      say({ dialogId: 'd2', at: 5, meta: CANCELLED }),
      say({ dialogId: 'd2', at: 5, type: 'DELETE', stage: 'CLOSE', meta: CANCELLED }),
    ]).toEqual([
      'The agent asks to look at the page, scroll, click and type.',
      'The agent’s side notes the visitor’s yes.',
      'The agent’s side says: joined.',
      'The agent stops looking at the page.',
      'The agent asks to look at the page and scroll. It is good for 15 seconds.',
      'The agent takes the invitation back.',
      'The agent closes the chat.',
    ]);
  });

  it('knows what it has read already', () => {
    const say = reader();
    say({});
    expect(say({})).toBe('LivePerson says the same once more.');
  });

  it('tells of an end that overtook its invitation', () => {
    const say = reader(true);
    expect([say({ at: 1, meta: CANCELLED }), say({})]).toEqual([
      'Overtaken on the way: “the invitation is taken back” comes first.',
      'Only now comes the invitation itself: the agent asks to look at the page and scroll.',
    ]);
    expect(reader(false)({ at: 1, meta: CANCELLED })).toBe('The agent takes the invitation back.');
  });

  it('names the dialog, and needs none', () => {
    const read = createNotificationReader(() => false);
    expect(read(notification({ dialogId: 'd7' })).dialogId).toBe('d7');
    expect(read(notification({ meta: null }))).toEqual({ dialogId: null, sentence: 'LivePerson tells of the chat.' });
    expect(read({ body: { changes: [] } }).sentence).toBe('LivePerson tells of the chat.');
  });
});
