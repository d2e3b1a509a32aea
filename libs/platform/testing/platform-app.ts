import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Accounts, Bridge, DEFAULT_SETTINGS, type Facts, type Session, Sessions, type Settings, platformKeyHash, refOf } from '#libs/core';
import { AdminKey } from '#libs/http';
import { MemoryAccounts } from '../../core/testing/memory-accounts.ts';
import { MemorySessions } from '../../core/testing/memory-sessions.ts';
import { httpApp } from '../../http/testing/http-app.ts';
import { SessionsController } from '../src/index.ts';

export const ACCOUNT = '12345678';
export const KEY = 'cbk_one_secret';
export const OTHER_KEY = 'cbk_other_secret';
export const ADMIN = 'the-admin-key';

export interface PlatformApp {
  app: NestFastifyApplication;
  sessions: MemorySessions;
  accounts: MemoryAccounts;
  bridge: Bridge;
  /** Makes a session with this id and brings it to a status. */
  given(id: string, status: 'invited' | 'accepted' | 'active', facts?: Partial<Facts>): Promise<Session>;
  changeSettings(change: Partial<Settings>): Promise<void>;
}

/** The platform's routes over a bridge in memory, with the accounts `12345678` and `other`. */
export async function platformApp(): Promise<PlatformApp> {
  const sessions = new MemorySessions();
  const accounts = new MemoryAccounts();
  await accounts.create({ id: ACCOUNT, name: 'Shop', settings: DEFAULT_SETTINGS }, { id: 'one', hash: platformKeyHash(KEY) });
  await accounts.create({ id: 'other', name: 'Other', settings: DEFAULT_SETTINGS }, { id: 'other', hash: platformKeyHash(OTHER_KEY) });
  const bridge = new Bridge(sessions, { arm: () => {} }, { push: () => {} }, { enqueue: async () => {} }, { handled: () => {}, codeTried: () => {} });
  const app = await httpApp({
    controllers: [SessionsController],
    providers: [
      { provide: Bridge, useValue: bridge },
      { provide: Sessions, useValue: sessions },
      { provide: Accounts, useValue: accounts.asAccounts },
      { provide: AdminKey, useValue: new AdminKey(ADMIN) },
    ],
  });
  await app.init();

  return {
    app,
    sessions,
    accounts,
    bridge,
    async given(id, status, facts = {}) {
      const visitor = { id: 'visitor-1', name: null };
      const blank = {
        source: 'platform',
        dialogId: null,
        serviceId: null,
        mode: null,
        visitor,
        agent: { id: 'agent-1', name: null },
      } as const;
      const unsaid = { monitoring: { sessionId: null, visitorId: null }, createdAt: sessions.now(), expires: null };
      const ref = refOf({ accountId: ACCOUNT, conversationId: `conversation of ${id}`, visitor: { id: 'visitor-1', name: 'visitor' } });
      await bridge.handle(ref, [{ type: 'invite', sessionId: id, facts: { ...blank, ...unsaid, ...facts } }]);
      if (status !== 'invited') await bridge.handle(ref, [{ type: 'accept', sessionId: id, page: 'page-1' }]);
      if (status === 'active') await bridge.handle(ref, [{ type: 'join', sessionId: id }]);
      return (await sessions.find(ACCOUNT, id))!;
    },
    async changeSettings(change) {
      await accounts.update(ACCOUNT, ({ name, settings }) => ({ name, settings: { ...settings, ...change } }));
    },
  };
}
