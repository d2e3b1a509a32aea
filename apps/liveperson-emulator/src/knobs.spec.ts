import { type Box, PID, details, openBox } from '../testing/box.ts';
import { Client, type Frame } from '../testing/client.ts';

let box: Box;
beforeEach(async () => {
  box = await openBox();
});
afterEach(() => box.emulator.stop());

const invitation = (): { id: string; dialogId: string } => {
  const { id } = box.brand.openConversation({ consumerId: 'c-1' });
  return { id, dialogId: box.brand.invite(id) };
};
const seen = async (client: Client, count: number): Promise<Frame[]> => {
  const frames: Frame[] = [];
  while (frames.length < count) frames.push(await client.next());
  return frames;
};

describe('doors', () => {
  it('refuse: statuses instead of the upgrade', async () => {
    for (const status of [401, 429, 503]) {
      box.emulator.knobs.refuse = status;
      await expect(box.agent()).rejects.toThrow(String(status));
    }
    box.emulator.knobs.refuse = null;
    expect(await (await box.agent()).ask('.GetClock')).toMatchObject({ code: 200 });
    expect(box.emulator.attempts.map(({ outcome }) => outcome)).toEqual([401, 429, 503, 'open']);
  });

  it('refuse: close codes right after opening', async () => {
    for (const code of [4401, 4407, 1011]) {
      box.emulator.knobs.refuse = code;
      expect(await (await box.agent()).closed()).toBe(code);
    }
    expect(box.emulator.sockets).toBe(0);
  });

  it('badBearer: also as a close code', async () => {
    await expect(Client.open(box.emulator, '55500017/messaging/brand/unheard-of')).rejects.toThrow('401');
    box.emulator.knobs.badBearer = 4401;
    expect(await (await Client.open(box.emulator, '55500017/messaging/brand/unheard-of')).closed()).toBe(4401);
  });

  it('initWithinMs: a consumer socket that says nothing is closed', async () => {
    box.emulator.knobs.initWithinMs = 20;
    expect(await (await Client.open(box.emulator, '55500017/messaging/consumer')).closed()).toBe(4401);
  });

  it('expiredSocket 0: an open socket outlives its token', async () => {
    Object.assign(box.emulator.knobs, { bearerSeconds: 0.05, expiredSocket: 0 });
    const client = await box.agent();
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(await client.ask('.GetClock')).toMatchObject({ code: 200 });
  });

  it('drop: cuts with a code, or as a broken line', async () => {
    const [first, second] = [await box.agent(), await box.agent()];
    expect(box.emulator.sockets).toBe(2);
    box.emulator.drop(4407);
    expect([await first.closed(), await second.closed()]).toEqual([4407, 4407]);
    const third = await box.agent();
    box.emulator.drop();
    expect(await third.closed()).toBe(1006);
  });
});

