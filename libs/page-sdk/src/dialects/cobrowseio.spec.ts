import { dialectHost } from '../../testing/dialect-host.ts';
import type { Dialect } from './dialect.ts';
import { open } from './cobrowseio.ts';
import type { CobrowseIO, CobrowseIOSession } from './cobrowseio-types.ts';

type Page = ReturnType<typeof dialectHost> & { cobrowse: CobrowseIO; dialect: Dialect; heard: string[]; seen: CobrowseIOSession[] };

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A page with the dialect open. `before` is what page code has put on `CobrowseIO` by then; it starts unless told otherwise. */
async function openPage(
  before: Partial<CobrowseIO> = {},
  { start = true, storage = new Map() }: { start?: boolean; storage?: Map<string, string> | null } = {},
): Promise<Page> {
  const object = before as CobrowseIO;
  const window = {
    CobrowseIO: object,
    crypto: globalThis.crypto,
    get localStorage() {
      if (!storage) throw new Error('Storage is off.');
      return { getItem: (key: string) => storage.get(key) ?? null, setItem: (key: string, value: string) => void storage.set(key, value) };
    },
  };
  const host = dialectHost((event, known) => dialect.told(event, known), window);
  const dialect = open(host.host);
  const page: Page = { ...host, cobrowse: object, dialect, heard: [], seen: [] };
  for (const name of ['session.loaded', 'session.updated', 'session.ended']) {
    object.on(name, (session: CobrowseIOSession) => {
      page.heard.push(`${name.slice(8)} ${session.state()}`);
      page.seen.push(session);
    });
  }
  if (start) await object.start();
  await settled();
  return page;
}

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  jest.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => jest.restoreAllMocks());

describe('Page code written for Cobrowse.io', () => {
  it('hears of a session from its beginning to its end, by one object that is updated in place', async () => {
    const { cobrowse, push, heard, seen } = await openPage();
    push({ id: 'ses_1', mode: 'shared' });
    const session = cobrowse.currentSession;
    expect(session?.agent()).toEqual({ id: '12345678.9', name: 'Alex' });
    push({ id: 'ses_1', status: 'accepted', acceptedAt: '2026-11-21T10:01:00.000Z' });
    push({ id: 'ses_1', status: 'active' });
    expect([session?.isActive(), session?.activated, session?.remoteControl()]).toEqual([true, new Date('2026-11-21T10:01:00.000Z'), 'on']);
    push({ id: 'ses_1', status: 'closed', closedAt: '2026-11-21T10:02:00.000Z', reason: 'limit_reached' });
    expect(heard).toEqual(['loaded pending', 'updated authorizing', 'updated active', 'updated active', 'ended ended']);
    expect(new Set(seen)).toEqual(new Set([session]));
    expect([session?.endedReason(), session?.isEnded(), session?.code()]).toEqual(['limit_enforcement', true, undefined]);
    expect(cobrowse.currentSession).toBeNull();
    await expect(session?.activate()).rejects.toThrow('has ended');
    await expect(session?.end()).resolves.toBe(session);
  });

  it('hears nothing before it has started, then of what there is already, and nothing after it has stopped', async () => {
    const page = await openPage({}, { start: false });
    page.push({ id: 'ses_1', status: 'active' });
    expect(page.heard).toEqual([]);
    await page.cobrowse.start();
    await settled();
    expect(page.heard).toEqual(['loaded active', 'updated active']);
    await page.cobrowse.stop();
    page.push({ id: 'ses_1', status: 'closed', reason: 'agent_ended' });
    expect(page.heard).toHaveLength(2);
    expect(page.cobrowse.currentSession).toBeNull();
  });

  it('is heard again by the same object when the SDK is started again', async () => {
    const page = await openPage();
    page.dialect.stop();
    page.push({ id: 'ses_1' });
    expect(page.heard).toEqual([]);
    open(page.host);
    await settled();
    expect(page.heard).toEqual(['loaded pending', 'updated authorizing']);
  });

  it.each([
    ['pending', { status: 'requested' }, 'withdraw', 'device_ended'],
    ['authorizing', { status: 'invited' }, 'decline ses_1', 'device_ended'],
    ['active', { status: 'active' }, 'end ses_1', 'device_ended'],
  ] as const)('ends a session that is %s', async (state, about, asked, reason) => {
    const page = await openPage();
    page.push({ id: 'ses_1', ...about });
    const session = page.cobrowse.currentSession;
    expect(session?.state()).toBe(state);
    await expect(session?.end()).resolves.toBe(session);
    expect([page.asked, session?.isEnded(), session?.endedReason()]).toEqual([[asked], true, reason]);
  });

  it('activates a session that asks', async () => {
    const page = await openPage();
    page.push({ id: 'ses_1' });
    const session = await page.cobrowse.getSession('ses_1');
    await expect(session.activate()).resolves.toBe(session);
    expect([page.asked, session.isActive()]).toEqual([['accept ses_1'], true]);
    await session.activate();
    expect(page.asked).toHaveLength(1);
  });

  it.each<[string, (session: CobrowseIOSession) => Promise<unknown>]>([
    ['remote control', (session) => session.setRemoteControl('on')],
    ['remote control', (session) => session.setRemoteControl('requested')],
    ['full device', (session) => session.setFullDevice('on')],
  ])('cannot change the %s of a session, and is told so', async (what, change) => {
    const page = await openPage();
    page.push({ id: 'ses_1', status: 'active' });
    const session = await page.cobrowse.getSession('ses_1');
    await expect(change(session)).rejects.toThrow(`The session's ${what} cannot be changed`);
    await expect(session.setRemoteControl('off')).resolves.toBe(session);
    await expect(session.setFullDevice('off')).resolves.toBe(session);
    expect([session.fullDevice(), session.remoteControl()]).toEqual([false, 'off']);
  });
});

