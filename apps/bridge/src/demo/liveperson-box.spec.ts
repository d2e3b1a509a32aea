import { LivePersonBase, type StreamReport } from '#libs/liveperson';
import { DEFAULT_SETTINGS } from '#libs/core';
import { MemoryAccounts } from '../../../../libs/core/testing/memory-accounts.ts';
import { DemoAccount } from './demo-account.ts';
import { LivePersonBox } from './liveperson-box.ts';
import { Overheard } from './overheard.ts';

const REPORT: StreamReport = {
  accountId: 'demo',
  visitorId: null,
  state: 'subscribed',
  reason: 'listening',
  since: 0,
  retryAt: null,
  heardAt: null,
};

describe("the demo's LivePerson", () => {
  let records: MemoryAccounts;
  let base: LivePersonBase;
  const boxes: LivePersonBox[] = [];
  const settings = async () => (await records.read('demo'))?.settings.liveperson;

  /** `state` is what the bridge's stream comes to when it is told to look. */
  function box(state: StreamReport['state'] | undefined, patienceMs?: number): LivePersonBox {
    const overheard = new Overheard('demo');
    const refresh = async (): Promise<void> => {
      if (state && (await settings())?.stream) overheard.status({ ...REPORT, state, reason: 'unreachable' });
    };
    const made = new LivePersonBox(new DemoAccount(records.asAccounts, records, undefined), base, { refresh }, overheard, patienceMs);
    boxes.push(made);
    return made;
  }

  beforeEach(() => {
    records = new MemoryAccounts();
    base = new LivePersonBase();
  });
  afterEach(async () => {
    for (const each of boxes.splice(0)) await each.onApplicationShutdown();
  });

  it('is started once, when it is first used, and the account is found in it', async () => {
    const lp = box('subscribed');
    expect(await settings()).toBeUndefined();
    const [one, two] = await Promise.all([lp.open(), lp.open()]);
    expect(one).toBe(two);
    const [user] = one.users;
    expect((await settings())?.stream).toEqual({ kind: 'brand', credentials: { username: user?.name, password: user?.password } });
    const answer = await fetch(`${base.of('demo')}/api/account/demo/service/baseURI.json?version=1.0`);
    expect(answer.status).toBe(200);
  });

  it('says how the stream is when the bridge does not come to listen, and can be tried again', async () => {
    const lp = box('waiting', 20);
    await expect(lp.open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('waiting, unreachable') });
    await expect(lp.open()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(box(undefined, 20).open()).rejects.toMatchObject({ message: expect.stringContaining('another bridge') });
  });

  it('has another password each time, and leaves none behind', async () => {
    const first = box('subscribed');
    await first.open();
    const before = await settings();
    await first.onApplicationShutdown();
    expect((await settings())?.stream).toBeUndefined();
    await box('subscribed').open();
    expect((await settings())?.stream).not.toEqual(before?.stream);
  });

  it('clears away what a killed bridge left', async () => {
    await new DemoAccount(records.asAccounts, records, undefined).open({
      kind: 'brand',
      credentials: { username: 'demo-agent', password: 'old' },
    });
    await box('subscribed').onModuleInit();
    expect((await settings())?.stream).toBeUndefined();
  });

  it('is not put in the place of an account that is not its own', async () => {
    await records.create({ id: 'demo', name: 'Demo Ltd', settings: DEFAULT_SETTINGS }, { id: 'key', hash: 'hash' });
    await expect(box('subscribed').open()).rejects.toMatchObject({ code: 'account_exists' });
    expect(base.of('demo')).toBe('https://api.liveperson.net');
  });
});
