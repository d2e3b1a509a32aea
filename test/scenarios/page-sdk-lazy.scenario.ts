import type { BrowserContext } from 'playwright-core';
import { strictPolicy, useScene } from '../support/sdk-page.ts';

const scene = useScene();

/** A dialect that notes what it is told, and claims invitations to follow. */
const DIALECT = `export const open = ({ window }) => {
  window.told = [];
  return { told: ({ type, session }, before) => window.told.push([type, session.id, before?.status]), claims: ({ mode }) => mode === 'follow', stop() { window.stopped = true; } };
};`;

/** Lets the files of a folder of the SDK come only when called, with that text in their place if there is one. */
async function holdBack(context: BrowserContext, folder: 'languages' | 'dialects', text?: string): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await context.route(`**/sdk/v1/${folder}/*.mjs`, async (route) => {
    await released;
    if (text === undefined) return route.continue();
    await route.fulfill({ body: text, contentType: 'text/javascript', headers: { 'access-control-allow-origin': '*' } });
  });
  return release;
}

describe('The note that the page is shared', () => {
  it('is loaded when the offer is accepted, and not before', async () => {
    const context = await scene.newContext();
    const files: string[] = [];
    context.on('request', (request) => void (/\/sdk\/v1\//.test(request.url()) && files.push(request.url().split('/sdk/v1/')[1] ?? '')));
    const shop = await scene.open({ context });
    scene.peer.invite();
    await shop.card.waitFor();
    expect(files).toEqual(['cobridge.js']);
    await shop.card.getByRole('button', { name: 'Accept' }).click();
    await shop.pill.waitFor();
    expect(files).toEqual(['cobridge.js', 'view/notes.mjs']);
  });

  it('is tried until it is there, because it has the way out', async () => {
    const context = await scene.newContext();
    let refused = 0;
    await context.route('**/view/notes.mjs*', (route) => (refused++ === 0 ? route.abort() : route.continue()));
    const shop = await scene.open({ context });
    const { id } = scene.peer.invite();
    await shop.card.getByRole('button', { name: 'Accept' }).click();
    await shop.hears('accepted', id);
    await shop.pill.getByRole('button', { name: 'End' }).click();
    await shop.hears('closed', id);
    expect(refused).toBe(2);
    expect(shop.failures).toEqual([]);
  });
});

describe('A script that does not know where it is from', () => {
  it.each([
    ['as a module', async (url: string) => `<script type="module" src="${url}"></script>`],
    ['inside the page', async (url: string) => `<script>${await (await fetch(url)).text()}</script>`],
  ])('%s loads the language and the note from the bridge that it is started with', async (_, script) => {
    const url = JSON.stringify(`${scene.peer.url}/`);
    scene.site.put(
      '/unknown',
      `<!doctype html><title>Unknown</title>${await script(`${scene.peer.url}/sdk/v1/cobridge.js`)}
      <script type="module">Cobridge.start({ token: 'token-1', locale: 'de', url: ${url} });</script>`,
    );
    const page = await (await scene.newContext()).newPage();
    await page.goto(`${scene.site.origin}/unknown`);
    scene.peer.invite();
    await page.getByRole('button', { name: 'Annehmen' }).click();
    await page.getByRole('button', { name: 'Beenden' }).click();
  });
});

describe('The note that the page is shared, of the module,', () => {
  it('is tried until it is there, too', async () => {
    const context = await scene.newContext();
    let refused = 0;
    await context.route('**/view/notes.mjs*', (route) => (refused++ === 0 ? route.abort() : route.continue()));
    const start = `import { start } from '${scene.peer.url}/sdk/v1/cobridge.mjs'; start({ token: 'token-1' });`;
    scene.site.put('/module', `<!doctype html><title>Module</title><script type="module">${start}</script>`);
    const page = await context.newPage();
    await page.goto(`${scene.site.origin}/module`);
    scene.peer.invite();
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('button', { name: 'End' }).waitFor();
  });
});

describe('A language that is not English', () => {
  it('is a file that only its pages load', async () => {
    const context = await scene.newContext();
    const files: string[] = [];
    context.on('request', (request) => void (/\/sdk\/v1\//.test(request.url()) && files.push(request.url().split('/sdk/v1/')[1] ?? '')));
    await scene.open({ context });
    const german = await scene.open({ context, start: "{ token: 'token-1', locale: 'de-AT' }" });
    scene.peer.invite();
    await german.card.getByText('Diese Seite teilen?').waitFor();
    expect(files).toEqual(['cobridge.js', 'cobridge.js', 'languages/de.mjs']);
  });

  it('is waited for by an offer that comes before it', async () => {
    const context = await scene.newContext();
    const release = await holdBack(context, 'languages');
    const shop = await scene.open({ context, start: "{ token: 'token-1', locale: 'fr' }" });
    const { id } = scene.peer.invite();
    await shop.hears('invited', id);
    expect(await shop.card.count()).toBe(0);
    release();
    await shop.card.getByText('Partager cette page ?').waitFor();
    expect(await shop.page.locator('cobridge-dock .stack').getAttribute('lang')).toBe('fr');
  });

  it('is not waited for longer than two seconds, and does not change a card under way', async () => {
    const context = await scene.newContext();
    const release = await holdBack(context, 'languages');
    const shop = await scene.open({ context, start: "{ token: 'token-1', locale: 'fr' }" });
    scene.peer.invite();
    await shop.card.getByText('Share this page?').waitFor();
    const arrived = context.waitForEvent('response', (response) => response.url().endsWith('fr.mjs'));
    release();
    await (await arrived).finished();
    expect(await shop.card.innerText()).toContain('Share this page?');
  });

  it('that cannot be had leaves English, and one word in the console', async () => {
    const context = await scene.newContext();
    const said: string[] = [];
    context.on('console', (message) => void (message.text().includes('[Cobridge]') && said.push(message.text())));
    await context.route('**/languages/*.mjs', (route) => route.abort());
    const shop = await scene.open({ context, start: "{ token: 'token-1', locale: 'fr' }" });
    scene.peer.invite();
    await shop.card.getByText('Share this page?').waitFor();
    expect(said).toEqual([expect.stringContaining("The language 'fr' could not be loaded")]);
    expect((await shop.heard()).map(({ name }) => name)).toEqual(['invited']);
    expect(shop.failures).toEqual([]);
  });
});

describe("The page's own texts", () => {
  it('take the place of those of the language, with what is put into them', async () => {
    const shop = await scene.open({
      start:
        "{ token: 'token-1', locale: 'de', texts: { title: 'Dürfen wir?', askView: '{agent} würde gern mitlesen.', anAgent: 'Jemand' } }",
    });
    scene.peer.invite({ agent: { id: '12345678.9' } });
    await shop.card.getByText('Dürfen wir?').waitFor();
    await shop.card.getByText('Jemand würde gern mitlesen. Sie können das jederzeit beenden.').waitFor();
  });

  it('that there is no place for are refused by name', async () => {
    const shop = await scene.open({ start: "{ token: 'token-1', texts: { headline: 'x', title: 5 } }" });
    await shop.hears('error');
    expect((await shop.heard()).map(({ code }) => code)).toEqual(['bad_request']);
  });
});

describe('A dialect in a file of its own', () => {
  const start = "{ token: 'token-1', dialects: ['liveperson', 'fullview'] }";

  it('is told in order also what came before it, before which no card is shown, and keeps the card away where it claims', async () => {
    const context = await scene.newContext();
    const release = await holdBack(context, 'dialects', DIALECT);
    const shop = await scene.open({ context, start });
    const claimed = scene.peer.invite({ mode: 'follow', agent: { id: '12345678.9', name: 'Sam' } });
    const shown = scene.peer.invite();
    await shop.hears('invited', shown.id);
    expect(await shop.card.count()).toBe(0);
    release();
    await shop.card.getByText('Alex would like').waitFor();
    scene.peer.close(shown.id, 'cancelled');
    await shop.hears('closed', shown.id);
    await shop.card.waitFor({ state: 'detached' });
    expect(await shop.page.evaluate('told')).toEqual([
      ['session.invited', claimed.id, undefined],
      ['session.invited', shown.id, undefined],
      ['session.closed', shown.id, 'invited'],
    ]);
    await shop.page.evaluate('bridge.stop()');
    expect(await shop.page.evaluate('stopped')).toBe(true);
    expect(shop.failures).toEqual([]);
  });

  it('that cannot be had is told to the page once, by its name', async () => {
    const context = await scene.newContext();
    await context.route('**/dialects/*.mjs', (route) => route.abort());
    const shop = await scene.open({ context, start, after: "bridge.on('error', ({ message }) => (window.said = message));" });
    await shop.hears('error');
    scene.peer.invite();
    await shop.card.waitFor();
    expect((await shop.heard()).filter(({ name }) => name === 'error').map(({ code }) => code)).toEqual(['unavailable']);
    expect(await shop.page.evaluate('said')).toContain("'fullview'");
    expect(shop.failures).toEqual([]);
  });

  it('of Cobrowse.io puts its object into the page at once', async () => {
    const context = await scene.newContext();
    const release = await holdBack(context, 'dialects', DIALECT);
    const shop = await scene.open({
      context,
      start: "{ token: 'token-1', dialects: ['cobrowseio'] }",
      after: "CobrowseIO.license = 'trial'; CobrowseIO.client().then((io) => (window.ready = [io === CobrowseIO, io.license]));",
    });
    expect(await shop.page.evaluate('window.ready')).toBeUndefined();
    release();
    await shop.page.waitForFunction('window.ready');
    expect(await shop.page.evaluate('ready')).toEqual([true, 'trial']);
  });
});

describe('The strictest policy', () => {
  const violations = `window.violations = []; document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => violations.push(violatedDirective + ' ' + blockedURI));`;

  it('lets a language and a dialect come by the nonce of the script alone', async () => {
    const shop = await scene.open({
      headers: { 'content-security-policy': `${strictPolicy(scene.peer.url)}; style-src 'none'` },
      before: `window.told = []; addEventListener('fullview:callRequested', ({ detail }) => told.push(detail.callId)); ${violations}`,
      start: "{ token: 'token-1', locale: 'es', dialects: ['fullview', 'cobrowseio'] }",
      after: 'CobrowseIO.client().then(() => (window.ready = true));',
    });
    const { id } = scene.peer.invite();
    await shop.card.getByText('¿Compartir esta página?').waitFor();
    await shop.page.waitForFunction('window.ready');
    expect(await shop.page.evaluate('told')).toEqual([id]);
    expect(await shop.page.evaluate('violations')).toEqual([]);
    expect(shop.failures).toEqual([]);
  });

  it.each([
    ['of the script', "{ token: 'token-1' }", 'c2NlbmU'],
    ['of the option', "{ token: 'token-1', nonce: 'b3RoZXI' }", 'b3RoZXI'],
  ])('lets the card be dressed by the nonce %s in a browser without constructed style sheets', async (_, start, nonce) => {
    const shop = await scene.open({
      headers: { 'content-security-policy': `${strictPolicy(scene.peer.url)}; style-src 'nonce-${nonce}'` },
      before: `delete CSSStyleSheet.prototype.replaceSync; ${violations}`,
      start,
    });
    scene.peer.invite();
    await shop.card.waitFor();
    expect(await shop.card.evaluate((card) => getComputedStyle(card).display)).toBe('grid');
    expect(await shop.page.evaluate('violations')).toEqual([]);
  });
});
