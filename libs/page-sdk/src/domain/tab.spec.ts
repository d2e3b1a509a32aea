import { openTab } from './tab.ts';

const BRIDGE = 'https://bridge.example';
const KEY = `cobridge.tab ${BRIDGE}`;

/** A browser tab as far as its memory goes: a storage and the documents that come and go in it. */
function browserTab(storage = new Map<string, string>()) {
  const sessionStorage = {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => void storage.set(key, value),
    removeItem: (key: string) => void storage.delete(key),
  };
  const load = (over: object = {}) => Object.assign(new EventTarget(), { crypto, sessionStorage, ...over }) as unknown as Window;
  const leave = (document: Window) => document.dispatchEvent(new Event('pagehide'));
  const comeBack = (document: Window) => document.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  return { load, leave, comeBack, storage, duplicate: () => browserTab(new Map(storage)) };
}

describe('The page is', () => {
  it('the same after a reload, and knows what was answered on it', () => {
    const { load, leave } = browserTab();
    const document = load();
    const before = openTab(document, BRIDGE);
    before.taken.add('accept ses_1');
    leave(document);
    const after = openTab(load(), BRIDGE);
    expect(after.id).toBe(before.id);
    expect([after.taken.has('accept ses_1'), after.taken.has('accept ses_2')]).toEqual([true, false]);
  });

  it('the one that knows its code, also after a reload', () => {
    const { load, leave, storage } = browserTab();
    const document = load();
    openTab(document, BRIDGE).code = { sessionId: 'ses_1', code: '123456' };
    leave(document);
    const second = load();
    expect(openTab(second, BRIDGE).code).toEqual({ sessionId: 'ses_1', code: '123456' });
    expect(storage.size).toBe(0);
    leave(second);
    storage.set(KEY, (storage.get(KEY) ?? '').replace('123456', '<b>12'));
    expect(openTab(load(), BRIDGE).code).toBeUndefined();
  });

  it('the same that still owes an answer after a reload, until it is settled', () => {
    const { load, leave } = browserTab();
    const [first, second] = [load(), load()];
    const before = openTab(first, BRIDGE);
    before.owed.add('accept ses_1');
    before.owed.add('decline ses_2');
    leave(first);
    const { owed } = openTab(second, BRIDGE);
    owed.drop('accept ses_1');
    leave(second);
    expect(openTab(load(), BRIDGE).owed.all()).toEqual(['decline ses_2']);
  });

  it('one that remembers twenty answers, and each once', () => {
    const { taken } = openTab(browserTab().load(), BRIDGE);
    for (let session = 0; session < 25; session++) taken.add(`accept ses_${session}`);
    taken.add('accept ses_7');
    expect([taken.all().length, taken.all()[0], taken.all().at(-1)]).toEqual([20, 'accept ses_5', 'accept ses_7']);
  });

  it('another one in a duplicated tab', () => {
    const tab = browserTab();
    const original = openTab(tab.load(), BRIDGE);
    const copy = openTab(tab.duplicate().load(), BRIDGE);
    expect(copy.id).not.toBe(original.id);
  });

  it('the same when the visitor goes back to a document that the browser has kept', () => {
    const { load, leave, comeBack, duplicate } = browserTab();
    const [first, second] = [load(), load()];
    const kept = openTab(first, BRIDGE);
    leave(first);
    const next = openTab(second, BRIDGE);
    next.taken.add('accept ses_1');
    leave(second);
    comeBack(first);
    expect([kept.id, kept.taken.has('accept ses_1')]).toEqual([next.id, true]);
    expect(openTab(duplicate().load(), BRIDGE).id).not.toBe(kept.id);
  });

  it('the same after the SDK was stopped and started again', () => {
    const { load } = browserTab();
    const document = load();
    const before = openTab(document, BRIDGE);
    before.stop();
    expect(openTab(document, BRIDGE).id).toBe(before.id);
  });

  it.each([
    [
      'there is no storage',
      {
        get sessionStorage(): Storage {
          throw new DOMException('denied', 'SecurityError');
        },
      },
    ],
    [
      'the storage is full',
      {
        sessionStorage: {
          getItem: () => null,
          removeItem() {},
          setItem() {
            throw new DOMException('full', 'QuotaExceededError');
          },
        },
      },
    ],
  ])('itself for as long as it lives when %s', (_, over) => {
    const { leave } = browserTab();
    const window = Object.defineProperties(
      Object.assign(new EventTarget(), { crypto }),
      Object.getOwnPropertyDescriptors(over),
    ) as unknown as Window;
    const tab = openTab(window, BRIDGE);
    expect(tab.id).toMatch(/^[0-9a-f]{32}$/);
    expect(() => leave(window)).not.toThrow();
  });

  it.each(['{', 'null', '{"id":5}', '{"id":"../x"}', '[]'])('a new one when what was kept is %s', (kept) => {
    const { load, storage } = browserTab();
    storage.set(KEY, kept);
    expect(openTab(load(), BRIDGE).id).toMatch(/^[0-9a-f]{32}$/);
  });
});