describe('requests', () => {
  it('silent: nothing comes back, not even a pong, until it is over', async () => {
    const client = await box.watching();
    let pongs = 0;
    client.ws.on('pong', () => (pongs += 1));
    box.emulator.knobs.silent = true;
    const ping = box.emulator.next('ping');
    client.send('.GetClock');
    client.ws.ping();
    await ping;
    box.brand.openConversation();
    box.emulator.knobs.silent = false;
    client.ws.ping();
    await client.ask('.GetClock');
    expect([pongs, client.frames.length]).toEqual([1, 3]);
    expect(box.emulator.journal.of('request').map(({ type }) => type)).toEqual([
      '.ams.aam.SubscribeExConversations',
      '.GetClock',
      '.GetClock',
    ]);
  });

  it('requestStatus: to all requests, or to one type', async () => {
    const client = await box.agent();
    box.emulator.knobs.requestStatus = 429;
    expect(await client.ask('.GetClock')).toMatchObject({ code: 429, body: { title: 'Too Many Requests' } });
    box.emulator.knobs.requestStatusFor = 'SubscribeExConversations';
    expect(await client.ask('.GetClock')).toMatchObject({ code: 200 });
    expect(await client.ask('.ams.aam.SubscribeExConversations', {})).toMatchObject({ code: 429 });
  });

  it('answerDelayMs: a notification never overtakes its answer', async () => {
    box.emulator.knobs.answerDelayMs = 40;
    const client = await box.agent();
    const asked = Date.now();
    await client.ask('.ams.aam.SubscribeExConversations', {});
    expect(Date.now() - asked).toBeGreaterThanOrEqual(39);
    await client.next();
    expect(client.frames.map(({ kind }) => kind)).toEqual(['resp', 'notification']);
  });

  it('bareFieldPropagates off: a bare field is done and not told', async () => {
    box.emulator.knobs.bareFieldPropagates = false;
    const client = await box.watching();
    const { id } = box.brand.openConversation();
    await client.next();
    const dialog = { dialogId: 'd', channelType: 'COBROWSE', state: 'OPEN' };
    const field = { field: 'DialogChange', type: 'CREATE', dialog };
    await client.ask('.ams.cm.UpdateConversationField', { conversationId: id, conversationField: field });
    expect(client.frames.at(-1)?.kind).toBe('resp');
    expect(box.brand.conversation(id).dialogs).toHaveLength(2);
  });

  it('oneOpenInvitation off: a second one beside the first', async () => {
    box.emulator.knobs.oneOpenInvitation = false;
    const { id } = invitation();
    const client = await box.agent();
    const field = { field: 'DialogChange', type: 'CREATE', dialog: { dialogId: 'second', channelType: 'COBROWSE', state: 'OPEN' } };
    expect(await client.ask('.ams.cm.UpdateConversationField', { conversationId: id, conversationField: [field] })).toMatchObject({
      code: 200,
    });
  });

  it('consumerMayCloseCobrowse', async () => {
    const { id, dialogId } = invitation();
    const client = await box.consumer('c-1');
    const conversationField = [{ field: 'DialogChange', type: 'UPDATE', dialog: { dialogId, state: 'CLOSE' } }];
    expect(await client.ask('cm.UpdateConversationField', { conversationId: id, conversationField })).toMatchObject({ code: 403 });
    box.emulator.knobs.consumerMayCloseCobrowse = true;
    expect(await client.ask('cm.UpdateConversationField', { conversationId: id, conversationField })).toMatchObject({ code: 200 });
  });

  it('survey: state is CLOSE while the stage is OPEN', async () => {
    box.emulator.knobs.survey = true;
    const client = await box.agent();
    const { id } = box.brand.openConversation();
    const close = (dialogId: string): object => ({
      conversationId: id,
      conversationField: [{ field: 'DialogChange', type: 'UPDATE', dialog: { dialogId, state: 'CLOSE' } }],
    });
    await client.ask('.ams.cm.UpdateConversationField', close(id));
    expect(box.brand.conversation(id)).toMatchObject({ state: 'CLOSE', stage: 'OPEN', dialogs: [{}, { dialogType: 'POST_SURVEY' }] });
    await client.ask('.ams.cm.UpdateConversationField', close(box.brand.conversation(id).dialogs[1]?.dialogId ?? ''));
    expect(box.brand.conversation(id)).toMatchObject({ state: 'CLOSE', stage: 'CLOSE' });
  });
});

