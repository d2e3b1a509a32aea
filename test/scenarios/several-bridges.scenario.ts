import { createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { connectPage, openPage } from '../support/page.ts';
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
