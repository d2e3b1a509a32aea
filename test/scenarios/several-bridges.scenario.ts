import { call, createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { type TestPage, connectPage, openPage } from '../support/page.ts';
import { startPostgres } from '../support/postgres.ts';
import { type Program, startProgram } from '../support/program.ts';

describe('two bridges on one database', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let one: Program;
  let other: Program;

  beforeAll(async () => {
    server = await startPostgres();
    const env = { DATABASE_URL: server.url, COBRIDGE_ADMIN_KEY: 'an-admin-key-for-two-bridges' };
    [one, other] = await Promise.all([startProgram(env), startProgram(env)]);
  });
  afterAll(async () => {
    await Promise.all([one.remove(), other.remove()]);
    await server.stop();
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
    const says = setInterval(() => there.socket.emit('latest', { sessionId: 'ses_1' }, () => {}), 400);
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

  it('take over from one that was killed: what it had acknowledged is told and closed by the other', async () => {
    const account = await createAccount(other);
    const conversation = new TestConversation();
    conversation.invite({ secondsLeft: 2 });
    await postHook(one, account, conversation.notification());
    await one.kill();
    const page = await openPage(other, account, conversation.consumerId);
    expect(page.snapshot.events).toMatchObject([{ type: 'session.invited' }]);
    expect((await page.next('session.closed')).session.reason).toBe('expired');
    page.close();
    await one.start();
  });
});