describe('subscriptions', () => {
  it('replayOnSubscribe off: an empty list, and what changes later', async () => {
    const { id } = box.brand.openConversation();
    box.emulator.knobs.replayOnSubscribe = false;
    const client = await box.agent();
    await client.ask('.ams.aam.SubscribeExConversations', {});
    expect((await client.next()).body.changes).toEqual([]);
    box.brand.invite(id);
    expect((await client.next()).body.changes).toHaveLength(1);
  });

  it('conversationCap: bounds what an agent is told first, not what changes later', async () => {
    box.emulator.knobs.conversationCap = 2;
    const oldest = box.brand.openConversation();
    for (let more = 0; more < 3; more += 1) box.brand.openConversation();
    const client = await box.agent();
    await client.ask('.ams.aam.SubscribeExConversations', {});
    expect((await client.next()).body.changes).toHaveLength(2);
    box.brand.say(oldest.id, 'still there');
    expect((await seen(client, 2)).at(-1)).toMatchObject({ body: { changes: [{ result: { convId: oldest.id } }] } });
  });

  it.each([
    ['delete', ['DELETE']],
    ['upsert', ['UPSERT']],
    ['both', ['UPSERT', 'DELETE']],
  ] as const)('onLeave %s', async (onLeave, types) => {
    box.emulator.knobs.onLeave = onLeave;
    const client = await box.watching();
    const { id } = box.brand.openConversation();
    await client.next();
    box.brand.closeConversation(id);
    expect((await seen(client, types.length)).map(({ body }) => body.changes[0].type)).toEqual(types);
  });

  it('deleteWithoutDetails, and a conversation that vanishes', async () => {
    box.emulator.knobs.deleteWithoutDetails = true;
    const client = await box.watching();
    const { id } = box.brand.openConversation();
    box.brand.forget(id);
    expect((await seen(client, 2))[1]?.body.changes).toEqual([{ type: 'DELETE', result: { convId: id } }]);
  });

  it('duplicate and reorder', async () => {
    const client = await box.watching();
    const { id, dialogId } = invitation();
    await seen(client, 2);
    Object.assign(box.emulator.knobs, { reorder: 2, duplicate: 1 });
    box.brand.accept(id, dialogId);
    box.brand.join(id, dialogId);
    const keys = (await seen(client, 4)).map((frame) => details(frame).dialogs[1].metaData.notificationKey);
    expect(keys).toEqual(['joined', 'joined', 'accepted', 'accepted']);
    box.brand.cancel(id, dialogId);
    expect(details(await client.next()).dialogs[1].state).toBe('CLOSE');
  });

  it('notificationDelayMs keeps the order', async () => {
    const client = await box.watching();
    box.emulator.knobs.notificationDelayMs = 30;
    const { id, dialogId } = invitation();
    box.emulator.knobs.notificationDelayMs = 0;
    box.brand.accept(id, dialogId);
    expect((await seen(client, 3)).map((frame) => details(frame).dialogs[1]?.metaData.sessionState)).toEqual([
      undefined,
      'INVITED',
      'ACCEPTED',
    ]);
  });

  it('typePrefix, sentTs and lastContentEvent', async () => {
    const client = await box.watching();
    const { id } = box.brand.openConversation();
    expect((await client.next()).body).toHaveProperty('sentTs');
    Object.assign(box.emulator.knobs, { typePrefix: 'aam.', sentTs: false, lastContentEvent: false });
    box.brand.say(id, 'hello');
    const [, frame] = await seen(client, 2);
    expect(frame?.type).toBe('aam.ExConversationChangeNotification');
    expect(frame?.body).not.toHaveProperty('sentTs');
    expect(frame?.body.changes[0].result).not.toHaveProperty('lastContentEventNotification');
  });
});

