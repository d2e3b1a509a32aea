import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import {
  type Command,
  DEFAULT_POLICY,
  DEFAULT_SETTINGS,
  type SessionEvent,
  type Settings,
  type Write,
  decide,
  platformKeyHash,
} from '#libs/core';
import { promisesOfAccounts } from '../../core/testing/accounts.contract.ts';
import { facts } from '../../core/testing/sessions.contract.ts';
import { startPostgres } from '../../../test/support/postgres.ts';
import { somebodyWaits } from '../testing/somebody-waits.ts';
import { type Database, openDatabase } from './database.ts';
import { PostgresAccountRecords } from './postgres-account-records.ts';
import { PostgresAccounts } from './postgres-accounts.ts';
import { PostgresCodes } from './postgres-codes.ts';
import { PostgresDeliveries } from './postgres-deliveries.ts';
import { PostgresSessions } from './postgres-sessions.ts';
import { PostgresStreams } from './postgres-streams.ts';
import { Sealer, WrongSealError, checkSeal } from './sealed.ts';

const KEY = 'cbk_key1_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
const settings: Settings = {
  ...DEFAULT_SETTINGS,
  liveperson: { appSecret: 'the-app-secret' },
  callbacks: [{ url: 'https://example.test/a', secret: 'whsec_c2VjcmV0' }],
};

