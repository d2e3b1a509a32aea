import { type Account, type Accounts, DEFAULT_SETTINGS, type HeldStream, type StreamSettings, type Streams } from '#libs/core';
import { Problem } from '#libs/protocol';
import { type Brand, type Emulator, startEmulator } from '../../../../apps/liveperson-emulator/src/index.ts';
import { LivePersonBase } from './liveperson-base.ts';
import { type StreamReport, StreamSupervisor } from './stream-supervisor.ts';

const USER = { name: 'bot', password: 'secret-pw', userId: '987654', pid: '44444444-aaaa-5bbb-8ccc-000000000004', seesAll: true };
const STREAM: StreamSettings = { kind: 'brand', credentials: { username: USER.name, password: USER.password } };
const HELD: HeldStream = { accountId: '12345678', visitorId: null, token: null, heardAt: null };

describe('looking after streams', () => {
  let lp: Emulator;
  let brand: Brand;
  let settings: StreamSettings | undefined;
  let hold: () => Promise<HeldStream[]>;
  let released: number;
  let supervisor: StreamSupervisor;
  const told: StreamReport[] = [];
  const counted: string[] = [];
  let look = (): void => {};
  let take: (frame: unknown) => Promise<void>;

  beforeEach(async () => {
    lp = await startEmulator();
    brand = lp.addAccount({ id: '12345678', users: [USER] });
    settings = STREAM;
    hold = async () => [HELD];
    released = 0;
    told.length = counted.length = 0;
    take = async () => {};
    const account = (): Account => ({
      id: '12345678',
      name: 'A brand',
      settings: { ...DEFAULT_SETTINGS, liveperson: settings ? { stream: settings } : {} },
      createdAt: 0,
    });
    const accounts: Accounts = { find: async () => account(), authenticate: async () => null };
    const streams: Partial<Streams> = {
      hold: () => hold(),
      release: async () => void (released += 1),
      report: async () => {},
    };
    const intake = {
      take: async (_account: Account, frame: unknown) => {
        await take(frame);
        return { changes: 0, results: [] };
      },
    };
    supervisor = new StreamSupervisor(streams as Streams, accounts, intake, {
      base: new LivePersonBase(lp.url),
      everyMs: 20,
      giveUpMs: 200,
      times: { firstPauseMs: 5 },
      onStatus: (report) => (told.push(report), look()),
      onNotification: (outcome) => (counted.push(outcome), look()),
    });
  });
  afterEach(async () => {
    await supervisor.stop();
    while (lp.sockets > 0) await lp.next('socket-close');
    await lp.stop();
  });

  const until = (enough: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => enough() && resolve();
      look();
    });
  const subscribed = (times = 1): Promise<void> => until(() => told.filter(({ state }) => state === 'subscribed').length >= times);

  it('starts what it is given, counts it, and gives it back at the end', async () => {
    supervisor.start();
    await subscribed();
    expect(supervisor.counts()).toEqual([{ kind: 'brand', state: 'subscribed', reason: 'listening', count: 1 }]);
    await supervisor.stop();
    expect([released, supervisor.counts()]).toEqual([1, []]);
  });

  it('hangs up when another bridge has taken the stream, and when the setting is gone', async () => {
    supervisor.start();
    await subscribed();
    const closed = lp.next('socket-close');
    hold = async () => [];
    await closed;
    hold = async () => [HELD];
    await subscribed(2);
    const again = lp.next('socket-close');
    settings = undefined;
    await again;
    expect(supervisor.counts()).toEqual([]);
  });

  it('begins anew with other credentials, and not when nothing has changed', async () => {
    supervisor.start();
    await subscribed();
    settings = { kind: 'brand', credentials: { ...STREAM.credentials } } as StreamSettings;
    await supervisor.refresh();
    await supervisor.refresh();
    expect(lp.journal.of('login')).toHaveLength(1);
    settings = { kind: 'brand', credentials: { bearer: brand.bearer('bot') } };
    await subscribed(2);
    expect(lp.journal.of('login')).toHaveLength(1);
    expect(lp.sockets).toBe(1);
  });

  it('looks once at a time, however many ask, and no more after it was stopped', async () => {
    let [looking, most] = [0, 0];
    hold = async () => {
      most = Math.max(most, (looking += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      looking -= 1;
      return [HELD];
    };
    supervisor.start();
    await Promise.all(Array.from({ length: 20 }, () => supervisor.refresh()));
    await subscribed();
    expect([most, lp.journal.of('login').length]).toEqual([1, 1]);
    const asked = supervisor.refresh();
    await supervisor.stop();
    await asked;
    let after = 0;
    hold = async () => ((after += 1), []);
    await supervisor.refresh();
    expect(after).toBe(0);
  });

  it('is not made deaf by a fault of our own in one conversation', async () => {
    supervisor.start();
    await subscribed();
    take = async () => {
      throw new TypeError('a fault of ours');
    };
    brand.sendRaw('"COBROWSE"');
    await until(() => counted.includes('failed'));
    expect(told.at(-1)?.state).toBe('subscribed');
  });

  it('goes on listening through a short trouble of the store, and not through a long one', async () => {
    supervisor.start();
    await subscribed();
    hold = async () => {
      throw new Error('the store is down');
    };
    const began = performance.now();
    await lp.next('socket-close');
    expect(performance.now() - began).toBeGreaterThan(150);
    hold = async () => [HELD];
    await subscribed(2);
  });

  it('tries at once, when it is told that it works now, what would have waited for minutes', async () => {
    settings = { kind: 'brand', credentials: { username: 'bot', password: 'not yet' } };
    supervisor.start();
    await until(() => told.some(({ reason, state }) => state === 'waiting' && reason === 'wrong_credentials'));
    brand.users.splice(0, 1, { ...USER, password: 'not yet' });
    await supervisor.retry('12345678');
    await subscribed();
    expect(told.map(({ state }) => state)).toEqual(['connecting', 'waiting', 'connecting', 'subscribed']);
  });

  it('counts what it passed over, read and could not read, and a frame that cannot be read ends nothing', async () => {
    supervisor.start();
    await subscribed();
    counted.length = 0;
    const { passed } = supervisor;
    brand.sendRaw('{"kind":"notification","type":"x","body":{}}');
    brand.sendRaw('{"kind":"notification","type":"x","body":"COBROWSE"}');
    await until(() => counted.length >= 1);
    take = async () => {
      throw new Problem('bad_request', 'not a notification');
    };
    brand.sendRaw('COBROWSE');
    await until(() => counted.length >= 2);
    expect(counted).toEqual(['read', 'malformed']);
    expect(supervisor.passed - passed).toBe(1);
    expect(told.at(-1)?.state).toBe('subscribed');
  });
});
