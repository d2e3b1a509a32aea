import { type Brand, type Emulator, startEmulator } from '../../apps/liveperson-emulator/src/index.ts';
import { type TestAccount, call, createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { type TestPage, connectPage, openPage } from '../support/page.ts';
import { startPostgres } from '../support/postgres.ts';
import { type Program, startProgram } from '../support/program.ts';

const USER = { name: 'bot', password: 'secret-pw', userId: '987654', pid: '44444444-aaaa-5bbb-8ccc-000000000004', seesAll: true };
const TAKEN_OVER_WITHIN_MS = 15_000;

describe('two bridges on one database', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let lp: Emulator;
  let one: Program;
  let other: Program;

  beforeAll(async () => {
    [server, lp] = await Promise.all([startPostgres(), startEmulator()]);
    const env = { DATABASE_URL: server.url, COBRIDGE_ADMIN_KEY: 'an-admin-key-for-two-bridges', LIVEPERSON_CSDS_URL: lp.url };
    [one, other] = await Promise.all([startProgram(env), startProgram(env)]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([one?.remove(), other?.remove()]);
    await lp?.stop();
    await server?.stop();
  });

  it('share accounts, tokens, offers, answers and the clock, whichever is asked', async () => {
    const account = await createAccount(one);
    const conversation = new TestConversation();
    const auth = { token: await account.pageToken(conversation.consumerId), protocol: 1 };
    const [here, there] = await Promise.all([connectPage(one.url, auth), connectPage(other.url, auth)]);

    conversation.invite();
    await postHook(one, account, conversation.notification());
    const [invited, alsoInvited] = await Promise.all([here.next('session.invited'), there.next('session.invited')]);
    expect(alsoInvited).toEqual(invited);

    const answers = await Promise.all([here.answer('accept', invited.session.id), there.answer('accept', invited.session.id)]);
    expect(answers.filter((a) => a.ok)).toHaveLength(1);
    await Promise.all([here.next('session.accepted'), there.next('session.accepted')]);

    const short = new TestConversation(conversation.consumerId);
    short.invite({ secondsLeft: 1 });
    await postHook(other, account, short.notification());
    const closed = await Promise.all([here, there].map((page) => page.next((e) => e.session.reason === 'expired')));
    expect(closed[0]).toEqual(closed[1]);
    for (const page of [here, there]) page.close();
  });

  it('let go of the pages of an account that is deleted, and let none of them into a later one of the same id', async () => {
    const account = await createAccount(one);
    const visitorId = 'a-visitor-who-stays';
    const auth = { token: await account.pageToken(visitorId), protocol: 1 };
    const [here, there] = await Promise.all([connectPage(one.url, auth), connectPage(other.url, auth)]);
    const refusal = ({ socket }: TestPage): Promise<unknown> =>
      new Promise((resolve) => {
        socket.once('connect_error', (error: Error & { data?: unknown }) => resolve(error.data));
      });
    const [refusedHere, refusedThere] = [refusal(here), refusal(there)];
    const deletedAt = performance.now();
    expect((await call(one, 'DELETE', `/v1/accounts/${account.id}`, { key: one.adminKey })).status).toBe(204);
    expect(await refusedHere).toEqual({ code: 'token_invalid' });
    // On other bridges they are let go by the next check, which is far off, or sooner, when they say something.
    const says = setInterval(() => there.socket.emit('latest', { sessionId: 'ses_1' }, () => {}), 400).unref();
    expect(await refusedThere).toEqual({ code: 'token_invalid' });
    clearInterval(says);
    expect(performance.now() - deletedAt).toBeLessThan(5000);
    for (const page of [here, there]) page.close();

    const later = await createAccount(one, {}, account.id);
    for (const { url } of [one, other]) await expect(connectPage(url, auth)).rejects.toMatchObject({ data: { code: 'token_invalid' } });
    const page = await openPage(one, later, visitorId);
    const conversation = new TestConversation(visitorId);
    conversation.invite();
    await postHook(one, later, conversation.notification());
    const { session } = await page.next('session.invited');
    expect(await page.answer('accept', session.id)).toMatchObject({ ok: true });
    page.close();
  });

  describe('and one stream', () => {
    let account: TestAccount;
    let brand: Brand;
    /** Who holds the stream at first, and who does not. */
    let holder: Program;
    let waiting: Program;

    const subscriptions = (bridge: Program): number => bridge.logged('stream.changed').filter(({ state }) => state === 'subscribed').length;
    const subscribed = (bridge: Program, times: number): Promise<Program> =>
      bridge
        .untilLogged('stream.changed', (lines) => lines.filter(({ state }) => state === 'subscribed').length >= times)
        .then(() => bridge);
    const subscribesNext = (bridge: Program): Promise<Program> => subscribed(bridge, subscriptions(bridge) + 1);

    beforeAll(async () => {
      account = await createAccount(one);
      brand = lp.addAccount({ id: account.id, users: [USER] });
      const stream = { kind: 'brand', credentials: { username: USER.name, password: USER.password } };
      await call(one, 'PATCH', `/v1/accounts/${account.id}`, { key: one.adminKey, body: { settings: { liveperson: { stream } } } });
      holder = await Promise.any([one, other].map((bridge) => subscribed(bridge, 1)));
      waiting = holder === one ? other : one;
    });

    it('listen with one socket', () => {
      expect([lp.sockets, subscriptions(waiting)]).toEqual([1, 0]);
    });

    describe('of which one is killed', () => {
      let conversation: ReturnType<Brand['openConversation']>;
      let dialogId: string;
      let page: TestPage;
      let tookMs: Promise<number>;
      const acknowledged = new TestConversation();
      let auth: object;

      beforeAll(async () => {
        conversation = brand.openConversation();
        page = await openPage(waiting, account, conversation.consumerId);
        auth = { token: await account.pageToken(acknowledged.consumerId), protocol: 1 };
        acknowledged.invite({ secondsLeft: 2 });
        expect((await postHook(holder, account, acknowledged.notification())).status).toBe(200);
        const taken = subscribesNext(waiting);
        const began = performance.now();
        await holder.kill();
        tookMs = taken.then(() => performance.now() - began);
        dialogId = brand.invite(conversation.id);
      });
      afterAll(() => page?.close());

      it('tell and close what it had acknowledged', async () => {
        const late = await connectPage(waiting.url, auth);
        expect(late.snapshot.events).toMatchObject([{ type: 'session.invited' }]);
        expect((await late.next('session.closed')).session.reason).toBe('expired');
        late.close();
      });

      it('listen in its place in time, and miss nothing', async () => {
        expect(await tookMs).toBeLessThan(TAKEN_OVER_WITHIN_MS);
        expect((await page.next('session.invited')).session.dialogId).toBe(dialogId);
        expect(lp.sockets).toBe(1);
      });

      it('give the stream back when it has started again and the other stops', async () => {
        await holder.start();
        const back = subscribesNext(holder);
        await waiting.stop();
        await back;
        brand.cancel(conversation.id, dialogId);
        const path = `/v1/accounts/${account.id}`;
        const asked = { key: account.platformKey, body: { visitorId: conversation.consumerId } };
        const { token } = (await call(holder, 'POST', `${path}/page-tokens`, asked)).body;
        const again = await connectPage(holder.url, { token, protocol: 1 });
        if (again.snapshot.events.length > 0) await again.next('session.closed');
        expect((await call(holder, 'GET', `${path}/liveperson/streams`, { key: account.platformKey })).body.items).toEqual([
          expect.objectContaining({ kind: 'brand', state: 'subscribed' }),
        ]);
        again.close();
      });
    });
  });
});