describe('accounts in PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;
  let records: PostgresAccountRecords;
  let accounts: PostgresAccounts;

  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase(server.url, (error) => {
      throw error;
    });
    const sealer = new Sealer(new Uint8Array(32).fill(7));
    accounts = new PostgresAccounts(database.db, sealer);
    records = new PostgresAccountRecords(database, sealer, (id) => accounts.forget(id));
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  promisesOfAccounts(async () => ({ records, accounts }));

  it('keep their secrets sealed and their keys hashed at rest', async () => {
    await records.create({ id: 'sealed', name: 'Sealed', settings }, { id: 'key1', hash: platformKeyHash(KEY) });
    const { rows } = await database.pool.query<{ text: string }>(
      'SELECT account::text || platform_key::text AS text FROM account, platform_key',
    );
    for (const { text } of rows) for (const secret of ['the-app-secret', 'whsec_', KEY]) expect(text).not.toContain(secret);
    await checkSeal(database.db, new Sealer(new Uint8Array(32).fill(7)));
    await expect(checkSeal(database.db, new Sealer(new Uint8Array(32).fill(8)))).rejects.toThrow(WrongSealError);
    const foreign = new PostgresAccounts(database.db, new Sealer(new Uint8Array(32).fill(8)));
    await expect(foreign.find('sealed')).rejects.toThrow(/decryption/);
  });

  describe('that are deleted', () => {
    const URL = 'https://example.test/a';
    let count = 0;
    let id: string;

    beforeEach(async () => {
      id = `deleted-${++count}`;
      await records.create({ id, name: id, settings }, { id: `key-${id}`, hash: `hash-${id}` });
    });

    const sessionsOn = (connection: pg.Pool | pg.PoolClient): PostgresSessions => new PostgresSessions(connection as pg.Pool, database.db);
    const deliveriesOn = (connection: pg.Pool | pg.PoolClient): PostgresDeliveries => new PostgresDeliveries(connection as pg.Pool);

    async function prepare(type: 'invite' | 'accept'): Promise<Write> {
      const sessionId = `ses_${id}`;
      const ref = { accountId: id, id: 'conversation-1', conversationId: 'conversation-1' };
      const command: Command = type === 'invite' ? { type, sessionId, facts: facts() } : { type, sessionId, page: 'page-1' };
      const sessions = sessionsOn(database.pool);
      await sessions.open();
      const decision = decide(ref, await sessions.load(ref, [sessionId]), [command], DEFAULT_POLICY, sessions.now());
      return { ...decision, ref, next: decision.next! };
    }

    async function invited(): Promise<SessionEvent> {
      const write = await prepare('invite');
      expect(await sessionsOn(database.pool).save(write)).toBe(true);
      return write.events[0]!;
    }

    const attempt = (deliveryId: string) =>
      ({ deliveryId, startedAt: 0, ms: 1, status: 500, error: null, outcome: 'failed', retryAt: 0 }) as const;

    /** The tables in which anything of the account is. */
    async function left(): Promise<string[]> {
      const { rows } = await database.pool.query<{ name: string }>(
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'cobridge' ORDER BY 1",
      );
      const found = await Promise.all(
        rows.map(async ({ name }) => {
          const { rowCount } = await database.pool.query(`SELECT 1 FROM ${name} AS t WHERE t::text LIKE $1`, [`%${id}%`]);
          return rowCount ? [name] : [];
        }),
      );
      return found.flat();
    }

    /** Does something while a transaction of another connection is open, and commits that then. */
    async function beside(open: (connection: pg.PoolClient) => Promise<unknown>, work: () => Promise<void>): Promise<void> {
      const connection = await database.pool.connect();
      try {
        await connection.query('BEGIN');
        await open(connection);
        await work();
        await connection.query('COMMIT');
      } finally {
        connection.release(true);
      }
    }

    /** Deletes the account while a transaction that has written is still open, which it is until the deletion waits or has ended. */
    async function deleteDuring(write: (connection: pg.PoolClient) => Promise<unknown>): Promise<void> {
      let over = false;
      let deletion: Promise<boolean> | undefined;
      await beside(write, async () => {
        deletion = records.delete(id).finally(() => (over = true));
        while (!over && !(await somebodyWaits(database.pool))) await sleep(5);
      });
      expect(await deletion).toBe(true);
    }

    it('leave nothing behind', async () => {
      const event = await invited();
      const [delivery = ''] = await deliveriesOn(database.pool).owe([{ event, urls: [URL] }]);
      await deliveriesOn(database.pool).record(attempt(delivery));
      await sessionsOn(database.pool).save(await prepare('accept'));
      await new PostgresCodes(database.pool, new Uint8Array(32)).issue(id, event.session.id, 60);
      const sealer = new Sealer(new Uint8Array(32).fill(7));
      await new PostgresStreams(database.pool, database.db, sealer, 'bridge').listen(id, 'visitor-1', 'token', Date.now() + 60_000);
      expect(await left()).toEqual([
        'account',
        'attempt',
        'code',
        'conversation',
        'delivery',
        'event',
        'pending_event',
        'platform_key',
        'session',
        'stream',
      ]);
      expect(await records.delete(id)).toBe(true);
      expect(await left()).toEqual([]);
    });

    it('take nothing any more that was decided before', async () => {
      const [first, event] = [await prepare('invite'), await invited()];
      const second = await prepare('accept');
      await records.delete(id);
      for (const write of [first, second]) expect(await sessionsOn(database.pool).save(write)).toBe(false);
      await expect(deliveriesOn(database.pool).owe([{ event, urls: [URL] }])).rejects.toThrow('gone');
      expect(await left()).toEqual([]);
    });

    it('owe nothing of what a later account of the same id never heard of', async () => {
      const event = await invited();
      await records.delete(id);
      await records.create({ id, name: id, settings }, { id: `key-${id}`, hash: `hash-${id}` });
      expect(await deliveriesOn(database.pool).owe([{ event, urls: [URL] }])).toEqual([]);
      expect(await left()).toEqual(['account', 'platform_key']);
    });

    it('take with them what is being written', async () => {
      const write = await prepare('invite');
      await deleteDuring((connection) => sessionsOn(connection).save(write));
      expect(await left()).toEqual([]);
    });

    it('take with them what is being changed', async () => {
      await invited();
      const write = await prepare('accept');
      await deleteDuring((connection) => sessionsOn(connection).save(write));
      expect(await left()).toEqual([]);
    });

    it('take with them what is being owed', async () => {
      const event = await invited();
      await deleteDuring((connection) => deliveriesOn(connection).owe([{ event, urls: [URL] }]));
      expect(await left()).toEqual([]);
    });

    it('leave what they are owed to be told again, should they stay', async () => {
      const event = await invited();
      const owe = (): Promise<string[]> => deliveriesOn(database.pool).owe([{ event, urls: [URL] }]);
      const deleting = (connection: pg.PoolClient) => connection.query('SELECT FROM account WHERE id = $1 FOR UPDATE', [id]);
      await beside(deleting, async () => {
        await expect(owe()).rejects.toThrow('deleted');
        expect(await left()).toContain('pending_event');
      });
      expect(await owe()).toHaveLength(1);
    });

    it('take with them the try that is being recorded', async () => {
      const [delivery = ''] = await deliveriesOn(database.pool).owe([{ event: await invited(), urls: [URL] }]);
      await deleteDuring((connection) => deliveriesOn(connection).record(attempt(delivery)));
      expect(await left()).toEqual([]);
    });

    it('make nobody wait who writes while they are being deleted', async () => {
      const write = await prepare('invite');
      const deleting = (connection: pg.PoolClient) => connection.query('SELECT FROM account WHERE id = $1 FOR UPDATE', [id]);
      await beside(deleting, async () => expect(await sessionsOn(database.pool).save(write)).toBe(false));
      expect(await sessionsOn(database.pool).save(write)).toBe(true);
    });

    it('take writes while their settings are being changed', async () => {
      const write = await prepare('invite');
      const sealer = new Sealer(new Uint8Array(32).fill(7));
      let saved: boolean | undefined;
      jest.spyOn(sealer, 'seal').mockImplementationOnce(async (secret) => {
        saved = await sessionsOn(database.pool).save(write);
        return new Sealer(new Uint8Array(32).fill(7)).seal(secret);
      });
      await new PostgresAccountRecords(database, sealer, () => {}).update(id, (before) => before);
      expect(saved).toBe(true);
    });
  });
});
