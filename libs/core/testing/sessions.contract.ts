import {
  type Command,
  type ConversationRef,
  type Facts,
  type Session,
  type Sessions,
  type Write,
  DEFAULT_POLICY,
  decide,
} from '#libs/core';

export const facts = (told: Partial<Facts> = {}): Facts => ({
  source: 'liveperson',
  dialogId: 'dialog-1',
  serviceId: 'visitor-1#conversation-1',
  mode: 'view',
  visitor: { id: 'visitor-1', name: null },
  agent: { id: 'agent-1', name: null },
  monitoring: { sessionId: null, visitorId: null },
  createdAt: null,
  expires: null,
  ...told,
});

/** What every implementation of `Sessions` promises. `open` gives an empty one; `sleep` lets its clock go on. */
export function promisesOfSessions(open: () => Promise<Sessions>, sleep: (ms: number) => Promise<void>): void {
  let sessions: Sessions;
  let count = 0;
  let ref: ConversationRef;
  const account = (): string => ref.accountId;

  beforeAll(async () => {
    sessions = await open();
  });

  beforeEach(() => {
    count += 1;
    ref = { accountId: `account-${count}`, id: 'conversation-1', conversationId: 'conversation-1' };
  });

  const idOf = (name: string): string => `ses_${count}-${name}`;

  async function prepare(commands: Command[], at = ref): Promise<Write> {
    const ids = commands.flatMap((c) => ('sessionId' in c ? [c.sessionId] : []));
    const decision = decide(at, await sessions.load(at, ids), commands, DEFAULT_POLICY, sessions.now());
    return { ...decision, ref: at, next: decision.next! };
  }

  async function write(commands: Command[], at = ref): Promise<Session> {
    const prepared = await prepare(commands, at);
    expect(await sessions.save(prepared)).toBe(true);
    return prepared.changed[0]!;
  }

  const invite = (name: string, told: Partial<Facts> = {}): Command => ({ type: 'invite', sessionId: idOf(name), facts: facts(told) });

  it('refuses a write upon what is not there, or no longer', async () => {
    const prepared = await prepare([invite('a')]);
    expect(await sessions.save({ ...prepared, next: { ...prepared.next, version: 2 } })).toBe(false);
    expect(await sessions.load(ref, [idOf('a')])).toMatchObject({ version: 0, sessions: [] });
  });

  it('gives version 0 for a conversation that was never written', async () => {
    expect(await sessions.load(ref, [])).toEqual({ version: 0, closedUntil: null, newestAt: null, sessions: [] });
  });

  it('gives back what was written', async () => {
    const session = await write([invite('a')]);
    expect(await sessions.find(account(), session.id)).toEqual(session);
    expect((await sessions.load(ref, [])).sessions).toEqual([session]);
  });

  it('finds a session only within its own account', async () => {
    const session = await write([invite('a')]);
    expect(await sessions.find('another', session.id)).toBeNull();
    expect(await sessions.history('another', session.id)).toEqual([]);
  });

  it('loads live sessions and those that are named, no others', async () => {
    await write([invite('a')]);
    await write([invite('b')]);
    expect((await sessions.load(ref, [])).sessions.map((s) => s.id)).toEqual([idOf('b')]);
    expect((await sessions.load(ref, [idOf('a')])).sessions.map((s) => s.id).toSorted()).toEqual([idOf('a'), idOf('b')]);
  });

  it('lets one of two writers win', async () => {
    const [one, other] = await Promise.all([prepare([invite('a')]), prepare([invite('b')])]);
    const saved = await Promise.all([sessions.save(one), sessions.save(other)]);
    expect(saved.filter(Boolean)).toHaveLength(1);
    expect((await sessions.list({ accountId: account(), limit: 10 })).items).toHaveLength(1);
  });

  it('never takes a session id from another conversation, and harms nobody who writes at the same time', async () => {
    const elsewhere = { ...ref, id: 'other', conversationId: 'other' };
    const writes = await Promise.all([
      prepare([invite('a')]),
      prepare([invite('a')], elsewhere),
      prepare([invite('b')], { ...ref, id: 'third', conversationId: 'third' }),
    ]);
    const [mine, theirs, innocent] = await Promise.all(writes.map((w) => sessions.save(w)));
    expect([mine, theirs]).toContain(true);
    expect([mine, theirs]).toContain(false);
    expect(innocent).toBe(true);
    expect(await sessions.history(account(), idOf('a'))).toHaveLength(1);
  });

  it('writes nothing when the window is over or has not begun', async () => {
    const prepared = await prepare([invite('a')]);
    expect(await sessions.save({ ...prepared, until: sessions.now() - 1 })).toBe(false);
    expect(await sessions.save({ ...prepared, from: sessions.now() + 60_000 })).toBe(false);
    expect(await sessions.find(account(), idOf('a'))).toBeNull();
    expect(await sessions.save({ ...prepared, from: sessions.now() - 1, until: sessions.now() + 60_000 })).toBe(true);
  });

  it('knows its clock exactly enough to decide again after a refused write', async () => {
    const prepared = await prepare([invite('a')]);
    const until = sessions.now() + 30;
    await sleep(40);
    expect(await sessions.save({ ...prepared, until })).toBe(false);
    expect(sessions.now()).toBeGreaterThanOrEqual(until);
  });

  it('tells what is due, oldest first, and nothing else', async () => {
    const soon = sessions.now() + 500;
    await write([invite('late', { expires: soon + 10 })]);
    await write([invite('early', { expires: soon })], { ...ref, id: 'other', conversationId: 'other' });
    await write([invite('never')], { ...ref, id: 'third', conversationId: 'third' });
    await sleep(520);
    const due = (await sessions.due(1000)).filter((s) => s.accountId === account());
    expect(due.map((s) => s.id)).toEqual([idOf('early'), idOf('late')]);
  });

  it('keeps a told event pending until it is performed', async () => {
    const session = await write([invite('a')]);
    const mine = async (): Promise<string[]> =>
      (await sessions.pending(0, 1000)).filter((e) => e.session.id === session.id).map((e) => e.type);
    expect(await mine()).toEqual(['session.invited']);
    sessions.performed(await sessions.history(account(), session.id));
    for (let tries = 0; tries < 100 && (await mine()).length > 0; tries++) await sleep(10);
    expect(await mine()).toEqual([]);
  });

  it('leaves late news to pages only of where a session is now', async () => {
    await write([invite('a')]);
    await write([{ type: 'accept', sessionId: idOf('a'), page: 'page-1' }]);
    const pending = (await sessions.pending(0, 1000)).filter((e) => e.session.id === idOf('a'));
    expect(pending.map((e) => [e.type, e.audience])).toEqual([
      ['session.invited', ['callbacks']],
      ['session.accepted', ['pages', 'callbacks']],
    ]);
  });

  it('never gives an event without an audience as pending', async () => {
    await write([{ type: 'close', sessionId: idOf('a'), reason: 'platform_closed', facts: facts() }]);
    expect((await sessions.pending(0, 1000)).filter((e) => e.session.id === idOf('a'))).toEqual([]);
    expect(await sessions.history(account(), idOf('a'))).toHaveLength(1);
  });

  it('keeps the history of a session, oldest first', async () => {
    await write([invite('a')]);
    await write([{ type: 'accept', sessionId: idOf('a'), page: 'page-1' }]);
    await write([{ type: 'end', sessionId: idOf('a'), by: 'visitor', page: 'page-1' }]);
    const history = await sessions.history(account(), idOf('a'));
    expect(history.map((e) => [e.type, e.session.version])).toEqual([
      ['session.invited', 1],
      ['session.accepted', 2],
      ['session.closed', 3],
    ]);
  });

  it('gives a visitor the live sessions with the event that brought each where it is', async () => {
    await write([invite('a')]);
    await write([invite('b')], { ...ref, id: 'other', conversationId: 'other' });
    await write([{ type: 'accept', sessionId: idOf('b'), page: 'page-1' }], { ...ref, id: 'other', conversationId: 'other' });
    await write([invite('c')], { ...ref, id: 'third', conversationId: 'third' });
    await write([{ type: 'cancel', sessionId: idOf('c') }], { ...ref, id: 'third', conversationId: 'third' });
    const events = await sessions.ofVisitor(account(), 'visitor-1');
    expect(events.map((e) => `${e.session.id} ${e.type}`).toSorted()).toEqual([
      `${idOf('a')} session.invited`,
      `${idOf('b')} session.accepted`,
    ]);
    expect(await sessions.ofVisitor(account(), 'somebody-else')).toEqual([]);
  });

  it('lists by status, conversation and visitor, newest first, page by page', async () => {
    for (const name of ['1', '2', '3', '4', '5']) await write([invite(name)], { ...ref, id: name, conversationId: name });
    const all: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await sessions.list({ accountId: account(), limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(2);
      all.push(...page.items.map((s) => s.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(all).toEqual(['5', '4', '3', '2', '1'].map(idOf));
    const only = async (filter: object): Promise<number> =>
      (await sessions.list({ accountId: account(), limit: 10, ...filter })).items.length;
    expect(await only({ conversationId: '3' })).toBe(1);
    expect(await only({ visitorId: 'visitor-1' })).toBe(5);
    expect(await only({ status: 'closed' })).toBe(0);
    await expect(sessions.list({ accountId: account(), limit: 2, cursor: 'nonsense!' })).rejects.toThrow(RangeError);
  });

  it('takes many writes at once, each on its own', async () => {
    const refs = Array.from({ length: 200 }, (_, i) => ({ ...ref, id: `many-${i}`, conversationId: `many-${i}` }));
    await Promise.all(refs.map((at, i) => write([invite(`many-${i}`)], at)));
    const { items } = await sessions.list({ accountId: account(), limit: 200 });
    expect(new Set(items.map((s) => s.id)).size).toBe(200);
  });
}