describe('A code', () => {
  it('is made by the bridge, and finds its session', async () => {
    const page = await openPage();
    await expect(page.cobrowse.createSessionCode()).resolves.toBe('123456');
    const session = await page.cobrowse.getSession('123456');
    page.hear(page.change({ id: 'ses_code' }));
    expect(page.heard).toEqual(['loaded pending']);
    expect([session.id(), session.code(), session.agent(), page.cobrowse.currentSession]).toEqual(['ses_code', '123456', false, session]);
  });

  it('is still known to the session when an agent has come', async () => {
    const page = await openPage();
    await page.cobrowse.createSessionCode();
    page.hear(page.change({ id: 'ses_code' }));
    page.host.codeOf = () => undefined;
    page.push({ id: 'ses_code', status: 'invited' });
    expect(page.cobrowse.currentSession?.code()).toBe('123456');
  });

  it('whose request was over before its first event came is told from its beginning', async () => {
    const page = await openPage();
    const session = await page.cobrowse.createSession();
    page.push({ id: session.id(), status: 'closed', closedAt: '2026-11-21T10:20:00.000Z', reason: 'expired' });
    expect([page.heard, session.endedReason()]).toEqual([['loaded pending', 'ended ended'], 'pending_timeout']);
  });

  it('that is known after its session was told of is told by an update', async () => {
    const page = await openPage();
    const codes: (string | undefined)[] = [];
    page.host.codeOf = () => undefined;
    page.cobrowse.on('session.updated', (session: CobrowseIOSession) => codes.push(session.code()));
    page.host.bridge.createSessionCode = async () => {
      page.push({ id: 'ses_code', status: 'requested' });
      page.host.codeOf = () => '123456';
      return '123456';
    };
    await page.cobrowse.createSessionCode();
    expect([page.heard, codes]).toEqual([['loaded pending', 'updated pending'], ['123456']]);
    page.host.codeOf = () => undefined;
    expect(page.cobrowse.currentSession?.code()).toBe('123456');
  });

  it('made as the page opens is warned of', async () => {
    const page = await openPage();
    jest.spyOn(performance, 'now').mockReturnValue(7_999);
    await page.cobrowse.createSessionCode();
    expect(console.warn).toHaveBeenCalledTimes(1);
    jest.spyOn(performance, 'now').mockReturnValue(8_000);
    await page.cobrowse.createSessionCode();
    expect(console.warn).toHaveBeenCalledTimes(1);
  });

  it('is refused before the start, in a session, and at the sixteenth time in three minutes', async () => {
    const page = await openPage({}, { start: false });
    await expect(page.cobrowse.createSessionCode()).rejects.toThrow('has not been started');
    await page.cobrowse.start();
    await settled();
    const now = jest.spyOn(performance, 'now').mockReturnValue(100_000);
    for (let time = 0; time < 15; time++) await page.cobrowse.createSession();
    await expect(page.cobrowse.createSessionCode()).rejects.toThrow('at most 15 within 180 seconds');
    now.mockReturnValue(280_000);
    await page.cobrowse.createSessionCode();
    page.push({ id: 'ses_1' });
    await expect(page.cobrowse.createSession()).rejects.toThrow('in a session already');
    expect(page.asked).toHaveLength(16);
  });
});

