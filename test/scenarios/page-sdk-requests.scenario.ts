import type { Page } from 'playwright-core';
import { type TestAccount, call, createAccount } from '../support/api.ts';
import { flaws } from '../support/flaws.ts';
import { type RunningProgram, sharedProgram } from '../support/program.ts';
import { useScene, type SdkPage, type SdkPageOptions } from '../support/sdk-page.ts';

const scene = useScene();
const GRACE = { agentId: 'agent-7', agentName: 'Grace', mode: 'view' };

let program: RunningProgram;
let account: TestAccount;
let visitorId: string;
let count = 0;

beforeAll(async () => {
  program = await sharedProgram();
  account = await createAccount(program);
});
beforeEach(async () => {
  visitorId = `shopper-${++count}`;
  await call(program, 'PATCH', `/v1/accounts/${account.id}`, {
    key: program.adminKey,
    body: { settings: { allowedOrigins: [scene.site.origin] } },
  });
});

/** A page of the visitor, on the bridge itself. */
async function openShop({ start = '', ...options }: SdkPageOptions = {}): Promise<SdkPage> {
  const token = await account.pageToken(visitorId);
  return scene.open({ ...options, bridge: program.url, start: `{ token: '${token}', ${start} }` });
}

const ask = (shop: SdkPage, topic = 'A refund') =>
  shop.page.evaluate<string>(`bridge.requestHelp({ topic: ${JSON.stringify(topic)} }).then(({ id }) => id)`);
const createCode = (shop: SdkPage) => shop.page.evaluate<string>('bridge.createSessionCode()');
const cancel = (shop: SdkPage) => shop.page.evaluate<string>("bridge.cancelRequest().then(() => 'done', ({ code }) => code)");
const waiting = (page: Page) => page.locator('cobridge-dock').getByRole('region', { name: 'Waiting for an agent' });
const reasons = async (shop: SdkPage) => (await shop.heard()).map(({ name, reason }) => [name, reason ?? null]);
const said = (page: Page) => page.locator('cobridge-dock').getByRole('status').innerText();

async function unharmed({ failures, page }: SdkPage): Promise<void> {
  expect([...failures, ...(await page.evaluate<string[]>('rejections'))]).toEqual([]);
}

describe('A visitor who asks for help on the page', () => {
  it('waits, is asked when an agent comes, and is helped', async () => {
    const shop = await openShop();
    const id = await ask(shop);
    await waiting(shop.page).waitFor();
    await shop.hears('requested', id);
    expect(await ask(shop, 'Something else')).toBe(id);
    const { body } = await account.call('GET', `/sessions?status=requested&visitorId=${visitorId}`);
    expect(body.items).toMatchObject([{ id, topic: 'A refund' }]);

    expect((await account.call('POST', `/sessions/${id}/take`, GRACE)).status).toBe(200);
    await shop.card.getByText('Grace would like to see this page').waitFor();
    await waiting(shop.page).waitFor({ state: 'detached' });
    expect(await shop.page.evaluate('bridge.requestHelp().catch(({ code }) => code)')).toBe('already_in_session');
    await shop.accept.click();
    await shop.hears('accepted', id);
    await account.call('POST', `/sessions/${id}/join`);
    await shop.pill.getByText('You are sharing this page').waitFor();
    await shop.pill.getByRole('button', { name: 'End' }).click();
    await shop.hears('closed', id);
    expect(await shop.call('end', id)).toBe('closed');
    expect(await reasons(shop)).toEqual([
      ['requested', null],
      ['invited', null],
      ['accepted', null],
      ['active', null],
      ['closed', 'visitor_ended'],
    ]);
    await unharmed(shop);
  });

  it('takes it back with the button or by the page, and nothing is left open', async () => {
    const shop = await openShop();
    const first = await ask(shop);
    await waiting(shop.page).getByRole('button', { name: 'Cancel' }).click();
    await shop.hears('closed', first);
    await waiting(shop.page).waitFor({ state: 'detached' });
    expect(await said(shop.page)).toBe('');
    const second = await ask(shop);
    expect(await cancel(shop)).toBe('done');
    await shop.hears('closed', second);
    expect(await cancel(shop)).toBe('done');
    expect((await reasons(shop)).filter(([name]) => name === 'closed')).toEqual([
      ['closed', 'withdrawn'],
      ['closed', 'withdrawn'],
    ]);
    expect(await shop.liveSessions()).toEqual([]);
    await unharmed(shop);
  });

  it('takes back, too, what the bridge has not yet acknowledged', async () => {
    const shop = await openShop();
    await ask(shop);
    expect(await cancel(shop)).toBe('done');
    expect(await shop.page.evaluate('(bridge.requestHelp(), bridge.cancelRequest().then(() => bridge.sessions.length))')).toBe(0);
    await unharmed(shop);
  });

  it('is told that nobody is there when an agent refuses', async () => {
    const shop = await openShop();
    const id = await ask(shop);
    await waiting(shop.page).waitFor();
    expect((await account.call('POST', `/sessions/${id}/refuse`)).status).toBe(200);
    await waiting(shop.page).getByText('No agent is available right now.').waitFor();
    expect(await said(shop.page)).toBe('No agent is available right now.');
    await shop.hears('closed', id);
    expect(await reasons(shop)).toEqual([
      ['requested', null],
      ['closed', 'cancelled'],
    ]);
    await waiting(shop.page).waitFor({ state: 'detached' });
  });

  it('sees in every tab that the request is open, and in the language of the page', async () => {
    const shop = await openShop();
    const id = await ask(shop);
    const other = await openShop({ start: "locale: 'de', texts: { cancel: 'Doch nicht' }" });
    const note = other.page.locator('cobridge-dock').getByRole('region', { name: 'Warten auf einen Mitarbeiter' });
    await note.getByRole('button', { name: 'Doch nicht' }).click();
    await shop.hears('closed', id);
    await waiting(shop.page).waitFor({ state: 'detached' });
  });

  it('is refused a topic that is none, and everything before the bridge was reached', async () => {
    const shop = await openShop();
    await shop.page.waitForFunction('bridge.requestHelp().then(() => bridge.cancelRequest()).then(() => true)');
    const code = (what: string) => shop.page.evaluate(`bridge.${what}.catch(({ code }) => code)`);
    expect(await code('requestHelp({ topic: 5 })')).toBe('bad_request');
    expect(await code("createSessionCode({ topic: '' })")).toBe('bad_request');
    await shop.page.evaluate("window.bridge = Cobridge.start({ token: 'none', ui: 'none' })");
    expect(await code('cancelRequest()')).toBe('unavailable');
    await shop.page.evaluate('bridge.stop()');
    expect(await code('requestHelp()')).toBe('unavailable');
  });
});

