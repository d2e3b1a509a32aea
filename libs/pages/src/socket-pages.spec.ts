import type { Namespace } from 'socket.io';
import { type Account, DEFAULT_SETTINGS } from '#libs/core';
import { MemoryAccounts } from '../../core/testing/memory-accounts.ts';
import type { Visit } from './handshake.ts';
import { SocketPages } from './socket-pages.ts';

const ORPHANS_CHECK_MS = 15_000;

describe('pages that are connected', () => {
  let records: MemoryAccounts;
  let pages: SocketPages;
  let find: (accountId: string) => Promise<Account | null>;
  let sockets: Map<string, { data: { visit: Visit }; conn: { close(): void } }>;

  beforeEach(() => {
    jest.useFakeTimers();
    records = new MemoryAccounts();
    find = (id) => records.asAccounts.find(id);
    sockets = new Map();
    pages = new SocketPages({ find: (id) => find(id) });
    pages.open({ sockets } as unknown as Namespace);
  });
  afterEach(() => {
    pages.close();
    jest.useRealTimers();
  });

  async function create(id: string): Promise<number> {
    const created = await records.create({ id, name: id, settings: DEFAULT_SETTINGS }, { id: `key-${id}`, hash: id });
    return created?.createdAt ?? NaN;
  }

  function connect(name: string, accountId: string, accountSince: number, expiresAt = Infinity): void {
    const visit = { accountId, accountSince, visitorId: 'visitor-1', expiresAt, page: name };
    sockets.set(name, { data: { visit }, conn: { close: () => void sockets.delete(name) } });
  }

  const connected = (): string[] => [...sockets.keys()];

  it('are let go by the next check when their account is gone, or is another of the same id', async () => {
    for (const id of ['stays', 'goes', 'comes-again']) connect(id, id, await create(id));
    for (const id of ['goes', 'comes-again']) await records.delete(id);
    connect('new', 'comes-again', await create('comes-again'));
    await jest.advanceTimersByTimeAsync(ORPHANS_CHECK_MS);
    expect(connected()).toEqual(['stays', 'new']);
  });

  it('are let go at once where an account was deleted, and those of others are left alone', async () => {
    for (const id of ['one', 'other']) {
      connect(id, id, await create(id));
      await records.delete(id);
    }
    await pages.letGoOfOrphans('one');
    expect(connected()).toEqual(['other']);
  });

  it('are let go within a second of the end of their token', async () => {
    const since = await create('one');
    for (const seconds of [1, 2]) connect(`good for ${seconds} s`, 'one', since, Date.now() + seconds * 1000);
    await jest.advanceTimersByTimeAsync(1000);
    expect(connected()).toEqual(['good for 2 s']);
  });

  it('say nothing any more when their token has just ended', async () => {
    connect('late', 'one', await create('one'), Date.now());
    expect(await pages.keeps(sockets.get('late') as never)).toBe(false);
    expect(connected()).toEqual([]);
  });

  it('stay while nobody can say whether their account is gone, and are still let go when their token has expired', async () => {
    connect('stays', 'one', await create('one'));
    connect('expires', 'one', await create('one'), Date.now() + 1);
    find = () => Promise.reject(new Error('The database is away.'));
    await jest.advanceTimersByTimeAsync(ORPHANS_CHECK_MS);
    expect(connected()).toEqual(['stays']);
  });
});