describe("Page code's own consent dialog", () => {
  it.each<[string, () => unknown, string]>([
    ['true', async () => true, 'accept ses_1'],
    ['false', async () => false, 'decline ses_1'],
    ['nothing, as the vendor has it', async () => undefined, 'accept ses_1'],
    ['something that is not a promise', () => true, 'accept ses_1'],
    ['a rejection', () => Promise.reject(new Error('of the page')), 'decline ses_1'],
    [
      'an exception',
      () => {
        throw new Error('of the page');
      },
      'decline ses_1',
    ],
  ])('that answers with %s decides', async (_, confirmSession, asked) => {
    const page = await openPage({ confirmSession: confirmSession as CobrowseIO['confirmSession'] });
    const invited = page.push({ id: 'ses_1' });
    expect(page.dialect.claims?.(invited)).toBe(true);
    page.push({ id: 'ses_1' });
    await settled();
    expect(page.asked).toEqual([asked]);
  });

  it('that answers with neither true nor false is warned of', async () => {
    const page = await openPage({ confirmSession: (async () => 'yes') as never });
    page.push({ id: 'ses_1' });
    await settled();
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('neither true nor false'));
  });

  it.each([
    ['yes', 'taken back', true, { status: 'closed', reason: 'cancelled' }],
    ['no', 'accepted in another tab', false, { status: 'accepted' }],
  ] as const)('that says %s too late, when the invitation was %s, changes nothing', async (_, __, late, meanwhile) => {
    let answer: (yes: boolean) => void = () => {};
    const page = await openPage({ confirmSession: () => new Promise((resolve) => (answer = resolve)) });
    page.push({ id: 'ses_1' });
    page.push({ id: 'ses_1', ...meanwhile });
    answer(late);
    await settled();
    expect(page.asked).toEqual([]);
    expect(console.error).not.toHaveBeenCalled();
  });

  it('that came later asks for what is open, and gives the card back when it goes', async () => {
    const page = await openPage();
    const invited = page.push({ id: 'ses_1' });
    expect(page.dialect.claims?.(invited)).toBe(false);
    const confirm = jest.fn(() => new Promise<boolean>(() => {}));
    const before = page.rendered();
    page.cobrowse.confirmSession = confirm;
    expect([confirm.mock.calls.length, page.dialect.claims?.(invited), page.rendered() > before]).toEqual([1, true, true]);
    page.cobrowse.confirmSession = undefined as never;
    expect(page.dialect.claims?.(invited)).toBe(false);
  });

  it('is asked again for what is open when the page stops and starts', async () => {
    const confirm = jest.fn(() => new Promise<boolean>(() => {}));
    const page = await openPage({ confirmSession: confirm });
    const invited = page.push({ id: 'ses_1' });
    await page.cobrowse.stop();
    expect(page.dialect.claims?.(invited)).toBe(false);
    await page.cobrowse.start();
    await settled();
    expect([confirm.mock.calls.length, page.dialect.claims?.(invited)]).toEqual([2, true]);
  });

  it('may hand the question to the card, and gets its answer', async () => {
    const page = await openPage({}, { start: false });
    const byCard = page.cobrowse.confirmSession;
    const answers: unknown[] = [];
    page.cobrowse.confirmSession = async (session) => {
      answers.push(await byCard(session));
      return answers[0] as boolean;
    };
    await page.cobrowse.start();
    await settled();
    const invited = page.push({ id: 'ses_1' });
    expect(page.dialect.claims?.(invited)).toBe(false);
    page.push({ id: 'ses_1', status: 'accepted' });
    await settled();
    expect([answers, page.asked]).toEqual([[true], []]);
  });

  it('whose answer the bridge did not hear leaves the question to the card', async () => {
    const page = await openPage({ confirmSession: async () => true });
    page.host.bridge.accept = () => Promise.reject(new Error('unavailable'));
    const invited = page.push({ id: 'ses_1' });
    await settled();
    expect(page.dialect.claims?.(invited)).toBe(false);
  });

  it('keeps the card away from the moment that the dialect is there', async () => {
    const host = dialectHost(() => {}, { CobrowseIO: {} });
    const dialect = open(host.host);
    expect(dialect.claims?.(host.change({ id: 'ses_1' }))).toBe(true);
    await settled();
    expect([dialect.claims?.(host.change({ id: 'ses_1' })), host.rendered()]).toEqual([false, 1]);
  });
});

