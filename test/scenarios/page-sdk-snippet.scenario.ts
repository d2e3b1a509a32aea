import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { useScene } from '../support/sdk-page.ts';

const scene = useScene();

/** The snippet as the documentation has it. */
let snippet: string;
beforeAll(async () => {
  const guide = await readFile(join(import.meta.dirname, '../../docs/integrations/page.md'), 'utf8');
  snippet = /<script>\s*(window\.Cobridge \?\?= [^]*?)<\/script>\n<script async/.exec(guide)?.[1] ?? '';
});

const CALLS = `window.order = [];
  Cobridge.onReady(() => order.push('ready'));
  window.bridge = Cobridge.start({ token: 'token-1' });
  bridge.on('invited', ({ session }) => order.push(session.id));
  bridge.accept('ses_unknown').catch(({ code }) => order.push(code));
  Cobridge.onReady((cobridge) => order.push(typeof cobridge.start));`;

/** A page with the snippet, calls, and the script that comes when `goes` says so, if ever. */
async function openWithSnippet(
  goes: 'at once' | 'when called' | 'never',
): Promise<{ page: Page; failures: string[]; release: () => void }> {
  const context = await scene.newContext();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = goes === 'at once' ? (resolve(), resolve) : resolve;
  });
  await context.route('**/sdk/v1/cobridge.js', async (route) => {
    if (goes === 'never') return route.abort();
    await released;
    await route.continue();
  });
  const page = await context.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  const script = `<script async src="${scene.peer.url}/sdk/v1/cobridge.js" onerror="window.lost = true"></script>`;
  scene.site.put('/async', `<!doctype html><title>Async</title><script>${snippet}</script>${script}<script>${CALLS}</script><p>Shop</p>`);
  await page.goto(`${scene.site.origin}/async`, { waitUntil: 'commit' });
  await page.getByText('Shop').waitFor();
  return { page, failures, release };
}

const dialog = (page: Page) => page.locator('cobridge-dock').getByRole('dialog');

describe('The snippet of the documentation', () => {
  it('is short', () => {
    expect(snippet.length).toBeGreaterThan(0);
    expect(snippet.length).toBeLessThan(700);
  });

  it.each(['at once', 'when called'] as const)('keeps calls in order until the script has come, which comes %s', async (goes) => {
    const { page, failures, release } = await openWithSnippet(goes);
    const { id } = scene.peer.invite();
    release();
    await dialog(page).waitFor();
    await page.waitForFunction('order.length === 4');
    const order = await page.evaluate<string[]>('order');
    expect(order.slice(0, 2)).toEqual(['ready', 'function']);
    expect(order.slice(2).toSorted()).toEqual(['not_found', id]);
    expect(await page.evaluate(`bridge.accept('${id}').then(({ status }) => status)`)).toBe('accepted');
    expect(failures).toEqual([]);
  });

  it('does the same once the script is there, and its first object goes on working', async () => {
    const { page, release, failures } = await openWithSnippet('when called');
    await page.evaluate('window.early = Cobridge');
    release();
    await page.waitForFunction('early !== Cobridge');
    await page.evaluate("early.onReady(() => (window.heard = 'early')); Cobridge.onReady(() => (window.heard += ' and late'));");
    expect(await page.evaluate('heard')).toBe('early and late');
    await page.evaluate("window.second = early.start({ token: 'token-2' })");
    const { id } = scene.peer.invite();
    await dialog(page).waitFor();
    const accept = (by: string) => page.evaluate(`${by}.accept('${id}').then(({ status }) => status, ({ code }) => code)`);
    expect([await accept('bridge'), await accept('second')]).toEqual(['unavailable', 'accepted']);
    expect(failures).toEqual([]);
  });

  it('breaks nothing when the script never comes', async () => {
    const { page, failures } = await openWithSnippet('never');
    await page.waitForFunction('window.lost');
    expect(await page.evaluate('[order, typeof bridge.on, typeof bridge.requestHelp]')).toEqual([[], 'function', 'function']);
    expect(failures).toEqual([]);
  });

  it('leaves a script that was there before alone', async () => {
    const shop = await scene.open({ after: `window.first = Cobridge; ${snippet.replaceAll('`', '')}` });
    expect(await shop.page.evaluate('first === Cobridge')).toBe(true);
  });
});
