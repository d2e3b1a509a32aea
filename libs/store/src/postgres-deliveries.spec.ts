import { Bridge, type SessionEvent } from '#libs/core';
import { promisesOfDeliveries } from '../../core/testing/deliveries.contract.ts';
import { facts } from '../../core/testing/sessions.contract.ts';
import { startPostgres } from '../../../test/support/postgres.ts';
import { addAccounts } from '../testing/accounts.ts';
import { type Database, openDatabase } from './database.ts';
import { PostgresDeliveries } from './postgres-deliveries.ts';
import { PostgresSessions } from './postgres-sessions.ts';

const URL = 'https://shop.example/';

describe('deliveries in PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;
  let sessions: PostgresSessions;
  let deliveries: PostgresDeliveries;

  promisesOfDeliveries(async () => {
    server = await startPostgres();
    database = await openDatabase(server.url, () => {});
    await addAccounts(database, ['account-1']);
    sessions = new PostgresSessions(database.pool, database.db);
    await sessions.open();
    deliveries = new PostgresDeliveries(database.pool);
    return { sessions, deliveries };
  });

  afterAll(async () => {
    await sessions.close();
    await database.close();
    await server.stop();
  });

  /** The events of a session that was invited and accepted by a bridge that died before it told anybody. */
  async function untold(id: string): Promise<SessionEvent[]> {
    const dead = new Bridge(
      sessions,
      { arm: () => {} },
      { push: () => {} },
      { enqueue: () => new Promise(() => {}) },
      { handled: () => {}, codeTried: () => {} },
    );
    const ref = { accountId: 'account-1', id, conversationId: id };
    await dead.handle(ref, [{ type: 'invite', sessionId: `ses_${id}`, facts: facts() }]);
    await dead.handle(ref, [{ type: 'accept', sessionId: `ses_${id}`, page: 'page-1' }]);
    return sessions.history('account-1', `ses_${id}`);
  }

  it('holds a line for an earlier event that was committed and not owed yet, and lets it go on then', async () => {
    const [invited, accepted] = await untold('held');
    expect(await deliveries.owe([{ event: accepted!, urls: [URL] }])).toEqual([]);
    const [first = ''] = await deliveries.owe([{ event: invited!, urls: [URL] }]);
    expect((await deliveries.ready(first))?.event.id).toBe(invited!.id);
  });

  it('takes an event that is owed to all who want it off the pending ones', async () => {
    const [invited, accepted] = await untold('settled');
    const pending = async (): Promise<string[]> => {
      const events = await sessions.pending(0, 1000);
      return events.flatMap(({ id, session }) => (session.id === 'ses_settled' ? [id] : []));
    };
    expect(await pending()).toEqual([invited!.id, accepted!.id]);
    await deliveries.owe([
      { event: invited!, urls: [] },
      { event: accepted!, urls: [URL] },
    ]);
    expect(await pending()).toEqual([]);
  });

  it('records together what comes together', async () => {
    const events = (await Promise.all(['one', 'two', 'three'].map(untold))).flat();
    const query = jest.spyOn(database.pool, 'query');
    await Promise.all(events.map((event) => deliveries.owe([{ event, urls: [URL] }])));
    const statements = query.mock.calls.map(([statement]) => (statement as unknown as { name: string }).name);
    query.mockRestore();
    expect(statements).toEqual(['owe', 'first-in-line']);
  });
});
