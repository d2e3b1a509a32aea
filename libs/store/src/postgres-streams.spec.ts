import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_SETTINGS, type StreamSettings, type StreamStatus } from '#libs/core';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type Database, openDatabase } from './database.ts';
import { PostgresAccountRecords } from './postgres-account-records.ts';
import { PostgresStreams } from './postgres-streams.ts';
import { Sealer } from './sealed.ts';

const BRAND: StreamSettings = { kind: 'brand', credentials: { username: 'bot', password: 'very-secret' } };
const LEASE_MS = 9000;
const MANY = 100;
const key = (accountId: string, visitorId: string | null = null) => ({ accountId, visitorId });
const status = (told: Partial<StreamStatus> = {}): StreamStatus => ({
  state: 'subscribed',
  reason: 'listening',
  since: 1,
  retryAt: null,
  heardAt: 2,
  ...told,
});

describe('streams in PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;
  let accounts: PostgresAccountRecords;
  let count = 0;
  const sealer = new Sealer(new Uint8Array(32));

  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase(server.url, (error) => {
      throw error;
    });
    accounts = new PostgresAccountRecords(database, sealer, () => {});
  });
  afterEach(async () => {
    for (const { id } of await accounts.list()) await accounts.delete(id);
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  const bridge = (holder: string): PostgresStreams => new PostgresStreams(database.pool, database.db, sealer, holder);
  async function account(stream?: StreamSettings): Promise<string> {
    const id = `account-${(count += 1)}`;
    const settings = { ...DEFAULT_SETTINGS, liveperson: stream ? { stream } : {} };
    await accounts.create({ id, name: 'A brand', settings }, { id: `key-${count}`, hash: `hash-${count}` });
    return id;
  }
  const change = (id: string, stream?: StreamSettings) =>
    accounts.update(id, ({ name, settings }) => ({ name, settings: { ...settings, liveperson: stream ? { stream } : {} } }));

  it('are those of the accounts that listen, and of no others', async () => {
    const listening = await account(BRAND);
    await account();
    await account({ kind: 'consumer' });
    const one = bridge('one');
    expect(await one.hold(MANY)).toEqual([{ ...key(listening), token: null, heardAt: null }]);
    await change(listening);
    expect(await one.hold(MANY)).toEqual([]);
    await change(listening, BRAND);
    expect(await one.hold(MANY)).toHaveLength(1);
    await accounts.delete(listening);
    expect(await one.hold(MANY)).toEqual([]);
  });

  it('are held by one bridge at a time, whoever asks at once', async () => {
    for (let i = 0; i < 20; i++) await account(BRAND);
    const bridges = ['one', 'two', 'three'].map(bridge);
    for (let round = 0; round < 3; round++) {
      const held = await Promise.all(bridges.map((each) => each.hold(MANY)));
      const ids = held.flat().map(({ accountId }) => accountId);
      expect(new Set(ids).size).toBe(ids.length);
    }
    const all = (await Promise.all(bridges.map((each) => each.hold(MANY)))).flat();
    expect(all).toHaveLength(20);
  });

  it('go to another bridge when they are given back, and when their bridge is heard of no more', async () => {
    const id = await account(BRAND);
    const [one, two] = [bridge('one'), bridge('two')];
    await one.hold(MANY);
    await one.report(key(id), status({ heardAt: 77 }));
    expect(await two.hold(MANY)).toEqual([]);
    await one.release();
    expect(await two.hold(MANY)).toEqual([{ ...key(id), token: null, heardAt: 77 }]);
    expect(await one.hold(MANY)).toEqual([]);
    await sleep(LEASE_MS + 100);
    expect(await one.hold(MANY)).toHaveLength(1);
    expect(await two.hold(MANY)).toEqual([]);
  });

  it('of visitors are taken up to what a bridge can bear, the others by others; those of brands never wait for them', async () => {
    const id = await account({ kind: 'consumer' });
    const [one, two] = [bridge('one'), bridge('two')];
    for (let i = 0; i < 5; i++) expect(await one.listen(id, `visitor-${i}`, 'token', Date.now() + 60_000)).toBe(true);
    const visitorsOf = (held: { visitorId: string | null }[]) => held.flatMap(({ visitorId }) => visitorId ?? []);
    const first = visitorsOf(await one.hold(3));
    expect(first).toHaveLength(3);
    const brand = await account(BRAND);
    expect((await one.hold(3)).map(({ accountId }) => accountId)).toContain(brand);
    expect(visitorsOf(await two.hold(3))).toHaveLength(2);
    expect(new Set(visitorsOf(await one.hold(3)))).toEqual(new Set(first));
  });

  it('stay with their bridge while it writes to them', async () => {
    const id = await account(BRAND);
    const one = bridge('one');
    await one.hold(MANY);
    const writing = await database.pool.connect();
    await writing.query('BEGIN');
    await writing.query("UPDATE stream SET status = '{}' WHERE account_id = $1", [id]);
    const held = one.hold(MANY);
    await sleep(50);
    await writing.query('COMMIT');
    writing.release();
    expect(await held).toHaveLength(1);
  });

  it('of an account that is no more, or has a thousand, are not begun', async () => {
    const id = await account({ kind: 'consumer' });
    const one = bridge('one');
    const rows = "SELECT $1, 'v' || n, 't', 9999999999999 FROM generate_series(1, 1000) n";
    await database.pool.query(`INSERT INTO stream (account_id, visitor_id, token, expires_at) ${rows}`, [id]);
    expect(await one.listen(id, 'one-more', 'token', Date.now() + 1000)).toBe(false);
    expect(await one.listen(id, 'v7', 'token', Date.now() + 1000)).toBe(true);
    expect(await one.listen('nobody', 'v7', 'token', Date.now() + 1000)).toBe(false);
  });

  it("are a visitor's from its token until that ends, and the token is nowhere in clear", async () => {
    const id = await account({ kind: 'consumer' });
    const one = bridge('one');
    await one.listen(id, 'visitor-1', 'very-secret-token', Date.now() + 60_000);
    await one.listen(id, 'visitor-2', 'another-token', Date.now() + 400);
    expect(new Map((await one.hold(MANY)).map(({ visitorId, token }) => [visitorId, token]))).toEqual(
      new Map([
        ['visitor-1', 'very-secret-token'],
        ['visitor-2', 'another-token'],
      ]),
    );
    expect(JSON.stringify((await database.pool.query('SELECT * FROM stream')).rows)).not.toContain('token-');
    expect(JSON.stringify((await database.pool.query('SELECT * FROM stream')).rows)).not.toContain('very-secret');
    await one.listen(id, 'visitor-1', 'a-newer-token', Date.now() + 60_000);
    await sleep(450);
    expect((await one.hold(MANY)).map(({ token }) => token)).toEqual(['a-newer-token']);
    expect([await one.forget(id, 'visitor-1'), await one.forget(id, 'visitor-1')]).toEqual([true, false]);
    expect(await one.hold(MANY)).toEqual([]);
  });

  it('end with the setting that allows them', async () => {
    const id = await account({ kind: 'consumer' });
    const one = bridge('one');
    await one.listen(id, 'visitor-1', 'token', Date.now() + 60_000);
    expect(await one.hold(MANY)).toHaveLength(1);
    await change(id);
    expect(await one.hold(MANY)).toEqual([]);
  });

  it('are listed as their bridge last reported them, and another bridge cannot', async () => {
    const id = await account(BRAND);
    const [one, two] = [bridge('one'), bridge('two')];
    await one.hold(MANY);
    expect(await two.list(id)).toEqual([{ ...key(id), status: null, expiresAt: null }]);
    await Promise.all([
      one.report(key(id), status({ state: 'connecting', reason: 'started' })),
      one.report(key(id), status({ state: 'waiting', reason: 'unreachable', retryAt: 5 })),
      one.report(key(id), status()),
      two.report(key(id), status({ state: 'stopped' })),
    ]);
    expect(await two.list(id)).toEqual([{ ...key(id), status: status(), expiresAt: null }]);
    expect(await two.list('nobody')).toEqual([]);
  });
});
