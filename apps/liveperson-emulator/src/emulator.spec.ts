import { type Box, PID, details, openBox } from '../testing/box.ts';
import { Client } from '../testing/client.ts';

let box: Box;
beforeEach(async () => {
  box = await openBox();
});
afterEach(() => box.emulator.stop());

describe('an agent socket', () => {
  it('answers a request with its id as text', async () => {
    const client = await box.agent();
    expect(await client.ask('.GetClock')).toEqual({
      kind: 'resp',
      reqId: '1',
      code: 200,
      type: '.GetClock$Response',
      body: { currentTime: expect.any(Number) },
    });
  });

  it('answers a subscription first, then sends all that matches, then what changes', async () => {
    const before = box.brand.openConversation();
    const client = await box.agent();
    const { body } = await client.ask('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] });
    const replay = await client.next();
    expect(client.frames.map(({ kind }) => kind)).toEqual(['resp', 'notification']);
    expect(replay).toMatchObject({
      type: '.ams.aam.ExConversationChangeNotification',
      body: { subscriptionId: body.subscriptionId, changes: [{ type: 'UPSERT', result: { convId: before.id } }] },
    });
    box.brand.invite(before.id);
    expect(details(await client.next()).dialogs[1].metaData.sessionState).toBe('INVITED');
  });

  it('sends an empty list when nothing matches', async () => {
    const client = await box.agent();
    await client.ask('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] });
    expect((await client.next()).body.changes).toEqual([]);
  });

  it('has participants as maps, and the agent in both forms', async () => {
    const client = await box.watching();
    const { consumerId } = box.brand.openConversation();
    expect(details(await client.next())).toMatchObject({
      participants: { CONSUMER: [consumerId], ASSIGNED_AGENT: ['55500017.7001'] },
      participantsPId: { CONSUMER: [consumerId], ASSIGNED_AGENT: [PID] },
    });
  });

  it('writes expires as a Java double', async () => {
    const client = await box.watching();
    box.brand.invite(box.brand.openConversation().id, { metaData: { expires: 1763712120.44 } });
    await client.next();
    await client.next();
    expect(client.texts.at(-1)).toContain('"expires":1.76371212044E9');
  });

  it('refuses the whole account to a user who may not see it', async () => {
    const client = await box.agent('narrow');
    expect(await client.ask('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] })).toMatchObject({ code: 403 });
    expect(await client.ask('.ams.aam.SubscribeExConversations', { agentIds: ['55500017.7002'] })).toMatchObject({ code: 200 });
  });

  it('takes an invitation from the wire, as a list or bare, and one open at a time', async () => {
    const client = await box.watching();
    const { id } = box.brand.openConversation();
    await client.next();
    const create = (dialogId: string): object => ({
      field: 'DialogChange',
      type: 'CREATE',
      dialog: { dialogId, dialogType: 'OTHER', channelType: 'COBROWSE', state: 'OPEN', metaData: { sessionState: 'INVITED' } },
    });
    expect(await client.ask('.ams.cm.UpdateConversationField', { conversationId: id, conversationField: [create('d1')] })).toMatchObject({
      code: 200,
    });
    expect(details(await client.next()).dialogs).toHaveLength(2);
    expect(await client.ask('.ams.cm.UpdateConversationField', { conversationId: id, conversationField: create('d2') })).toMatchObject({
      code: 400,
    });
    const close = {
      field: 'DialogChange',
      type: 'UPDATE',
      dialog: { dialogId: 'd1', state: 'CLOSE', metaData: { sessionState: 'CLOSED' } },
    };
    expect(await client.ask('.ams.cm.UpdateConversationField', { conversationId: id, conversationField: close })).toMatchObject({
      code: 200,
    });
    expect(details(await client.next()).dialogs[1]).toMatchObject({ state: 'CLOSE', metaData: { sessionState: 'CLOSED' } });
  });

  it('tells with DELETE that a conversation left the subscription, and nothing after an unsubscription', async () => {
    const client = await box.agent();
    const { body } = await client.ask('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] });
    const first = box.brand.openConversation();
    await client.next();
    await client.next();
    box.brand.closeConversation(first.id);
    expect((await client.next()).body.changes).toMatchObject([{ type: 'DELETE', result: { convId: first.id } }]);
    await client.ask('.ams.aam.UnsubscribeExConversations', { subscriptionId: body.subscriptionId });
    box.brand.openConversation();
    await client.ask('.GetClock');
    expect(client.frames.at(-1)?.type).toBe('.GetClock$Response');
  });

  it('answers what it does not know, and what is no JSON, with 400', async () => {
    const client = await box.agent();
    expect(await client.ask('.ams.cm.Whatever')).toMatchObject({ code: 400, body: { title: 'Bad Request', errorCode: 400 } });
    client.ws.send('{');
    expect(await client.find(({ reqId, kind }) => kind === 'resp' && reqId === undefined)).toMatchObject({ code: 400 });
  });

  it('is closed when its bearer ends, and not let in again with it', async () => {
    box.emulator.knobs.bearerSeconds = 1;
    const bearer = box.brand.bearer('watcher');
    const client = await Client.open(box.emulator, `55500017/messaging/brand/${bearer}`);
    expect(await client.closed()).toBe(4401);
    await expect(Client.open(box.emulator, `55500017/messaging/brand/${bearer}`)).rejects.toThrow('401');
    expect(box.emulator.attempts.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['agent-socket', 'open'],
      ['agent-socket', 401],
    ]);
    expect(JSON.stringify(box.emulator.journal.all)).not.toContain(bearer);
  });
});

describe('a consumer socket', () => {
  it('refuses everything before InitConnection', async () => {
    const client = await Client.open(box.emulator, '55500017/messaging/consumer?v=3');
    expect(await client.ask('GetClock')).toMatchObject({ code: 401 });
    const headers = [{ type: '.ams.headers.ConsumerAuthentication', jwt: box.brand.consumerToken('c-1') }];
    expect(await client.ask('InitConnection', undefined, { headers })).toMatchObject({ code: 200 });
    expect(await client.ask('GetClock')).toMatchObject({ code: 200, type: 'GetClockResponse' });
  });

  it('sees its own conversations only, in the consumer shape', async () => {
    const mine = box.brand.openConversation({ consumerId: 'c-1' });
    box.brand.openConversation({ consumerId: 'c-2' });
    const client = await box.consumer('c-1');
    await client.ask('cqm.SubscribeExConversations', { minLastUpdatedTime: 0, convState: ['OPEN'] });
    const replay = await client.next();
    expect(replay).toMatchObject({ type: 'cqm.ExConversationChangeNotification', body: { sentTs: expect.any(Number) } });
    expect(replay.body.changes).toMatchObject([
      {
        result: {
          convId: mine.id,
          conversationDetails: {
            participants: [
              { id: 'c-1', role: 'CONSUMER' },
              { id: PID, role: 'ASSIGNED_AGENT' },
            ],
          },
        },
      },
    ]);
    expect(details(replay)).not.toHaveProperty('participantsPId');
  });

  it('opens a conversation, writes in it and closes it', async () => {
    const client = await box.consumer('c-9');
    const { body } = await client.ask('cm.ConsumerRequestConversation', {});
    const sent = await client.ask('ms.PublishEvent', { dialogId: body.conversationId, event: { type: 'ContentEvent', message: 'hi' } });
    expect(sent).toMatchObject({ code: 200, body: { sequence: 0 } });
    const close = { field: 'ConversationStateField', conversationState: 'CLOSE' };
    await client.ask('cm.UpdateConversationField', { conversationId: body.conversationId, conversationField: close });
    expect(box.brand.conversation(body.conversationId)).toMatchObject({ state: 'CLOSE', stage: 'CLOSE', closeReason: 'CONSUMER' });
  });

  it("leaves out what is older than minLastUpdatedTime, and what is another one's since a step-up", async () => {
    const { id } = box.brand.openConversation({ consumerId: 'c-1' });
    const client = await box.consumer('c-1');
    await client.ask('cqm.SubscribeExConversations', { minLastUpdatedTime: Date.now() + 60_000 });
    expect((await client.next()).body.changes).toEqual([]);
    await client.ask('cqm.SubscribeExConversations', { stage: ['OPEN'] });
    expect((await client.next()).body.changes).toHaveLength(1);
    box.brand.stepUp(id, 'c-logged-in');
    expect((await client.next()).body.changes).toMatchObject([{ type: 'DELETE', result: { convId: id } }]);
  });

  it('is closed with 4401 when its token has ended', async () => {
    const authorization = `jwt ${box.brand.consumerToken('c-1', { seconds: -1 })}`;
    const client = await Client.open(box.emulator, '55500017/messaging/consumer?v=3', { authorization });
    expect(await client.closed()).toBe(4401);
  });
});
