import { DEFAULT_POLICY, DEFAULT_SETTINGS, Bridge, newSessionId, visitorRef } from '#libs/core';
import { promisesOfCodes } from '../../core/testing/codes.contract.ts';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type Database, openDatabase } from './database.ts';
import { PostgresAccountRecords } from './postgres-account-records.ts';
import { PostgresCodes } from './postgres-codes.ts';
import { PostgresSessions } from './postgres-sessions.ts';
import { Retention } from './retention.ts';
import { Sealer } from './sealed.ts';

const KEY = new Uint8Array(32);
const DAY_MS = 86_400_000;

describe('codes in PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;
  let sessions: PostgresSessions;
  let bridge: Bridge;

  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase(server.url, () => {});
    const accounts = new PostgresAccountRecords(database, new Sealer(KEY), () => {});
    for (const id of ['one', 'two']) await accounts.create({ id, name: id, settings: DEFAULT_SETTINGS }, { id: `key-${id}`, hash: id });
    sessions = new PostgresSessions(database.pool, database.db);
    await sessions.open();
    bridge = new Bridge(
      sessions,
      { arm: () => {} },
      { push: () => {} },
      { enqueue: async () => {} },
      { handled: () => {}, codeTried: () => {} },
    );
  });
  afterAll(async () => {
    await bridge.settled();
    await sessions.close();
    await database.close();
    await server.stop();
  });

  describe('as every implementation', () => {
    promisesOfCodes(async () => new PostgresCodes(database.pool, KEY));
  });

  /** Draws these numbers, one after the other. */
  const drawing = (...numbers: number[]) => new PostgresCodes(database.pool, KEY, () => numbers.shift() ?? 0);

  async function request(visitorId: string): Promise<string> {
    const sessionId = newSessionId();
    const unsaid = { dialogId: null, serviceId: null, mode: null, agent: { id: null, name: null }, createdAt: null, expires: null };
    const facts = {
      source: 'page',
      visitor: { id: visitorId, name: null },
      monitoring: { sessionId: null, visitorId: null },
      ...unsaid,
    } as const;
    await bridge.handle(visitorRef('one', visitorId), [{ type: 'request', sessionId, facts, topic: null, byCode: true }], DEFAULT_POLICY);
    return sessionId;
  }

  it('are six digits, also small numbers, and found in their account only', async () => {
    const codes = drawing(7);
    expect(await codes.issue('one', 'ses_7', 60)).toBe('000007');
    expect(await codes.find('one', '000007')).toBe('ses_7');
    expect(await codes.find('two', '000007')).toBeNull();
    expect(await codes.find('one', '000008')).toBeNull();
  });

  it('are drawn again while another request has the same, also by many at once', async () => {
    const drawn = await Promise.all(['a', 'b', 'c'].map((name, i) => drawing(50, 50 + i, 60 + i).issue('one', `ses_${name}`, 60)));
    expect(new Set(drawn).size).toBe(3);
    expect(drawn).toContain('000050');
    expect(await drawing(50).issue('two', 'ses_elsewhere', 60)).toBe('000050');
  });

  it('are given out again when their request is over, and never before', async () => {
    const first = await request('visitor-1');
    expect(await drawing(100).issue('one', first, 60)).toBe('000100');
    expect(await drawing(...Array.from({ length: 20 }, () => 100)).issue('one', 'ses_other', 60)).toBeNull();
    await bridge.handle(visitorRef('one', 'visitor-1'), [{ type: 'withdraw', sessionId: first }]);
    expect(await drawing(100).issue('one', 'ses_other', 60)).toBe('000100');
    expect(await drawing(100).find('one', '000100')).toBe('ses_other');
  });

  it('are not given out again while their request waits, though their own time is up', async () => {
    const waiting = await request('visitor-2');
    expect(await drawing(150).issue('one', waiting, 0)).toBe('000150');
    expect(await drawing(...Array.from({ length: 20 }, () => 150)).issue('one', 'ses_other', 60)).toBeNull();
  });

  it('are given out again when their time is up', async () => {
    expect(await drawing(200).issue('one', 'ses_old', 0)).toBe('000200');
    expect(await drawing(200).issue('one', 'ses_new', 60)).toBe('000200');
  });

  it('are not kept in clear, and mean nothing under another key', async () => {
    await drawing(300).issue('one', 'ses_300', 60);
    const { rows } = await database.pool.query('SELECT * FROM code');
    expect(JSON.stringify(rows)).not.toContain('000300');
    const elsewhere = new PostgresCodes(database.pool, new Uint8Array(32).fill(1));
    expect(await elsewhere.find('one', '000300')).toBeNull();
  });

  it('that are long over are removed, with the counts of limits that are past', async () => {
    await drawing(400).issue('one', 'ses_400', 60);
    await drawing(401).issue('one', 'ses_401', 60);
    await database.pool.query(`UPDATE code SET expires_at = expires_at - ${8 * DAY_MS} WHERE session_id = 'ses_400'`);
    await database.pool.query(`INSERT INTO rate_limit VALUES ('past', 1, 1), ('present', 1, ${Date.now() + DAY_MS})`);
    await new Retention(database.pool, { sessionsMs: DAY_MS }).purge();
    expect(await drawing().find('one', '000400')).toBeNull();
    expect(await drawing().find('one', '000401')).toBe('ses_401');
    const { rows } = await database.pool.query(`SELECT key FROM rate_limit`);
    expect(rows).toEqual([{ key: 'present' }]);
  });
});
