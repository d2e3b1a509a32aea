import { DEFAULT_SETTINGS } from '#libs/core';
import { MemoryAccounts } from '../../../../libs/core/testing/memory-accounts.ts';
import { DemoAccount } from './demo-account.ts';

const HERE = 'http://127.0.0.1:3000/demo/callbacks';
const OTHERS = { url: 'https://shop.example/events', secret: `whsec_${'A'.repeat(32)}` };
const KEY = { id: 'key-1', hash: 'hash' };

describe("the demo's account", () => {
  let records: MemoryAccounts;
  const demo = (callbackUrl?: string) => new DemoAccount(records.asAccounts, records, callbackUrl);

  beforeEach(() => {
    records = new MemoryAccounts();
  });

  it('is made on first use, with secrets of its own that stay', async () => {
    expect(await records.list()).toEqual([]);
    const { id, appSecret, settings } = await demo(HERE).open();
    expect(id).toBe('demo');
    expect(appSecret.length).toBeGreaterThanOrEqual(43);
    expect(settings.callbacks).toEqual([{ url: HERE, secret: expect.stringMatching(/^whsec_.{44}$/) }]);
    expect(await demo(HERE).open()).toMatchObject({ appSecret, settings });
    expect(await demo(HERE).callbackSecret()).toBe(settings.callbacks[0]?.secret);
  });

  it('is one account, however many ask for it at once', async () => {
    const opened = await Promise.all(Array.from({ length: 5 }, () => demo(HERE).open()));
    expect(new Set(opened.map(({ appSecret }) => appSecret)).size).toBe(1);
    expect(new Set(opened.map(({ settings }) => settings.callbacks[0]?.secret)).size).toBe(1);
  });

  it('is called back where the bridge is now, and leaves the callbacks of others alone', async () => {
    const { appSecret } = await demo('http://127.0.0.1:9999/demo/callbacks').open();
    await records.update('demo', ({ name, settings }) => ({ name, settings: { ...settings, callbacks: [...settings.callbacks, OTHERS] } }));
    const moved = await demo(HERE).open();
    expect(moved.appSecret).toBe(appSecret);
    expect(moved.settings.callbacks).toEqual([OTHERS, { url: HERE, secret: expect.any(String) }]);
  });

  it('has no callbacks where they may not go to this machine', async () => {
    expect((await demo().open()).settings.callbacks).toEqual([]);
    expect(await demo().callbackSecret()).toBeNull();
  });

  it('is made anew when an admin deleted it', async () => {
    const first = await demo(HERE).open();
    await records.delete('demo');
    expect(await demo(HERE).callbackSecret()).toBeNull();
    expect((await demo(HERE).open()).appSecret).not.toBe(first.appSecret);
  });

  it('listens when it is told to and until it hangs up, and keeps its secrets', async () => {
    const stream = { kind: 'brand', credentials: { username: 'agent', password: 'one' } } as const;
    const first = await demo(HERE).open();
    const { liveperson } = (await demo(HERE).open(stream)).settings;
    expect(liveperson).toEqual({ appSecret: first.appSecret, stream });
    const anew = { kind: 'brand', credentials: { username: 'agent', password: 'two' } } as const;
    expect((await demo(HERE).open(anew)).settings.liveperson.stream).toEqual(anew);
    expect((await demo(HERE).open()).settings.liveperson.stream).toEqual(anew);
    await demo(HERE).hangUp();
    expect((await records.read('demo'))?.settings.liveperson).toEqual({ appSecret: first.appSecret });
  });

  it('hangs up nowhere else', async () => {
    await demo(HERE).hangUp();
    expect(await records.list()).toEqual([]);
    const liveperson = { stream: { kind: 'consumer' } } as const;
    const before = await records.create({ id: 'demo', name: 'Demo Ltd', settings: { ...DEFAULT_SETTINGS, liveperson } }, KEY);
    await demo(HERE).hangUp();
    expect(await records.read('demo')).toEqual(before);
  });

  it('keeps what an admin set', async () => {
    await demo(HERE).open();
    await records.update('demo', ({ name, settings }) => ({
      name,
      settings: { ...settings, allowedModes: ['follow'], defaultMode: 'follow' },
    }));
    expect((await demo(HERE).open()).settings.allowedModes).toEqual(['follow']);
  });

  it('is refused, and nothing is touched, where somebody else has an account of that name', async () => {
    const theirs = { id: 'demo', name: 'Demo Ltd', settings: { ...DEFAULT_SETTINGS, callbacks: [OTHERS] } };
    const before = await records.create(theirs, KEY);
    await expect(demo(HERE).open()).rejects.toMatchObject({ code: 'account_exists' });
    expect(await records.read('demo')).toEqual(before);
  });
});
