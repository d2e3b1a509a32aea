import { type SdkPage, TAG, useScene } from '../support/sdk-page.ts';

async function unharmed({ failures, page }: SdkPage): Promise<void> {
  expect([...failures, ...(await page.evaluate<string[]>('rejections'))]).toEqual([]);
}

/** Source that makes a property of an object throw whoever touches it, as browsers do where something is forbidden. */
const forbidden = (object: string, name: string): string =>
  `Object.defineProperty(${object}, '${name}', { configurable: true, get() { throw new DOMException('forbidden', 'SecurityError'); }, set() { throw new DOMException('forbidden', 'SecurityError'); } });`;

const scene = useScene();

/** The whole way of an invitation: offered, accepted, told to the tag, joined, ended. */
async function goesAllTheWay(shop: SdkPage): Promise<void> {
  const { id } = scene.peer.invite();
  await shop.accept.click();
  await shop.pill.getByText('Connecting…').waitFor();
  scene.peer.join(id);
  await shop.pill.getByText('You are sharing this page').waitFor();
  expect((await shop.published()).map(({ event }) => event)).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
  await shop.pill.getByRole('button', { name: 'End' }).click();
  await shop.hears('closed', id);
  expect(scene.peer.answers.map(({ kind, sessionId }) => [kind, sessionId])).toEqual([
    ['accept', id],
    ['end', id],
  ]);
}

describe('An invitation goes all the way in a browser', () => {
  it.each([
    ['that forbids storage', `${forbidden('window', 'sessionStorage')} ${forbidden('window', 'localStorage')}`],
    ['without storage', `for (const name of ['sessionStorage', 'localStorage']) Object.defineProperty(window, name, { value: null });`],
    ['whose storage is full', `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };`],
    ['without channels between tabs', `delete window.BroadcastChannel; delete window.SharedWorker;`],
    ['that forbids channels between tabs', forbidden('window', 'BroadcastChannel')],
    ['without WebSocket', `delete window.WebSocket; delete window.WebSocketStream; delete window.WebTransport;`],
    ['that forbids to open a WebSocket', `window.WebSocket = function () { throw new DOMException('forbidden', 'SecurityError'); };`],
    ['behind a proxy that leaves every WebSocket without an answer', `window.WebSocket = class { readyState = 0; close() {} send() {} };`],
    ['without crypto.randomUUID, as on plain http', `delete Crypto.prototype.randomUUID; delete Crypto.prototype.subtle;`],
    ['that forbids cookies', forbidden('Document.prototype', 'cookie')],
    [
      'without any of it',
      ['BroadcastChannel', 'WebSocket'].map((name) => `delete window.${name};`).join('') +
        forbidden('window', 'sessionStorage') +
        forbidden('window', 'localStorage') +
        forbidden('Document.prototype', 'cookie') +
        'delete Crypto.prototype.randomUUID;',
    ],
    [
      'without constructed style sheets, animations and idle time',
      `delete Document.prototype.adoptedStyleSheets; delete ShadowRoot.prototype.adoptedStyleSheets; delete CSSStyleSheet.prototype.replaceSync; delete window.requestIdleCallback;`,
    ],
  ])('%s', async (_, without) => {
    const shop = await scene.open({ before: `${TAG} ${without}` });
    await goesAllTheWay(shop);
    await unharmed(shop);
  });

  it('and leaves no cookie, nor anything in a storage that lasts', async () => {
    const shop = await scene.open();
    await goesAllTheWay(shop);
    await shop.page.reload();
    expect(await shop.page.context().cookies()).toEqual([]);
    expect(await shop.page.evaluate('Object.keys(localStorage)')).toEqual([]);
    expect(await shop.page.evaluate('indexedDB.databases()')).toEqual([]);
  });
});

