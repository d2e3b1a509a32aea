import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamStatus } from '#libs/core';
import { type Brand, type Emulator, startEmulator } from '../../../../apps/liveperson-emulator/src/index.ts';
import { LivePersonHttp } from './liveperson-http.ts';
import { Stream, type StreamTimes } from './stream.ts';
import type { Listener } from './subscription.ts';

const USER = { name: 'bot', password: 'secret-pw', userId: '987654', pid: '44444444-aaaa-5bbb-8ccc-000000000004', seesAll: true };
const PASSWORD: Listener = { kind: 'brand', credentials: { username: USER.name, password: USER.password } };
const QUICK: StreamTimes = { answerMs: 2000, keepAliveMs: 30_000, firstPauseMs: 5, longestPauseMs: 40, stableMs: 60_000 };

describe('a stream', () => {
  let lp: Emulator;
  let brand: Brand;
  let open: Stream[] = [];

  beforeEach(async () => {
    lp = await startEmulator();
    brand = lp.addAccount({ id: '12345678', users: [USER] });
  });
  afterEach(async () => {
    await Promise.all(open.map((stream) => stream.stop()));
    open = [];
    try {
      while (lp.sockets > 0) await lp.next('socket-close');
    } finally {
      await lp.stop();
    }
  });

  /** A stream that has begun, with what it said and heard. */
  function begin(
    options: { listener?: Listener; times?: Partial<StreamTimes>; onFrame?: (frame: unknown) => Promise<void>; random?: () => number } = {},
  ) {
    const { listener = PASSWORD, times, onFrame = async (): Promise<void> => {}, random = () => 1 } = options;
    const told: StreamStatus[] = [];
    const frames: unknown[] = [];
    let look = (): void => {};
    const stream = new Stream({
      http: new LivePersonHttp(),
      base: lp.url,
      accountId: '12345678',
      listener,
      heardAt: null,
      times: { ...QUICK, ...times },
      random,
      onFrame: (frame) => (frames.push(frame), onFrame(frame)),
      onStatus: (status) => (told.push(status), look()),
    });
    open.push(stream);
    stream.start();
    /** Resolves when it has come to that state so often. */
    const comesTo = (state: StreamStatus['state'], often = 1): Promise<StreamStatus> =>
      new Promise((resolve) => {
        look = () => {
          const all = told.filter((status) => status.state === state);
          if (all.length >= often) resolve(all[often - 1]!);
        };
        look();
      });
    return { stream, told, frames, comesTo };
  }

  it('says what it does, from the first connection to the next one', async () => {
    const { told, comesTo } = begin();
    await comesTo('subscribed');
    lp.drop();
    await comesTo('subscribed', 2);
    expect(told.map(({ state, reason }) => `${state} ${reason}`)).toEqual([
      'connecting started',
      'subscribed listening',
      'waiting connection_lost',
      'connecting connection_lost',
      'subscribed listening',
    ]);
    expect(told[2]!.retryAt! - told[2]!.since).toBe(5);
  });

  it('comes back after a hundred drops in a row within its pauses, and leaves nothing behind', async () => {
    lp.knobs.refuse = 1012;
    const { told, comesTo } = begin();
    await comesTo('waiting', 100);
    lp.knobs.refuse = null;
    await comesTo('subscribed');
    const pauses = told.filter(({ state }) => state === 'waiting').map(({ since, retryAt }) => retryAt! - since);
    expect(pauses.slice(0, 5)).toEqual([5, 10, 20, 40, 40]);
    expect(new Set(pauses.slice(3))).toEqual(new Set([40]));
    const doors = lp.attempts.filter(({ path }) => path === 'agent-socket').map(({ at }) => at);
    expect(doors).toHaveLength(101);
    for (let i = 4; i < 100; i++) expect(doors[i + 1]! - doors[i]!).toBeGreaterThanOrEqual(35);
    expect(lp.sockets).toBe(1);
  });

  it('goes on growing its pauses when a connection is let in and dropped at once', async () => {
    const { told, comesTo } = begin();
    for (let i = 1; i <= 4; i++) {
      await comesTo('subscribed', i);
      lp.drop();
    }
    await comesTo('waiting', 4);
    expect(told.filter(({ state }) => state === 'waiting').map(({ since, retryAt }) => retryAt! - since)).toEqual([5, 10, 20, 40]);
  });

  it('begins with short pauses again after a connection that held', async () => {
    const { told, comesTo } = begin({ times: { stableMs: 0 } });
    for (let i = 1; i <= 3; i++) {
      await comesTo('subscribed', i);
      lp.drop();
    }
    await comesTo('waiting', 3);
    expect(told.filter(({ state }) => state === 'waiting').map(({ since, retryAt }) => retryAt! - since)).toEqual([5, 5, 5]);
  });

  it('notices a connection that is open and dead', async () => {
    const { comesTo } = begin({ times: { keepAliveMs: 30, answerMs: 100 } });
    await comesTo('subscribed');
    lp.knobs.silent = true;
    expect((await comesTo('waiting')).reason).toBe('silent');
    lp.knobs.silent = false;
    await comesTo('subscribed', 2);
  });

  it.each([
    [4401, 'token_expired'],
    [1011, 'platform_error'],
    [429, 'rate_limited'],
    [503, 'platform_error'],
    [1001, 'connection_lost'],
  ])('waits and logs in anew after %i: %s', async (code, reason) => {
    lp.knobs.refuse = code;
    const { comesTo } = begin();
    expect(await comesTo('waiting')).toMatchObject({ reason, retryAt: expect.any(Number) });
  });

  it('waits as long as LivePerson asks when it asks for fewer requests', async () => {
    Object.assign(lp.knobs, { loginStatus: 429, retryAfterSeconds: 17 });
    const { since, retryAt } = await begin().comesTo('waiting');
    expect(retryAt! - since).toBe(17_003);
  });

  it.each([
    ['the visitor has to be known anew', 4407, PASSWORD, 'identity_expired'],
    ['the bearer that was supplied has ended', 4401, { kind: 'brand' as const, credentials: { bearer: 'YWJj' } }, 'token_expired'],
  ])('stops where trying again cannot help: %s', async (_, code, listener, reason) => {
    lp.knobs.refuse = code;
    const { comesTo, told } = begin({ listener });
    expect(await comesTo('stopped')).toMatchObject({ reason, retryAt: null });
    expect(told.at(-1)?.state).toBe('stopped');
  });

  it('tries wrong credentials seldom, so that nobody is locked out', async () => {
    const { since, retryAt } = await begin({ listener: { kind: 'brand', credentials: { username: 'bot', password: 'no' } } }).comesTo(
      'waiting',
    );
    expect(retryAt! - since).toBe(300_000);
  });

  it('logs in with keys, too', async () => {
    const oauth = { appKey: 'k', secret: 's', accessToken: 'a', accessTokenSecret: 't' };
    brand.users.push({ ...USER, name: 'robot', oauth });
    const { told, comesTo } = begin({ listener: { kind: 'brand', credentials: { username: 'robot', ...oauth } } });
    await comesTo('subscribed');
    expect(told.map(({ state }) => state)).toEqual(['connecting', 'subscribed']);
  });

  it('reads no further while the store is slow, so that nothing grows', async () => {
    let free = (): void => {};
    const busy = new Promise<void>((resolve) => (free = resolve));
    const { frames, comesTo } = begin({ onFrame: () => busy });
    await comesTo('subscribed');
    const known = frames.length;
    const frame = JSON.stringify({ kind: 'notification', type: 'x', body: 'COBROWSE', padding: 'x'.repeat(30_000) });
    for (let i = 0; i < 5000; i++) brand.sendRaw(frame);
    await sleep(500);
    expect(frames.length - known).toBeGreaterThan(10);
    expect(frames.length - known).toBeLessThan(200);
    free();
    const all = known + 5000;
    while (frames.length < all) await sleep(5);
    expect(frames.length).toBe(all);
  });

  it('hangs up when the store fails, and comes back for what it could not write', async () => {
    const conversation = brand.openConversation();
    brand.invite(conversation.id);
    let frames = 0;
    let written = (): void => {};
    const third = new Promise<void>((resolve) => (written = resolve));
    const { comesTo } = begin({
      onFrame: async () => {
        if (++frames < 3) throw new Error('no connection to postgres://user:secret@host');
        written();
      },
    });
    expect(await comesTo('waiting', 2)).toMatchObject({ reason: 'store_unavailable' });
    await third;
  });

  it.each([
    ['the directory', { httpDelayMs: 10_000 }],
    ['the subscription', { answerDelayMs: 10_000 }],
    ['a pause', { loginStatus: 503 }],
  ])('stops at once in the middle of %s', async (_, knobs) => {
    Object.assign(lp.knobs, knobs);
    const { stream, comesTo } = begin({ times: { firstPauseMs: 60_000, longestPauseMs: 60_000 } });
    await comesTo('connecting');
    await ('loginStatus' in knobs ? comesTo('waiting') : sleep(50));
    const began = performance.now();
    await stream.stop();
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('takes a trouble of its own for what it is, and tells no secret with it', async () => {
    const { told, comesTo } = begin({ listener: { kind: 'brand', credentials: { username: 'bot', password: 'hunter2hunter2' } } });
    await comesTo('waiting');
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });
});
