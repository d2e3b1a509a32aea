import { randomUUID } from 'node:crypto';
import { type Brand, type Emulator, startEmulator } from '../../apps/liveperson-emulator/src/index.ts';
import { type TestAccount, call, createAccount } from '../support/api.ts';
import { type TestPage, openPage } from '../support/page.ts';
import { type Program, startProgram } from '../support/program.ts';

const USER = {
  name: 'bridge-bot',
  password: 'correct horse battery',
  userId: '987654',
  pid: '44444444-aaaa-5bbb-8ccc-000000000004',
  seesAll: true,
};
const CREDENTIALS = { username: USER.name, password: USER.password };

interface Stream {
  kind: string;
  visitorId: string | null;
  state: string;
  reason: string;
  message: string | null;
  retryAt: string | null;
}

describe('listening to LivePerson', () => {
  let lp: Emulator;
  let program: Program;
  let account: TestAccount;
  let brand: Brand;
  const pages: TestPage[] = [];

  beforeAll(async () => {
    lp = await startEmulator();
    program = await startProgram({ LIVEPERSON_CSDS_URL: lp.url });
  }, 60_000);
  afterAll(async () => {
    await program?.remove();
    await lp?.stop();
  });
  beforeEach(async () => {
    account = await createAccount(program);
    brand = lp.addAccount({ id: account.id, users: [USER] });
  });
  afterEach(async () => {
    lp.knobs.reset();
    for (const page of pages.splice(0)) page.close();
    await call(program, 'DELETE', `/v1/accounts/${account.id}`, { key: program.adminKey });
  });

  const set = (stream: object | null) =>
    call(program, 'PATCH', `/v1/accounts/${account.id}`, { key: program.adminKey, body: { settings: { liveperson: { stream } } } });
  const listen = async (credentials: object = CREDENTIALS): Promise<void> => {
    expect((await set({ kind: 'brand', credentials })).status).toBe(200);
  };
  const changes = () => program.logged('stream.changed').filter((line) => line['accountId'] === account.id);
  const comesTo = (state: string, reason?: string): Promise<unknown> =>
    program.untilLogged('stream.changed', (lines) =>
      lines.some(
        (line) => line['accountId'] === account.id && line['state'] === state && (reason === undefined || line['reason'] === reason),
      ),
    );
  const subscribed = (times = 1): Promise<unknown> =>
    program.untilLogged(
      'stream.changed',
      (lines) => lines.filter((line) => line['accountId'] === account.id && line['state'] === 'subscribed').length >= times,
    );
  const page = async (visitorId: string): Promise<TestPage> => {
    const opened = await openPage(program, account, visitorId);
    pages.push(opened);
    return opened;
  };
  const streams = async () => (await account.call<{ items: Stream[] }>('GET', '/liveperson/streams')).body.items;

  it('brings an invitation to the page as soon as an admin has entered the credentials, and its whole life after it', async () => {
    const conversation = brand.openConversation();
    const visitor = await page(conversation.consumerId);
    await listen();
    await subscribed();
    const dialogId = brand.invite(conversation.id, { mode: 'shared' });
    const invited = await visitor.next('session.invited');
    expect(invited.session).toMatchObject({
      conversationId: conversation.id,
      dialogId,
      mode: 'shared',
      visitor: { id: conversation.consumerId },
    });
    expect(invited.publish?.data).toMatchObject({ serviceId: `${conversation.consumerId}#${conversation.id}`, agentId: USER.pid });
    expect(await visitor.answer('accept', invited.session.id)).toMatchObject({ ok: true });
    brand.accept(conversation.id, dialogId);
    brand.join(conversation.id, dialogId);
    await visitor.next('session.active');
    brand.closeConversation(conversation.id);
    expect((await visitor.next('session.closed')).session.reason).toBe('conversation_closed');
    expect(await streams()).toEqual([
      expect.objectContaining({ kind: 'brand', visitorId: null, state: 'subscribed', reason: 'listening', message: null, retryAt: null }),
    ]);
  });

  it('finds the three that are invited among 1,000 open conversations', async () => {
    const invited = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      const { id } = brand.openConversation();
      brand.say(id, 'hello');
      if (i % 333 === 100) invited.add((brand.invite(id), id));
    }
    await listen();
    await program.untilLogged('session.changed', (lines) => lines.filter((line) => line['accountId'] === account.id).length === 3);
    const { items } = (await account.call('GET', '/sessions?limit=100')).body;
    expect(new Set(items.map((session: { conversationId: string }) => session.conversationId))).toEqual(invited);
  });

  it('makes up for what happened while it was cut off: offers nothing twice, and leaves nothing that ended on a page', async () => {
    const [kept, ended, closed] = [brand.openConversation(), brand.openConversation(), brand.openConversation()];
    const visitors = await Promise.all([kept, ended, closed].map(({ consumerId }) => page(consumerId)));
    await listen();
    await subscribed();
    const dialogs = [kept, ended, closed].map(({ id }) => brand.invite(id));
    await Promise.all(visitors.map((visitor) => visitor.next('session.invited')));

    lp.knobs.refuse = 503;
    lp.drop();
    await comesTo('waiting', 'platform_error');
    brand.cancel(ended.id, dialogs[1]!);
    brand.closeConversation(closed.id);
    const late = brand.openConversation();
    const lateVisitor = await page(late.consumerId);
    brand.invite(late.id);
    const brief = brand.openConversation();
    brand.cancel(brief.id, brand.invite(brief.id));
    lp.knobs.refuse = null;

    await lateVisitor.next('session.invited');
    expect((await visitors[1]!.next('session.closed')).session.reason).toBe('cancelled');
    expect((await visitors[2]!.next('session.closed')).session.reason).toBe('conversation_closed');
    expect(visitors[0]!.events.map(({ type }) => type)).toEqual(['session.invited']);
    const { items } = (await account.call('GET', `/sessions?conversationId=${brief.id}`)).body;
    expect(items.map((session: { status: string }) => session.status)).toEqual(['closed']);
  });

  it('makes one session of what comes by webhook and by stream', async () => {
    const webhook = {
      url: `${program.url}/v1/hooks/liveperson/${account.id}`,
      secret: account.appSecret,
      algorithm: 'sha256',
      encoding: 'hex',
    };
    lp.accounts.delete(account.id);
    brand = lp.addAccount({ id: account.id, users: [USER], webhooks: [webhook as never] });
    await listen();
    await subscribed();
    const conversation = brand.openConversation();
    const visitor = await page(conversation.consumerId);
    lp.knobs.duplicate = 1;
    const told = lp.next('webhook');
    const dialogId = brand.invite(conversation.id);
    await Promise.all([visitor.next('session.invited'), told]);
    brand.cancel(conversation.id, dialogId);
    await visitor.next('session.closed');
    expect(visitor.events.map(({ type }) => type)).toEqual(['session.invited', 'session.closed']);
    expect((await account.call('GET', '/sessions')).body.items).toHaveLength(1);
  });

  it('logs in again when its bearer is ended in the middle of a session, and goes on', async () => {
    const conversation = brand.openConversation();
    const visitor = await page(conversation.consumerId);
    await listen();
    await subscribed();
    brand.revoke();
    lp.drop(4401);
    await comesTo('waiting', 'token_expired');
    await subscribed(2);
    brand.invite(conversation.id);
    await visitor.next('session.invited');
    expect(lp.journal.of('login').filter((login) => login.account === account.id)).toHaveLength(2);
  });

  it('survives frames that are broken, unknown or of 20 MB', async () => {
    const conversation = brand.openConversation();
    const visitor = await page(conversation.consumerId);
    await listen();
    await subscribed();
    Object.assign(lp.knobs, { malformedFrames: true, unknownTypes: true, unknownFields: true, oversizeBytes: 20 * 1024 * 1024 });
    brand.sendRaw('{"type":"cqm.ExConversationChangeNotification","body":{"changes":"COBROWSE"}}');
    brand.sendRaw('COBROWSE');
    brand.invite(conversation.id);
    await visitor.next('session.invited');
    expect(changes().map((line) => line['state'])).toEqual(['connecting', 'subscribed']);
  });

  describe('per visitor', () => {
    it("listens with the visitor's token, hears that visitor and nobody else, until told not to", async () => {
      await set({ kind: 'consumer' });
      const [mine, others] = [brand.openConversation(), brand.openConversation()];
      const visitor = await page(mine.consumerId);
      const created = await account.call('POST', '/liveperson/streams', { token: brand.consumerToken(mine.consumerId) });
      expect([created.status, created.body.visitorId]).toEqual([201, mine.consumerId]);
      await subscribed();
      brand.invite(others.id);
      brand.invite(mine.id);
      await visitor.next('session.invited');
      expect((await account.call('GET', '/sessions')).body.items).toHaveLength(1);
      const closed = lp.next('socket-close');
      expect((await account.call('DELETE', `/liveperson/streams/${mine.consumerId}`)).status).toBe(204);
      await closed;
      expect(await streams()).toEqual([]);
    });

    it('stops with a reason when the token is refused, and goes on with another', async () => {
      await set({ kind: 'consumer' });
      const consumerId = randomUUID();
      lp.knobs.badConsumerToken = 4401;
      const forged = `${brand.consumerToken(consumerId).split('.').slice(0, 2).join('.')}.Zm9yZ2Vk`;
      await account.call('POST', '/liveperson/streams', { token: forged });
      await comesTo('stopped', 'token_expired');
      await account.call('POST', '/liveperson/streams', { token: brand.consumerToken(consumerId) });
      await subscribed();
    });

    it.each([
      ['not a token', { token: 'abc' }, 'token'],
      ['an old one', { token: () => brand.consumerToken('v', { seconds: -5 }) }, 'token'],
      ['a field that is none', { token: () => brand.consumerToken('v'), bearer: 'x' }, 'bearer'],
    ])('refuses %s and names the field', async (_, { token, ...rest }, field) => {
      await set({ kind: 'consumer' });
      const { status, body } = await account.call('POST', '/liveperson/streams', {
        token: typeof token === 'function' ? token() : token,
        ...rest,
      });
      expect([status, body.errors?.[0]?.field]).toEqual([400, field]);
    });
  });

  describe('the test of a connection', () => {
    const test = async () => (await account.call('POST', '/liveperson/streams/test', {})).body;

    it('tells that it works, step by step', async () => {
      await listen();
      expect(await test()).toMatchObject({
        ok: true,
        code: null,
        steps: ['discovery', 'login', 'socket', 'subscription'].map((step) => ({ step, ok: true })),
      });
    });

    it.each([
      ['wrong credentials', 'wrong_credentials', () => listen({ username: USER.name, password: 'wrong' }), 'login'],
      [
        'a missing permission',
        'missing_permission',
        () => (brand.users.splice(0, 1, { ...USER, seesAll: false }), listen()),
        'subscription',
      ],
      ['a blocked account', 'account_blocked', () => ((lp.knobs.loginStatus = 451), listen()), 'login'],
      ['an account that LivePerson does not know', 'unknown_account', () => (lp.accounts.delete(account.id), listen()), 'discovery'],
      ['a service that is down', 'platform_error', () => ((lp.knobs.csdsStatus = 503), listen()), 'discovery'],
      ['a bearer that has ended', 'token_expired', () => listen({ bearer: 'YWJj' }), 'socket'],
    ])('tells of %s in words', async (_, code, prepare, step) => {
      await prepare();
      const result = await test();
      expect([result.ok, result.code, result.steps.at(-1).step]).toEqual([false, code, step]);
      expect(result.message).toMatch(/^[A-Z].{20,}\.$/);
      expect(JSON.stringify(result)).not.toContain(USER.password);
    });
  });

  it('shows every stream in the metrics and in health, which does not depend on LivePerson', async () => {
    lp.knobs.loginStatus = 503;
    await listen();
    await comesTo('waiting', 'platform_error');
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    expect(metrics).toMatch(/cobridge_liveperson_streams\{kind="brand",state="waiting",reason="platform_error"\} 1/);
    const health = await fetch(`${program.url}/health/ready`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ streams: [{ kind: 'brand', state: 'waiting', reason: 'platform_error', count: 1 }] });
    expect((await streams())[0]).toMatchObject({ state: 'waiting', retryAt: expect.any(String) });
  });

  it('shows no secret to anybody, whatever happens', async () => {
    await listen();
    await subscribed();
    lp.drop(4401);
    await comesTo('waiting');
    lp.knobs.loginStatus = 401;
    const read = await call(program, 'GET', `/v1/accounts/${account.id}`, { key: program.adminKey });
    expect(read.body).toMatchObject({ settings: { liveperson: { stream: { kind: 'brand', login: 'password' } } } });
    expect(JSON.stringify(read.body) + program.output()).not.toMatch(new RegExp(`${USER.password}|messaging/brand`));
    expect(read.body.settings.liveperson.stream).toEqual({ kind: 'brand', login: 'password' });
  });
});