describe('An invitation goes all the way in a page', () => {
  /** As Prototype.js 1.6, MooTools 1.2 and their kin leave a page behind. */
  const LIBRARIES = {
    'whose lists, texts and numbers have a toJSON of their own': `
      Array.prototype.toJSON = function () { return '[' + this.map((one) => JSON.stringify(one)).join(', ') + ']'; };
      String.prototype.toJSON = function () { return '"' + this + '"'; };
      Number.prototype.toJSON = function () { return String(this); };`,
    'whose objects have a toJSON of their own': `Object.prototype.toJSON = function () { return '{}'; };`,
    'that adds to the prototypes of lists and objects, for every loop to see': `
      Array.prototype.last = function () { return this[this.length - 1]; };
      Object.prototype.extend = function (other) { return Object.assign(this, other); };
      Function.prototype.curry = function () { return this; };`,
    'with its own Array.from, flatten, find and bind': `
      Array.from = (one) => one === null || one === undefined ? [] : [one];
      Array.prototype.flatten = Array.prototype.compact = function () { return this; };
      Array.prototype.find = function (test) { for (let i = 0; i < this.length; i++) if (test(this[i], i)) return this[i]; };
      const { bind } = Function.prototype;
      Function.prototype.bind = function () { return arguments.length < 2 && arguments[0] === undefined ? this : bind.apply(this, arguments); };`,
    'with its own reduce, which knows no start': `
      Array.prototype.reduce = function () { return this.length > 1 ? this : this[0]; };`,
    'with its own Promise': `
      const Own = window.Promise;
      window.Promise = class extends Own { finally(done) { return super.finally(done); } };
      window.Promise.allSettled = undefined;`,
    'with its own $, name, status, event, parent and process': `
      window.$ = (id) => document.getElementById(id); window.name = 'a name'; window.status = 'closed';
      window.process = { env: {} }; window.global = window; window.module = { exports: {} }; window.exports = {}; window.define = () => {}; window.define.amd = true; window.require = () => { throw new Error('of the page'); };`,
    'that freezes the prototypes': `for (const one of [Object, Array, Promise, Function, String, Map, Set, EventTarget, Event, Error]) { Object.freeze(one.prototype); Object.freeze(one); }`,
    'that freezes JSON, and reads it its own way': `const { parse, stringify } = JSON; JSON.parse = (text, reviver) => parse(text, reviver); JSON.stringify = (...all) => stringify(...all); Object.freeze(JSON);`,
    'that has made itself deaf: addEventListener as an error tracker wraps it': `
      const add = EventTarget.prototype.addEventListener;
      EventTarget.prototype.addEventListener = function (type, handler, options) { return add.call(this, type, typeof handler === 'function' ? function (event) { return handler.call(this, event); } : handler, options); };`,
  };
  it.each(Object.entries(LIBRARIES))('%s', async (_, library) => {
    const shop = await scene.open({ before: `${TAG} ${library}` });
    await goesAllTheWay(shop);
    const kept = await shop.page.evaluate<string[]>(
      `['Array', 'String', 'Number', 'Object'].filter((name) => Object.hasOwn(window[name].prototype, 'toJSON'))`,
    );
    expect(kept).toEqual(['Array', 'String', 'Number', 'Object'].filter((name) => library.includes(`${name}.prototype.toJSON`)));
    await unharmed(shop);
  });

  it('that is reloaded, whose lists have a toJSON of their own: it is still the tab that said yes', async () => {
    const shop = await scene.open({ before: `${TAG} ${Object.values(LIBRARIES)[0]}` });
    const { id } = scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    scene.peer.join(id);
    await shop.page.reload();
    await shop.pill.getByText('You are sharing this page').waitFor();
    await unharmed(shop);
  });
});

describe('A page that uses the SDK carelessly', () => {
  it('may stop twice and go on calling', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    const gone = scene.peer.nextDeparture();
    await shop.page.evaluate('bridge.stop(); bridge.stop();');
    await gone;
    const calls = ['accept', 'decline', 'end'] as const;
    expect(await Promise.all(calls.map((kind) => shop.call(kind, id)))).toEqual(['unavailable', 'unavailable', 'unavailable']);
    expect(await shop.page.evaluate(`typeof bridge.on('invited', () => {})`)).toBe('function');
    expect(await shop.liveSessions()).toEqual([]);
    expect(await shop.page.locator('cobridge-dock').count()).toBe(0);
    expect(scene.peer.answers).toEqual([]);
    await unharmed(shop);
  });

  it('may start twice at once, and keeps one connection and one card', async () => {
    const shop = await scene.open({
      after: `window.first = bridge; const second = Cobridge.start({ token: 'token-2' }); window.bridge = second;`,
    });
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    expect(await shop.card.count()).toBe(1);
    expect(await shop.page.evaluate(`first.accept('${id}').catch(({ code }) => code)`)).toBe('unavailable');
    await shop.accept.click();
    await shop.pill.waitFor();
    expect(new Set(scene.peer.handshakes.map(({ token }) => token))).toEqual(new Set(['token-2']));
    await unharmed(shop);
  });

  it('may stop and start from its own handlers, in the middle of an answer', async () => {
    const shop = await scene.open({
      after: `bridge.on('accepted', () => { bridge.stop(); window.bridge = Cobridge.start({ token: 'token-2' }); });`,
    });
    const { id } = scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    expect((await shop.published()).map(({ event }) => event)).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
    await unharmed(shop);
  });

  it('that throws in every handler loses neither the other handlers nor the card', async () => {
    const shop = await scene.open({
      before: `${TAG} addEventListener('click', () => { throw new Error('of the page') }, true); addEventListener('focusin', () => { throw new Error('of the page') }, true);`,
      after: `for (const name of ['invited', 'accepted', 'active', 'closed', 'error']) bridge.on(name, () => { throw new Error('of a handler') });`,
    });
    await goesAllTheWay(shop);
    expect(new Set(shop.failures)).toEqual(new Set(['Error: of the page']));
  });
});
