import type { Socket } from 'socket.io-client';
import { type TestAccount, createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { type TestPage, openPage } from '../support/page.ts';
import { type RunningProgram, sharedProgram } from '../support/program.ts';

describe('an invitation that the visitor accepts', () => {
  let program: RunningProgram;
  let account: TestAccount;
  let conversation: TestConversation;
  const pages: TestPage[] = [];
  const open = async (): Promise<TestPage> => {
    const page = await openPage(program, account, conversation.consumerId);
    pages.push(page);
    return page;
  };

  beforeAll(async () => {
    program = await sharedProgram();
    account = await createAccount(program);
  });
  beforeEach(() => {
    conversation = new TestConversation();
  });
  afterEach(() => pages.splice(0).forEach((page) => page.close()));

  it('goes all the way: offered, accepted, joined, closed by the platform', async () => {
    const page = await open();
    const dialogId = conversation.invite({ mode: 'shared' });
    const offered = await postHook(program, account, conversation.notification());
    expect(offered).toMatchObject({
      status: 200,
      body: { changes: 1, results: [{ conversationId: conversation.convId, dialogId, outcome: 'invited', status: 'invited' }] },
    });

    const invited = await page.next('session.invited');
    const serviceId = `${conversation.consumerId}#${conversation.convId}`;
    expect(invited.session).toMatchObject({
      id: offered.body.results[0]?.sessionId,
      mode: 'shared',
      serviceId,
      visitor: { id: conversation.consumerId, name: 'visitor' },
      agent: { id: conversation.agentId },
      version: 1,
    });
    expect(invited.publish).toEqual({
      app: 'lpCoBrowse',
      event: 'cobrowseOffered',
      data: {
        serviceId,
        agentId: conversation.agentId,
        visitorName: 'visitor',
        mode: 'shared',
        ssid: expect.stringMatching(/./),
        svid: expect.stringMatching(/./),
      },
    });

    const answer = await page.answer('accept', invited.session.id);
    expect(answer).toMatchObject({
      ok: true,
      session: { status: 'accepted' },
      publish: { event: 'cobrowseAccepted', data: { serviceId } },
    });
    expect((await page.next('session.accepted')).publish).toBeUndefined();

    conversation.accepted(dialogId, 'accepted');
    expect((await postHook(program, account, conversation.notification())).body.results).toMatchObject([
      { outcome: 'unchanged', status: 'accepted' },
    ]);
    conversation.accepted(dialogId, 'joined');
    expect((await postHook(program, account, conversation.notification())).body.results).toMatchObject([{ outcome: 'active' }]);
    expect((await page.next('session.active')).session.activeAt).not.toBeNull();

    conversation.closed(dialogId);
    expect((await postHook(program, account, conversation.notification())).body.results).toMatchObject([
      { outcome: 'closed', reason: 'platform_closed' },
    ]);
    expect((await page.next('session.closed')).session).toMatchObject({ status: 'closed', reason: 'platform_closed', serviceId });

    const history = await account.call('GET', `/sessions/${invited.session.id}/events`);
    expect(history.body.items.map((e: { type: string }) => e.type)).toEqual([
      'session.invited',
      'session.accepted',
      'session.active',
      'session.closed',
    ]);
    expect(history.body.items[0].id).toBe(invited.id);
  });

  it('is shown in every tab, and the first answer wins', async () => {
    const tabs = await Promise.all([open(), open(), open()]);
    conversation.invite();
    await postHook(program, account, conversation.notification());
    const [invited] = await Promise.all(tabs.map((tab) => tab.next('session.invited')));
    const sessionId = invited?.session.id ?? '';

    const answers = await Promise.all([
      tabs[0].answer('accept', sessionId),
      tabs[1].answer('accept', sessionId),
      tabs[2].answer('decline', sessionId),
    ]);
    const won = answers.filter((a) => a.ok);
    expect(won).toHaveLength(1);
    expect(won[0]).toHaveProperty('publish');
    for (const lost of answers.filter((a) => !a.ok))
      expect(lost).toMatchObject({ error: { code: expect.stringMatching(/^(already_accepted|session_closed)$/) } });
    const outcome = won[0]!.ok && won[0]!.session.status;
    await Promise.all(tabs.map((tab) => tab.next(`session.${outcome as 'accepted' | 'closed'}`)));
  });

  it('is answered once: the same tab may repeat itself, without effect and without a second publish', async () => {
    const page = await open();
    conversation.invite();
    await postHook(program, account, conversation.notification());
    const { session } = await page.next('session.invited');
    expect(await page.answer('accept', session.id)).toHaveProperty('publish');
    const again = await page.answer('accept', session.id);
    expect(again).toMatchObject({ ok: true, session: { version: 2 } });
    expect(again).not.toHaveProperty('publish');
    expect(await page.answer('decline', session.id)).toMatchObject({ ok: false, error: { code: 'already_accepted' } });
  });

  it.each(['accept', 'decline'] as const)(
    '%s without an acknowledgement tells nobody what to publish: the next one on the connection does',
    async (ask) => {
      const page = await open();
      conversation.invite();
      await postHook(program, account, conversation.notification());
      const { session } = await page.next('session.invited');
      (page.socket as Socket).emit(ask, { sessionId: session.id });
      await page.next(ask === 'accept' ? 'session.accepted' : 'session.closed');
      const event = ask === 'accept' ? 'cobrowseAccepted' : 'cobrowseDeclined';
      expect(await page.answer(ask, session.id)).toMatchObject({ ok: true, publish: { event } });
      expect(await page.answer(ask, session.id)).not.toHaveProperty('publish');
    },
  );

  it('may be repeated after a reconnect by a tab whose acknowledgement was lost, and then brings the publish', async () => {
    const before = await openPage(program, account, conversation.consumerId, { pageId: 'tab-1' });
    conversation.invite();
    await postHook(program, account, conversation.notification());
    const { session } = await before.next('session.invited');
    before.socket.emit('accept', { sessionId: session.id }, () => {});
    await before.next('session.accepted');
    before.close();
    const after = await openPage(program, account, conversation.consumerId, { pageId: 'tab-1' });
    expect(after.snapshot.events).toMatchObject([{ type: 'session.accepted', session: { id: session.id } }]);
    expect(await after.answer('accept', session.id)).toMatchObject({ ok: true, publish: { event: 'cobrowseAccepted' } });
    after.close();
  });

  it('is there for a page that comes late, with the time that is left', async () => {
    conversation.invite({ createdAt: Date.now() - 30_000 });
    await postHook(program, account, conversation.notification());
    const page = await open();
    const [event] = page.snapshot.events;
    expect(event).toMatchObject({ type: 'session.invited', publish: { event: 'cobrowseOffered' } });
    const left = Date.parse(event!.session.expiresAt as string) - Date.parse(page.snapshot.serverNow);
    expect(left).toBeGreaterThan(80_000);
    expect(left).toBeLessThanOrEqual(90_000);
    expect(await page.answer('accept', event!.session.id)).toMatchObject({ ok: true });
  });

  it('is nobody else’s business', async () => {
    const stranger = await openPage(program, account, 'somebody-else');
    const page = await open();
    conversation.invite();
    await postHook(program, account, conversation.notification());
    const { session } = await page.next('session.invited');
    expect(await stranger.answer('accept', session.id)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(stranger.events).toEqual([]);
    stranger.close();
  });

  it('is ended by the visitor', async () => {
    const page = await open();
    conversation.invite();
    await postHook(program, account, conversation.notification());
    const { session } = await page.next('session.invited');
    expect(await page.answer('end', session.id)).toMatchObject({ ok: false, error: { code: 'bad_request' } });
    await page.answer('accept', session.id);
    expect(await page.answer('end', session.id)).toMatchObject({ ok: true, session: { status: 'closed', reason: 'visitor_ended' } });
    expect(await page.answer('accept', session.id)).toMatchObject({ ok: false, error: { code: 'session_closed' } });
  });
});