describe('A code that the visitor reads out', () => {
  it('is shown and said digit by digit, brings the agent, and is known after a reload', async () => {
    const shop = await openShop({ context: { reducedMotion: 'reduce' } });
    const code = await createCode(shop);
    expect(code).toMatch(/^\d{6}$/);
    const shown = `Your code: ${code.slice(0, 3)} ${code.slice(3)}`;
    await waiting(shop.page).getByText(shown).waitFor();
    expect(await said(shop.page)).toBe(`Waiting for an agent. Your code: ${code.split('').join(' ')}`);
    expect(await flaws(shop.page)).toEqual([]);

    await shop.page.reload();
    await waiting(shop.page).getByText(shown).waitFor();
    const redeemed = await account.call('POST', '/codes/redeem', { code, ...GRACE });
    expect(redeemed.status).toBe(200);
    await shop.accept.click();
    await shop.hears('accepted', redeemed.body.id);
    await unharmed(shop);
  });

  it('is not shown where it was not made, nor after it was used', async () => {
    const shop = await openShop();
    const code = await createCode(shop);
    const other = await openShop();
    await waiting(other.page).waitFor();
    expect(await waiting(other.page).innerText()).not.toMatch(/\d/);
    await cancel(shop);
    await ask(shop);
    await waiting(shop.page).waitFor();
    expect(await waiting(shop.page).innerText()).not.toContain(code.slice(3));
  });

  it('is read from left to right where the text runs from the right', async () => {
    const shop = await openShop({ start: "locale: 'he'" });
    const code = await createCode(shop);
    await shop.pill.locator('b').waitFor();
    const [first, last] = await shop.pill.locator('b').evaluate((line, digits) => {
      const text = line.firstChild as Text;
      const left = (at: number) => {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().left;
      };
      return [left(text.data.indexOf(digits.slice(0, 3))), left(text.data.indexOf(digits.slice(3)))];
    }, code);
    expect(first).toBeLessThan(last ?? 0);
  });

  it('fits a narrow phone, with a button for a finger', async () => {
    const shop = await openShop({ start: "locale: 'de'", context: { viewport: { width: 320, height: 568 }, reducedMotion: 'reduce' } });
    await createCode(shop);
    const button = shop.pill.getByRole('button', { name: 'Abbrechen' });
    const [pill, target] = [await shop.pill.boundingBox(), await button.boundingBox()];
    expect([pill?.x, (pill?.x ?? 0) + (pill?.width ?? 0) <= 308]).toEqual([12, true]);
    expect(target?.height).toBeGreaterThanOrEqual(40);
    expect(await button.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true);
    expect(await shop.pill.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true);
  });

  it('takes the place of an older request', async () => {
    const shop = await openShop();
    const first = await ask(shop);
    const code = await createCode(shop);
    await shop.hears('closed', first);
    await waiting(shop.page).getByText(code.slice(3)).waitFor();
    expect(await waiting(shop.page).count()).toBe(1);
    expect((await reasons(shop)).filter(([name]) => name === 'closed')).toEqual([['closed', 'superseded']]);
    expect(await shop.liveSessions()).toHaveLength(1);
  });
});

describe('A page that was away', () => {
  it('is told how a session ended meanwhile', async () => {
    const shop = await openShop();
    const id = await ask(shop);
    await shop.hears('requested', id);
    await shop.page.context().setOffline(true);
    expect((await account.call('POST', `/sessions/${id}/refuse`)).status).toBe(200);
    await shop.page.context().setOffline(false);
    await shop.hears('closed', id);
    expect(await reasons(shop)).toEqual([
      ['requested', null],
      ['closed', 'cancelled'],
    ]);
    await waiting(shop.page).waitFor({ state: 'detached' });
    await unharmed(shop);
  });
});

describe('The files of the SDK', () => {
  it('are served to pages of any origin, and nothing else is', async () => {
    const get = (file: string) => fetch(`${program.url}/sdk/v1/${file}`, { headers: { 'accept-encoding': 'gzip' } });
    for (const file of ['cobridge.js', 'cobridge.mjs', 'languages/de.mjs']) {
      const { status, headers } = await get(file);
      expect([file, status]).toEqual([file, 200]);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'content-encoding': 'gzip',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      });
    }
    expect((await get('languages/de.mjs.map')).headers.get('content-type')).toContain('application/json');
    const missing = [
      'languages/tlh.mjs',
      'languages/de.ts',
      'languages',
      'languages/..%2fcobridge.js',
      'dialects/klingon.mjs',
      'other/de.mjs',
    ];
    expect(await Promise.all(missing.map(async (file) => (await get(file)).status))).toEqual(missing.map(() => 404));
  });
});
