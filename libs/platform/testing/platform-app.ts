import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import {
  Accounts,
  Bridge,
  Codes,
  type CodeTried,
  DEFAULT_SETTINGS,
  type Facts,
  Journal,
  type Session,
  Sessions,
  type Settings,
  newSessionId,
  platformKeyHash,
  refOf,
  visitorRef,
} from '#libs/core';
import { AdminKey } from '#libs/http';
import { MemoryAccounts } from '../../core/testing/memory-accounts.ts';
import { MemorySessions } from '../../core/testing/memory-sessions.ts';
import { httpApp } from '../../http/testing/http-app.ts';
import { MemoryCodes } from '../../core/testing/memory-codes.ts';
import {
  CodeDesk,
  CodesController,
  GuessLimit,
  HelpRequestsController,
  MISSES_SECONDS,
  SessionCommands,
  SessionsController,
  TRIES_IN_A_PAUSE,
} from '../src/index.ts';

export const ACCOUNT = '12345678';
export const KEY = 'cbk_one_secret';
export const OTHER_KEY = 'cbk_other_secret';
export const ADMIN = 'the-admin-key';

export interface PlatformApp {
  app: NestFastifyApplication;
  sessions: MemorySessions;
  accounts: MemoryAccounts;
  bridge: Bridge;
  /** Codes that were typed, as the journal was told. */
  codesTried: CodeTried[];
  /** A request of a visitor's own, by this id, with its code. */
  request(id?: string, visitorId?: string): Promise<{ session: Session; code: string }>;
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
  const codesTried: CodeTried[] = [];
  const codes = new MemoryCodes([ACCOUNT]);
  const journal: Journal = { handled: () => {}, codeTried: (tried) => void codesTried.push(tried) };
  const bridge = new Bridge(sessions, { arm: () => {} }, { push: () => {} }, { enqueue: async () => {} }, journal);
  const misses = new RateLimiterMemory({ keyPrefix: 'misses', points: 1, duration: MISSES_SECONDS });
  const pauses = new RateLimiterMemory({ keyPrefix: 'pauses', points: TRIES_IN_A_PAUSE, duration: 1 });
  const app = await httpApp({
    controllers: [SessionsController, HelpRequestsController, CodesController],
    providers: [
      { provide: Bridge, useValue: bridge },
      { provide: Sessions, useValue: sessions },
      { provide: Accounts, useValue: accounts.asAccounts },
      { provide: Codes, useValue: codes },
      { provide: Journal, useValue: journal },
      { provide: GuessLimit, useValue: new GuessLimit(misses, pauses) },
      SessionCommands,
      CodeDesk,
      { provide: AdminKey, useValue: new AdminKey(ADMIN) },
    ],
  });
  await app.init();

  return {
    app,
    sessions,
    accounts,
    bridge,
    codesTried,
    async request(id = newSessionId(), visitorId = id) {
      const code = (await codes.issue(ACCOUNT, id))!;
      const nobody = { id: null, name: null };
      const unsaid = { dialogId: null, serviceId: null, mode: null, createdAt: null, expires: null };
      const monitoring = { sessionId: null, visitorId: null };
      const facts = { source: 'page', visitor: { id: visitorId, name: null }, agent: nobody, monitoring, ...unsaid } as const;
      const topic = 'My card is declined';
      await bridge.handle(visitorRef(ACCOUNT, visitorId), [{ type: 'request', sessionId: id, facts, topic, byCode: true }]);
      return { session: (await sessions.find(ACCOUNT, id))!, code };
    },
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
      const ref = refOf({ accountId: ACCOUNT, conversationId: `conversation of ${id}`, visitor });
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
