import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { Bridge, type Command, type Sessions, type Verdict } from '#libs/core';
import { MemorySessions } from '../../core/testing/memory-sessions.ts';
import { facts, promisesOfSessions } from '../../core/testing/sessions.contract.ts';
import { startPostgres } from '../../../test/support/postgres.ts';
import { addAccounts } from '../testing/accounts.ts';
import { type Database, openDatabase } from './database.ts';
import { PostgresSessions } from './postgres-sessions.ts';

const COMMANDS: Record<string, (sessionId: string) => Command> = {
  invite: (sessionId) => ({ type: 'invite', sessionId, facts: facts() }),
  confirm: (sessionId) => ({ type: 'confirm', sessionId, status: 'active', facts: facts() }),
  close: (sessionId) => ({ type: 'close', sessionId, reason: 'cancelled', facts: facts() }),
  accept: (sessionId) => ({ type: 'accept', sessionId, page: 'page-1' }),
  decline: (sessionId) => ({ type: 'decline', sessionId, page: 'page-1' }),
  end: (sessionId) => ({ type: 'end', sessionId, by: 'visitor', page: 'page-1' }),
};

const essence = ({ session, ...verdict }: Verdict) => ({
  ...verdict,
  session: session && { id: session.id, status: session.status, reason: session.reason, version: session.version },
});

/** A bridge that nobody listens to. */
const quietBridge = (sessions: Sessions): Bridge =>
  new Bridge(sessions, { arm: () => {} }, { push: () => {} }, { enqueue: async () => {} }, { handled: () => {}, codeTried: () => {} });

describe('sessions in PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;
  let sessions: PostgresSessions;

  promisesOfSessions(
    async () => {
      server = await startPostgres();
      database = await openDatabase(server.url, (error) => {
        throw error;
      });
      await addAccounts(database, ['remembering', ...Array.from({ length: 99 }, (_, i) => `account-${i + 1}`)]);
      sessions = new PostgresSessions(database.pool, database.db);
      await sessions.open();
      return sessions;
    },
    (ms) => sleep(ms),
  );

  it('comes to the same as without a memory, when two bridges remember and each changes what the other knows', async () => {
    const other = new PostgresSessions(database.pool, database.db);
    const command = fc
      .tuple(fc.constantFrom('invite', 'confirm', 'close', 'accept', 'decline', 'end'), fc.constantFrom('a', 'b'))
      .map(([type, name]) => ({ type, name }));
    const life = fc.array(fc.record({ who: fc.nat(1), what: fc.array(command, { minLength: 1, maxLength: 2 }) }), { maxLength: 12 });
    let lives = 0;
    await fc.assert(
      fc.asyncProperty(life, async (steps) => {
        const ref = { accountId: 'remembering', id: `conversation-${++lives}`, conversationId: `conversation-${lives}` };
        const bridges = [sessions, other].map((store) => quietBridge(store));
        const forgetful = quietBridge(new MemorySessions());
        for (const { who, what } of steps) {
          const commands = what.map(({ type, name }) => COMMANDS[type]!(`ses_remembered-${lives}-${name}`));
          const [found, expected] = await Promise.all([bridges[who]!.handle(ref, commands), forgetful.handle(ref, commands)]);
          expect(found.map(essence)).toEqual(expected.map(essence));
        }
        await Promise.all(bridges.map((bridge) => bridge.settled()));
      }),
      { numRuns: 150 },
    );
    await other.close();
  });

  afterAll(async () => {
    await sessions.close();
    await database.close();
    await server.stop();
  });
});