describe('What page code sets', () => {
  it('before is taken over', async () => {
    const page = await openPage({ license: 'abc', customData: { user_id: '7' }, capabilities: ['pointer'], registration: false });
    page.cobrowse.customData = { user_name: 'Alex' };
    expect(page.cobrowse).toMatchObject({
      license: 'abc',
      capabilities: ['pointer'],
      registration: false,
      customData: { user_id: '7', user_name: 'Alex' },
    });
    expect(page.cobrowse.version).toMatch(/^3\.\d+\.\d+-cobridge$/);
  });

  it.each([
    'license',
    'api',
    'capabilities',
    'redactedViews',
    'unredactedViews',
    'ignoredViews',
    'disabledViews',
    'enabledViews',
    'universalLinks',
    'pdfLinks',
    'virtualAgent',
  ] as const)('as %s throws after the start', async (name) => {
    const page = await openPage();
    expect(() => Object.assign(page.cobrowse, { [name]: 'x' })).toThrow(`CobrowseIO.${name} cannot be set after CobrowseIO.start()`);
    page.cobrowse.registration = false;
    page.cobrowse.trustedOrigins = ['https://shop.example'];
  });

  it.each([['text'], [null], [['a']], [undefined]])('as customData has to be an object, and %p is none', async (value) => {
    const page = await openPage();
    expect(() => (page.cobrowse.customData = value as never)).toThrow(TypeError);
  });

  it('wrongly before the start is complained of and not taken', async () => {
    const page = await openPage({ customData: 'text' as never });
    expect(page.cobrowse.customData).toEqual({});
    expect(console.error).toHaveBeenCalledTimes(1);
  });

  it('as controls is called when a session becomes active and when it is over', async () => {
    const calls: string[] = [];
    const page = await openPage({
      showSessionControls: async (session) => void calls.push(`show ${session?.id()}`),
      hideSessionControls: async () => Promise.reject(new Error('of the page')),
    });
    page.push({ id: 'ses_1', status: 'accepted' });
    page.push({ id: 'ses_1', status: 'active' });
    await settled();
    page.cobrowse.hideSessionControls = async () => void calls.push('hide');
    page.push({ id: 'ses_1', status: 'closed', reason: 'agent_ended' });
    await settled();
    expect(calls).toEqual(['show ses_1', 'hide']);
  });
});

describe('The device id', () => {
  it('is the same in the next document, and without storage the same in this one', async () => {
    const storage = new Map<string, string>();
    const ids = await Promise.all([openPage({}, { storage }), openPage({}, { storage })]).then((pages) =>
      pages.map(({ cobrowse }) => cobrowse.deviceId()),
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[1]).toBe(ids[0]);
    const { cobrowse } = await openPage({}, { storage: null });
    expect(cobrowse.deviceId()).toBe(cobrowse.deviceId());
    expect(cobrowse.deviceId()).not.toBe(ids[0]);
  });
});
