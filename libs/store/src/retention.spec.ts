import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, DEFAULT_POLICY, FOREVER, decide } from '#libs/core';
import { facts } from '../../core/testing/sessions.contract.ts';
import { startPostgres } from '../../../test/support/postgres.ts';
import { addAccounts } from '../testing/accounts.ts';
import { somebodyWaits } from '../testing/somebody-waits.ts';
import { type Database, openDatabase } from './database.ts';
import { PostgresDeliveries } from './postgres-deliveries.ts';
import { PostgresSessions } from './postgres-sessions.ts';
import { Retention } from './retention.ts';

const DAY = 86_400_000;

describe('what is past its time', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;
  let sessions: PostgresSessions;

  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase(server.url, () => {});
    await addAccounts(database, ['acme']);
    sessions = new PostgresSessions(database.pool, database.db);
    await sessions.open();
  });
  afterAll(async () => {
    await sessions.close();
    await database.close();
    await server.stop();
  });

  async function write(conversationId: string, commands: Command[], daysAgo: number): Promise<void> {
    const ref = { accountId: 'acme', id: conversationId, conversationId };
    const at = sessions.now() - daysAgo * DAY;
    const decision = decide(ref, await sessions.load(ref, []), commands, DEFAULT_POLICY, at);
    expect(await sessions.save({ ...decision, ref, next: decision.next! })).toBe(true);
    await database.pool.query('UPDATE conversation SET written_at = $1 WHERE id = $2', [at, conversationId]);
  }

  const closed = (id: string): Command => ({ type: 'close', sessionId: id, reason: 'platform_closed', facts: facts() });
  const invited = (id: string): Command => ({ type: 'invite', sessionId: id, facts: facts() });
  const kept = async (table: string): Promise<string[]> =>
    (
      await database.pool.query<{ id: string }>(`SELECT ${table === 'event' ? 'session_id AS id' : 'id'} FROM ${table} ORDER BY 1`)
    ).rows.map((r) => r.id);

  it('is removed, and nothing else', async () => {
    await write('old', [closed('ses_old')], 40);
    await write('recent', [closed('ses_recent')], 20);
    await write('live', [invited('ses_live')], 40);
    await write('owing', [closed('ses_owing')], 40);
    const [event] = await sessions.history('acme', 'ses_owing');
    await new PostgresDeliveries(database.pool).owe([{ event: event!, urls: ['https://example.test/'] }]);
    await write('ended-long-ago', [{ type: 'closeConversation', createdUntil: FOREVER }], 8);
    await write('ended-lately', [{ type: 'closeConversation', createdUntil: FOREVER }], 6);

    const retention = new Retention(database.patient.pool, { sessionsMs: 30 * DAY });
    expect(await retention.purge()).toBe(3);
    expect(await kept('session')).toEqual(['ses_live', 'ses_owing', 'ses_recent']);
    expect(await kept('event')).toEqual(['ses_live', 'ses_owing', 'ses_recent']);
    expect(await kept('conversation')).toEqual(['ended-lately', 'live', 'owing', 'recent']);
    expect(await retention.purge()).toBe(0);
  });

  it('waits while the bridge stops: between two statements, not after the whole of it', async () => {
    const over = async (): Promise<number> => (await database.pool.query('SELECT FROM rate_limit')).rowCount ?? 0;
    await database.pool.query("INSERT INTO rate_limit (key, points, expire) SELECT 'k' || i, 1, 0 FROM generate_series(1, 2500) i");
    const stopped = new Retention(database.patient.pool, { sessionsMs: 30 * DAY });
    const failed = jest.fn();
    stopped.start(failed);
    await stopped.stop();
    expect(failed).not.toHaveBeenCalled();
    expect(await over()).toBe(2500);
    await new Retention(database.patient.pool, { sessionsMs: 30 * DAY }).purge();
    expect(await over()).toBe(0);
  });

  it('holds up no bridge that stops, though a statement goes on', async () => {
    await write('held', [closed('ses_held')], 40);
    const holder = await database.pool.connect();
    await holder.query("BEGIN; SELECT FROM session WHERE id = 'ses_held' FOR UPDATE");
    const failed = jest.fn();
    const retention = new Retention(database.patient.pool, { sessionsMs: 30 * DAY });
    retention.start(failed);
    while (!(await somebodyWaits(database.pool))) await sleep(5);
    await retention.stop();
    expect(failed).not.toHaveBeenCalled();
    await holder.query('ROLLBACK');
    holder.release();
  });
});
