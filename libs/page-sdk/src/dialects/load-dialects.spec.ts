import { envelope, life, sessionView } from '../../testing/sessions.ts';
import type { Bridge, Dialect as DialectName } from '../types.ts';
import type { Dialect, DialectHost, OpenDialect } from './dialect.ts';
import type { LazyFiles } from '../boot/lazy-files.ts';
import { loadDialects } from './load-dialects.ts';

const [invited, accepted] = life('a', 'invited', 'accepted') as [ReturnType<typeof envelope>, ReturnType<typeof envelope>];

/** A page that speaks some dialects, whose files come when the test says so. */
function aPage(names: DialectName[], window: object = {}) {
  const happened: unknown[] = [];
  let come: (file: { open: OpenDialect }) => void = () => {};
  let fail: (why: unknown) => void = () => {};
  const file = new Promise<{ open: OpenDialect }>((resolve, reject) => {
    come = resolve;
    fail = reject;
  });
  const host: DialectHost = {
    window: window as Window,
    bridge: {} as Bridge,
    codeOf: () => undefined,
    rerender: () => happened.push('rendered'),
    complain: () => {},
  };
  const dialects = loadDialects(names, {
    files: { dialect: () => file } as unknown as LazyFiles,
    host,
    missing: (name) => happened.push(`${name} is missing`),
  });
  const dialect: Dialect = {
    told: ({ id }, before) => void happened.push([id, before?.status]),
    claims: ({ mode }) => mode === 'follow',
    stop: () => happened.push('stopped'),
  };
  return { dialects, happened, dialect, come, fail, host };
}

let complaints: jest.SpyInstance;
beforeEach(() => {
  complaints = jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => complaints.mockRestore());

describe('A dialect', () => {
  it('is told in order what happened before its file was there, and then what happens', async () => {
    const { dialects, happened, dialect, come, host } = aPage(['liveperson', 'fullview']);
    dialects.told(invited, undefined);
    let lent: unknown;
    come({ open: (page) => ((lent = page), dialect) });
    await dialects.ready;
    dialects.told(accepted, invited.session);
    expect(lent).toBe(host);
    expect(happened).toEqual([['evt_a_1', undefined], 'rendered', ['evt_a_2', 'invited']]);
  });

  it('claims the invitations that it says, once it is there', async () => {
    const { dialects, dialect, come } = aPage(['fullview']);
    const [mine, other] = [sessionView({ id: 'a', mode: 'follow' }), sessionView({ id: 'b', mode: 'view' })];
    expect(dialects.claims(mine)).toBe(false);
    come({ open: () => dialect });
    await dialects.ready;
    expect([dialects.claims(mine), dialects.claims(other)]).toEqual([true, false]);
  });

  it('that cannot be loaded is missing, and says so once', async () => {
    const { dialects, happened, fail } = aPage(['fullview', 'fullview']);
    dialects.told(invited, undefined);
    fail(new TypeError('Failed to fetch'));
    await dialects.ready;
    dialects.told(accepted, undefined);
    dialects.stop();
    expect([happened, dialects.claims(invited.session)]).toEqual([['fullview is missing'], false]);
  });

  it('that throws, wherever it does, is a matter of the console', async () => {
    const broken = () => {
      throw new Error('of the dialect');
    };
    const { dialects, happened, come } = aPage(['fullview']);
    come({ open: () => ({ told: broken, claims: broken, stop: broken }) });
    await dialects.ready;
    dialects.told(invited, undefined);
    expect(dialects.claims(invited.session)).toBe(false);
    dialects.stop();
    expect([complaints.mock.calls.length, happened]).toEqual([3, ['rendered']]);
    const unopened = aPage(['fullview']);
    unopened.come({ open: broken });
    await unopened.dialects.ready;
    unopened.dialects.told(invited, undefined);
    expect([complaints.mock.calls.length, unopened.happened]).toEqual([4, []]);
  });

  it('that was stopped hears no more, also when its file comes late', async () => {
    const early = aPage(['fullview']);
    early.come({ open: () => early.dialect });
    await early.dialects.ready;
    early.dialects.stop();
    early.dialects.told(invited, undefined);
    const late = aPage(['fullview']);
    late.dialects.stop();
    late.come({ open: () => late.dialect });
    await late.dialects.ready;
    expect([early.happened, late.happened]).toEqual([['rendered', 'stopped'], []]);
  });
});

describe('The dialect cobrowseio', () => {
  it('gives the page its object at once, keeps what was put there, and promises the rest', async () => {
    const before = { license: 'trial' };
    const window: { CobrowseIO?: { license?: string; customData?: object; client?: () => Promise<unknown> } } = { CobrowseIO: before };
    const { dialects, dialect, come, happened } = aPage(['cobrowseio'], window);
    const client = window.CobrowseIO?.client?.().then((io) => happened.push(io === before));
    dialects.told(invited, undefined);
    come({ open: () => dialect });
    await Promise.all([client, dialects.ready]);
    expect(happened).toEqual([['evt_a_1', undefined], 'rendered', true]);
    expect(before.license).toBe('trial');
  });

  it('makes the object where there is none, and leaves a page alone that forbids it', () => {
    const window: { CobrowseIO?: object } = {};
    aPage(['cobrowseio'], window).dialects.stop();
    expect(window.CobrowseIO).toHaveProperty('client');
    expect(() => aPage(['cobrowseio'], Object.freeze({})).dialects.stop()).not.toThrow();
    const untouched = {};
    aPage(['fullview'], untouched).dialects.stop();
    expect(untouched).toEqual({});
  });
});