describe('shapes', () => {
  it('conversationParticipants: A to C on any door', async () => {
    const client = await box.watching();
    const shown = async (shape: typeof box.emulator.knobs.conversationParticipants): Promise<object> => {
      box.emulator.knobs.conversationParticipants = shape;
      box.brand.openConversation({ consumerId: 'c-1' });
      const { participants, participantsPId } = details(await client.next());
      return { participants, participantsPId };
    };
    const list = [
      { id: 'c-1', role: 'CONSUMER' },
      { id: PID, role: 'ASSIGNED_AGENT' },
    ];
    expect(await shown('A')).toEqual({ participants: list, participantsPId: undefined });
    expect(await shown('B')).toEqual({
      participants: { CONSUMER: ['c-1'], ASSIGNED_AGENT: ['55500017.7001'] },
      participantsPId: undefined,
    });
    expect(await shown('C')).toEqual({ participants: undefined, participantsPId: { CONSUMER: ['c-1'], ASSIGNED_AGENT: [PID] } });
    expect(await shown('none')).toEqual({});
  });

  it('D and E: of dialogs', async () => {
    const client = await box.watching();
    const { id, dialogId } = invitation();
    const [, frame] = await seen(client, 2);
    expect(details(frame as Frame).dialogs).toMatchObject([
      { participantsDetails: [{ id: 'c-1', role: 'CONSUMER', state: 'ACTIVE' }, { id: '55500017.7001' }] },
      { participants: ['c-1', '55500017.7001'] },
    ]);
    expect(details(frame as Frame).dialogs[1]).not.toHaveProperty('participantsDetails');
    Object.assign(box.emulator.knobs, { dialogParticipants: 'none', cobrowseParticipants: ':', cobrowseParticipantsDetails: true });
    box.brand.accept(id, dialogId);
    const [main, cobrowse] = details(await client.next()).dialogs;
    expect(main).not.toHaveProperty('participantsDetails');
    expect(cobrowse).toMatchObject({
      participants: ['c-1', '55500017:7001'],
      participantsDetails: [{ id: 'c-1' }, { id: '55500017.7001' }],
    });
  });

  it('bareElements: lists of one are that one', async () => {
    box.emulator.knobs.bareElements = true;
    const client = await box.agent();
    box.brand.openConversation();
    await client.ask('.ams.aam.SubscribeExConversations', {});
    const { changes } = (await client.next()).body;
    expect(changes).toMatchObject({ type: 'UPSERT', result: { conversationDetails: { dialogs: { dialogType: 'MAIN' } } } });
  });

  it('sparseClosed: nothing but the state is left', async () => {
    box.emulator.knobs.sparseClosed = true;
    const client = await box.watching();
    const { id, dialogId } = invitation();
    box.brand.cancel(id, dialogId);
    const closed = (await seen(client, 3)).at(-1) as Frame;
    expect(details(closed).dialogs[1]).toEqual({
      dialogId,
      dialogType: 'OTHER',
      channelType: 'COBROWSE',
      metaData: { sessionState: 'CLOSED' },
    });
  });

  it('metaData: replaced or merged', async () => {
    const { id, dialogId } = invitation();
    box.brand.accept(id, dialogId);
    expect(box.brand.dialog(id, dialogId).metaData).toEqual({
      sessionState: 'ACCEPTED',
      notificationKey: 'accepted',
      dialogId,
      mode: 'view',
    });
    const other = invitation();
    box.emulator.knobs.metaData = 'merge';
    box.brand.accept(other.id, other.dialogId);
    expect(box.brand.dialog(other.id, other.dialogId).metaData).toMatchObject({ sessionState: 'ACCEPTED', serviceId: `c-1#${other.id}` });
  });

  it('javaDoubles off, unknownFields on, dialogs off, agentClockSkewMs', async () => {
    const client = await box.watching();
    Object.assign(box.emulator.knobs, { javaDoubles: false, unknownFields: true, agentClockSkewMs: 3_600_000 });
    const { id, dialogId } = invitation();
    await seen(client, 2);
    expect(client.texts.at(-1)).toMatch(/"expires":\d{10}(\.\d+)?[,}]/);
    expect(client.texts.at(-1)).toContain('sentimentBand');
    expect(box.brand.dialog(id, dialogId).creationTs).toBeGreaterThan(Date.now() + 3_500_000);
    box.emulator.knobs.dialogs = false;
    box.brand.say(id, 'hello');
    expect(details((await seen(client, 2))[1] as Frame)).not.toHaveProperty('dialogs');
  });
});

describe('damage', () => {
  it('malformedFrames, unknownTypes, oversizeBytes and raw frames', async () => {
    const client = await box.watching();
    Object.assign(box.emulator.knobs, { malformedFrames: true, unknownTypes: true, oversizeBytes: 300_000 });
    box.brand.openConversation();
    expect((await seen(client, 2)).map(({ type }) => type)).toEqual([
      'weather.BarometerNotification',
      '.ams.aam.ExConversationChangeNotification',
    ]);
    expect(() => JSON.parse(client.texts.at(-3) ?? '')).toThrow(SyntaxError);
    expect(client.texts.at(-1)?.length).toBeGreaterThan(300_000);
    box.brand.sendRaw('{"kind":"notification","type":"own"}');
    expect((await client.next()).type).toBe('own');
  });
});

describe('the knobs themselves', () => {
  it('can be set by name, checked, and reset', () => {
    const { knobs } = box.emulator;
    knobs.set({ refuse: 503, metaData: 'merge', typePrefix: 'aam.' });
    expect(knobs).toMatchObject({ refuse: 503, metaData: 'merge', typePrefix: 'aam.' });
    for (const wrong of [{ nothing: 1 }, { metaData: 'mix' }, { refuse: '503' }, { silent: 1 }, { reset: true }])
      expect(() => knobs.set(wrong)).toThrow(TypeError);
    knobs.reset();
    expect(knobs).toMatchObject({ refuse: null, metaData: 'replace', typePrefix: null });
  });
});
