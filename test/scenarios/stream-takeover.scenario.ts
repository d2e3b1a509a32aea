import { type Brand, type Emulator, startEmulator } from '../../apps/liveperson-emulator/src/index.ts';
import { call, createAccount, type TestAccount } from '../support/api.ts';
import { connectPage, openPage } from '../support/page.ts';
import { startPostgres } from '../support/postgres.ts';
import { type Program, startProgram } from '../support/program.ts';

const USER = { name: 'bot', password: 'secret-pw', userId: '987654', pid: '44444444-aaaa-5bbb-8ccc-000000000004', seesAll: true };
const TAKEN_OVER_WITHIN_MS = 15_000;

describe('two bridges and one stream', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let lp: Emulator;
  let bridges: Program[];
  let account: TestAccount;
  let brand: Brand;

  beforeAll(async () => {
    [server, lp] = await Promise.all([startPostgres(), startEmulator()]);
    const env = { DATABASE_URL: server.url, COBRIDGE_ADMIN_KEY: 'an-admin-key-for-two-bridges', LIVEPERSON_CSDS_URL: lp.url };
    bridges = await Promise.all([startProgram(env), startProgram(env)]);
    account = await createAccount(bridges[0]!);
    brand = lp.addAccount({ id: account.id, users: [USER] });
    const stream = { kind: 'brand', credentials: { username: USER.name, password: USER.password } };
    await call(bridges[0]!, 'PATCH', `/v1/accounts/${account.id}`, {
      key: bridges[0]!.adminKey,
      body: { settings: { liveperson: { stream } } },
    });
  }, 60_000);
  afterAll(async () => {
    await Promise.all((bridges ?? []).map((bridge) => bridge.remove()));
    await lp?.stop();
    await server?.stop();
  });

  const subscriptions = (bridge: Program): number => bridge.logged('stream.changed').filter(({ state }) => state === 'subscribed').length;
  const subscribed = (bridge: Program, times: number): Promise<Program> =>
    bridge.untilLogged('stream.changed', (lines) => lines.filter(({ state }) => state === 'subscribed').length >= times).then(() => bridge);
  /** The bridge that subscribes next, of those given. */
  const next = (of: Program[]): Promise<Program> => Promise.any(of.map((bridge) => subscribed(bridge, subscriptions(bridge) + 1)));

  it('listen with one socket, and after kill -9 of one the other takes over in time and misses nothing', async () => {
    const holder = await Promise.any(bridges.map((bridge) => subscribed(bridge, 1)));
    const other = bridges.find((bridge) => bridge !== holder)!;
    expect([lp.sockets, subscriptions(other)]).toEqual([1, 0]);
    const conversation = brand.openConversation();
    const page = await openPage(other, account, conversation.consumerId);

    const taken = next([other]);
    const began = performance.now();
    await holder.kill();
    const dialogId = brand.invite(conversation.id);
    await taken;
    expect(performance.now() - began).toBeLessThan(TAKEN_OVER_WITHIN_MS);
    expect((await page.next('session.invited')).session.dialogId).toBe(dialogId);
    expect(lp.sockets).toBe(1);

    await holder.start();
    const back = next([holder]);
    await other.stop();
    await back;
    brand.cancel(conversation.id, dialogId);
    const path = `/v1/accounts/${account.id}/page-tokens`;
    const asked = { key: account.platformKey, body: { visitorId: conversation.consumerId } };
    const { token } = (await call(holder, 'POST', path, asked)).body;
    const again = await connectPage(holder.url, { token, protocol: 1 });
    if (again.snapshot.events.length > 0) await again.next('session.closed');
    expect((await call(holder, 'GET', `/v1/accounts/${account.id}/liveperson/streams`, { key: account.platformKey })).body.items).toEqual([
      expect.objectContaining({ kind: 'brand', state: 'subscribed' }),
    ]);
    for (const each of [page, again]) each.close();
  }, 60_000);
});
