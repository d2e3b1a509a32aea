import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { type BrowserSettings, launchBrowser } from './browser.ts';
import { PagesPeer } from './pages-peer.ts';
import { openSite, type Site } from './site.ts';

/** What a handler of the page heard. */
export interface HeardEvent {
  name: string;
  session?: string;
  version?: number;
  reason?: string | null;
  code?: string;
}

/** One document with the SDK on it, in a real browser. */
export interface SdkPage {
  page: Page;
  card: Locator;
  pill: Locator;
  accept: Locator;
  decline: Locator;
  /** What handlers heard so far. */
  heard(): Promise<HeardEvent[]>;
  /** Waits until a handler has heard that. */
  hears(name: string, session?: string): Promise<void>;
  /** What LivePerson's tag was told so far, by this document. */
  published(): Promise<{ event: string; data: Record<string, string> }[]>;
  /** Calls the SDK's `accept`, `decline` or `end` as page code does: the status it came to, or the code it was refused with. */
  call(kind: 'accept' | 'decline' | 'end', sessionId: string): Promise<string>;
  liveSessions(): Promise<string[]>;
  /** Exceptions and rejections that nobody took, in this page. */
  failures: string[];
}

export interface SdkPageOptions {
  /** Address of the bridge. Default: that of the scene. */
  bridge?: string;
  /** The argument of `Cobridge.start`, as source text. Default: a token. */
  start?: string;
  /** Source text run before the SDK is loaded; by default LivePerson's tag is there, complete, with its monitoring SDK. */
  before?: string;
  /** Source text run after the start. `bridge` is what it returned. */
  after?: string;
  body?: string;
  headers?: Record<string, string>;
  context?: BrowserContext | BrowserContextOptions;
}

/** A shop and a bridge at its wire, new for each test, in a browser. */
export interface Scene {
  readonly peer: PagesPeer;
  readonly site: Site;
  open(options?: SdkPageOptions): Promise<SdkPage>;
  /** Puts a document with the SDK at a path of the shop, without visiting it. */
  put(path: string, options?: SdkPageOptions): void;
  /** Opens what lies at that path of the shop in a new tab. */
  visit(context: BrowserContext, path: string): Promise<SdkPage>;
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
}

/** LivePerson's own event bus in the place of the tag's. */
export const TAG = `window.lpTag = { events: new Chronos.Events(), taglets: { lp_monitoringSDK: { getSid: () => 'sid-1', getVid: () => 'vid-1' } } };`;

const NONCE = 'c2NlbmU';
const EVENTS = ['requested', 'invited', 'accepted', 'active', 'closed', 'error'];

/** Sets the scene for every test of the describe block, or file, that it is called in. `transports` is what the network lets through. */
export function useScene(transports?: ('websocket' | 'polling')[], settings?: BrowserSettings): Scene {
  let browser: Browser;
  let peer: PagesPeer;
  let site: Site;
  beforeAll(async () => {
    browser = await launchBrowser(settings);
  }, 60_000);
  beforeEach(async () => {
    [site, peer] = await Promise.all([openSite(), PagesPeer.open(transports)]);
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await Promise.all([site.close(), peer.stop()]);
  });
  afterAll(() => browser.close());
  return {
    get peer() {
      return peer;
    },
    get site() {
      return site;
    },
    newContext: (options) => browser.newContext(options),
    put: (path, options = {}) => site.put(path, documentWith(options.bridge ?? peer.url, options), options.headers),
    visit: async (context, path) => visit(await context.newPage(), `${site.origin}${path}`),
    async open(options = {}) {
      site.put('/', documentWith(options.bridge ?? peer.url, options), options.headers);
      const context = options.context && 'newPage' in options.context ? options.context : await browser.newContext(options.context);
      return visit(await context.newPage(), `${site.origin}/`);
    },
  };
}

/** A policy under which only what carries the nonce, and the bridge, may do anything. */
export const strictPolicy = (bridge: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${NONCE}'`,
    `connect-src ${bridge} ${bridge.replace('http', 'ws')}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

function documentWith(bridge: string, { start = "{ token: 'token-1' }", before = TAG, after = '', body = '' }: SdkPageOptions): string {
  const script = (source: string): string => `<script nonce="${NONCE}">${source}</script>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A shop</title><meta name="viewport" content="width=device-width"></head>
<body><main><h1>A shop</h1><p><button id="buy">Buy</button> <label>Search <input id="search"></label></p>${body}</main>
<script nonce="${NONCE}" src="/chronos.js"></script>
${script(`window.rejections = []; addEventListener('unhandledrejection', ({ reason }) => rejections.push(String(reason))); ${before}`)}
<script nonce="${NONCE}" src="${bridge}/sdk/v1/cobridge.js"></script>
${script(`window.heard = [];
const bridge = window.bridge = Cobridge.start(${start});
for (const name of ${JSON.stringify(EVENTS)}) bridge.on(name, ({ session, code }) =>
  heard.push({ name, session: session?.id, version: session?.version, reason: session?.reason, code }));
${after}`)}
</body></html>`;
}

interface Host {
  heard: HeardEvent[];
  rejections: string[];
  bridge: Record<'accept' | 'decline' | 'end', (id: string) => Promise<{ status: string }>> & { sessions: { id: string }[] };
  lpTag?: { events: { hasFired(app: string, event: string): { eventName: string; data: Record<string, string> }[] } };
}

async function visit(page: Page, url: string): Promise<SdkPage> {
  // Below the limit of a test, so that what fails is the step, by its name, and not the whole.
  page.setDefaultTimeout(12_000);
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  await page.goto(url);
  const dock = page.locator('cobridge-dock');
  return {
    page,
    card: dock.getByRole('dialog'),
    pill: dock.locator('.pill'),
    accept: dock.getByRole('button', { name: 'Accept' }),
    decline: dock.getByRole('button', { name: 'Decline' }),
    heard: () => page.evaluate(() => (window as unknown as Host).heard),
    hears: async (name, session) => {
      const seen = ([wanted, id]: (string | undefined)[]) =>
        (window as unknown as Host).heard.some((event) => event.name === wanted && (id === undefined || event.session === id));
      await page.waitForFunction(seen, [name, session]);
    },
    published: () =>
      page.evaluate(() =>
        ((window as unknown as Host).lpTag?.events.hasFired('lpCoBrowse', '*') ?? []).map(({ eventName, data }) => ({
          event: eventName,
          data,
        })),
      ),
    call: (kind, sessionId) =>
      page.evaluate(
        ([what, id]) =>
          (window as unknown as Host).bridge[what as 'accept'](id as string).then(
            ({ status }) => status,
            (error: { code: string }) => error.code,
          ),
        [kind, sessionId],
      ),
    liveSessions: () => page.evaluate(() => (window as unknown as Host).bridge.sessions.map(({ id }) => id)),
    failures,
  };
}
