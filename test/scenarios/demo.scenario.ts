import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { call } from '../support/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { flaws } from '../support/flaws.ts';
import { type Program, startProgram } from '../support/program.ts';

const json = { 'content-type': 'application/json' };

describe('the demo', () => {
  let program: Program;
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    [program, browser] = await Promise.all([startProgram(), launchBrowser()]);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await program?.remove();
  });

  /** A person at the demo: both sides of it, ready. Whatever the browser complains of fails the test. */
  async function sitDown(options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    contexts.push(context);
    const listen = (page: Page): void => {
      page.setDefaultTimeout(10_000);
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('console', (said) => ['error', 'warning'].includes(said.type()) && complaints.push(said.text()));
    };
    context.on('page', listen);
    const page = await context.newPage();
    await page.goto(`${program.url}/demo`);
    await page.getByText('Live', { exact: true }).waitFor();
    await listening(page);
    const shop = page.frameLocator('#shop');
    const offer = shop.getByRole('dialog', { name: 'Share this page?' });
    await shop.locator('cobridge-dock').waitFor({ state: 'attached' });
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const entries = page.locator('.entries li');
    return {
      context,
      page,
      shop,
      offer,
      pill: shop.getByRole('region', { name: 'Page sharing is on' }),
      press,
      entries,
      status: page.locator('.status'),
      /** Waits for an entry of the timeline. */
      told: (sentence: string) => entries.filter({ hasText: sentence }).first().waitFor(),
      /** What has been told of one kind, oldest first. */
      story: async (kind: string) => (await page.locator(`[data-entry=${kind}] .sentence`).allTextContents()).toReversed(),
      /** How often something has been told. */
      times: (sentence: string) => entries.filter({ hasText: sentence }).count(),
    };
  }

  const account = () => call(program, 'GET', '/v1/accounts/demo', { key: program.adminKey });
  const streamStates = () => program.logged('stream.changed').map(({ state }) => state);
  const listening = (page: Page) => page.getByText('Subscribed to LivePerson’s socket.').waitFor();

  it('costs the start nothing: an account and a login are made for its first visitor', async () => {
    expect((await account()).status).toBe(404);
    const visitorId = randomUUID();
    const first = await call(program, 'POST', '/demo/agent/start', { body: { visitorId } });
    expect(first.status).toBe(200);
    expect((await call(program, 'POST', '/demo/agent/start', { body: { visitorId } })).body).toEqual(first.body);
    expect((await account()).body.settings.liveperson.stream).toEqual({ kind: 'brand', login: 'password' });
    await program.untilLogged('stream.changed', ({ length }) => length >= 2);
    expect(streamStates()).toEqual(['connecting', 'subscribed']);
  });

  it('shows a whole story to somebody who presses Invite and says yes', async () => {
    const { page, offer, pill, press, told, story, status } = await sitDown();
    await page.getByRole('radio', { name: 'Click and type' }).check();
    await press('Invite');
    await offer.getByText('to click and type on it with you').waitFor();
    await status.getByText('The visitor is being asked').waitFor();
    await offer.getByRole('button', { name: 'Accept' }).click();
    await pill.getByText('You are sharing this page').waitFor();
    await status.getByText('Joined. The agent may look at the page, scroll, click and type').waitFor();
    await press('End');
    await told('The shop’s server hears: it is over, the agent stopped it.');
    await pill.waitFor({ state: 'detached' });
    await told('The page clears up: the agent stopped it.');

    expect(await story('notification')).toEqual([
      'The agent asks to look at the page, scroll, click and type.',
      'The agent’s side notes the visitor’s yes.',
      'The agent’s side says: joined.',
      'The agent stops looking at the page.',
    ]);
    expect(await story('page')).toEqual([
      'The question appears on the page.',
      'The page knows: the visitor said yes.',
      'The page shows that it is being shared.',
      'The page clears up: the agent stopped it.',
    ]);
    expect(await story('published')).toEqual([
      'The page tells LivePerson’s tag: the visitor is being asked.',
      'The page tells LivePerson’s tag: the visitor said yes.',
    ]);
    expect(await story('callback')).toEqual([
      'The shop’s server hears: the visitor is being asked.',
      'The shop’s server hears: the visitor said yes.',
      'The shop’s server hears: the two sides have joined.',
      'The shop’s server hears: it is over, the agent stopped it.',
    ]);
  });

  it('opens an entry to show what went over the wire, and hides the kinds that are not wanted', async () => {
    const { page, press, told, entries } = await sitDown();
    await press('Invite');
    await told('The shop’s server hears: the visitor is being asked.');
    const [sent, published] = ['notification', 'published'].map((kind) => page.locator(`[data-entry=${kind}]`));
    await sent!.locator('summary').click();
    await sent!.getByText('"type": ".ams.aam.ExConversationChangeNotification"').waitFor();
    await sent!.getByText('"outcome": "invited"').waitFor();
    await published!.locator('summary').click();
    await published!.getByText('lpTag.events.publish("lpCoBrowse", "cobrowseOffered"').waitFor();

    expect(await entries.count()).toBe(4);
    await page.getByRole('button', { name: 'Page 1' }).click();
    expect(await entries.locator('visible=true').locator('.sentence').allTextContents()).not.toContain('The question appears on the page.');
    await page.getByRole('button', { name: 'Page 1' }).click();
    await page.getByText('The question appears on the page.').waitFor();

    const kinds = page.getByRole('group', { name: 'Show' }).getByRole('button');
    const why = page.getByText('Everything is hidden. Press a kind above.');
    for (const kind of await kinds.all()) {
      expect(await why.count()).toBe(0);
      await kind.click();
    }
    await why.waitFor();
    await kinds.first().click();
    expect(await why.count()).toBe(0);
    await kinds.first().click();
    await press('Clear');
    expect(await why.count()).toBe(0);
    expect(await entries.count()).toBe(0);
  });

  it('takes the question away when the agent cancels, and tells the tag nothing of it', async () => {
    const { offer, press, told, story, status } = await sitDown();
    await press('Invite');
    await offer.waitFor();
    await press('Cancel');
    await offer.waitFor({ state: 'detached' });
    await told('The shop’s server hears: it is over, the agent took the invitation back.');
    await status.getByText('Over: the agent took the invitation back.').waitFor();
    expect(await story('published')).toHaveLength(1);
  });

  it('tells both sides of a no', async () => {
    const { offer, press, told, status } = await sitDown();
    await press('Invite');
    await offer.getByRole('button', { name: 'Decline' }).click();
    await told('The page tells LivePerson’s tag: the visitor said no.');
    await told('The shop’s server hears: it is over, the visitor said no.');
    await status.getByText('Over: the visitor said no.').waitFor();
  });

  it('shows nothing of an invitation that comes after its own end', async () => {
    const { press, told, story, offer } = await sitDown();
    await press('Send it out of order');
    await told('The bridge: that one is over already, nothing is shown.');
    await press('Invite');
    await offer.waitFor();
    await told('The question appears on the page.');
    await told('The shop’s server hears: the visitor is being asked.');
    expect(await story('page')).toEqual(['The question appears on the page.']);
    expect(await story('callback')).toHaveLength(1);
  });

  it('asks once when the same message comes twice', async () => {
    const { press, told, story, offer } = await sitDown();
    await press('Send it twice');
    await offer.waitFor();
    await told('The bridge: known already, nothing happens twice.');
    await offer.getByRole('button', { name: 'Decline' }).click();
    await told('The shop’s server hears: it is over, the visitor said no.');
    await told('The page clears up: the visitor said no.');
    expect(await story('page')).toEqual(['The question appears on the page.', 'The page clears up: the visitor said no.']);
    expect(await story('callback')).toHaveLength(2);
  });

  it('cuts the line in the middle of an offer: the bridge comes back, asks nobody twice, and the yes leads to joined', async () => {
    const { page, press, told, story, offer, status } = await sitDown();
    await press('Invite');
    await offer.waitFor();
    await press('Cut the line');
    await page.getByText(/^Waiting: connection lost\. Tries again in \d+ s\.$/).waitFor();
    await listening(page);
    await told('LivePerson says the same once more.');
    await told('The bridge: known already, nothing happens twice.');
    await offer.getByRole('button', { name: 'Accept' }).click();
    await status.getByText('Joined.').waitFor();
    await told('The shop’s server hears: the two sides have joined.');
    await told('The page shows that it is being shared.');
    expect(await story('page')).toEqual([
      'The question appears on the page.',
      'The page knows: the visitor said yes.',
      'The page shows that it is being shared.',
    ]);
    expect(await story('callback')).toHaveLength(3);
  });

  it('hears after the cut what was written meanwhile', async () => {
    const { page, press, told, offer, status } = await sitDown();
    await press('Cut the line');
    await page.getByText(/^Waiting: connection lost/).waitFor();
    await press('Invite');
    await status.getByText('Written at LivePerson.').waitFor();
    await offer.waitFor();
    await told('The bridge: all open pages of the visitor are asked.');
  });

  it('takes the first question away when the agent asks anew, and when the chat is closed', async () => {
    const { page, press, told, offer, story } = await sitDown();
    await press('Invite');
    await offer.getByText('to scroll it with you').waitFor();
    await page.getByRole('radio', { name: 'Only look' }).check();
    await press('Invite');
    await told('The page clears up: the agent took the invitation back.');
    await offer.getByText('to scroll it with you').waitFor({ state: 'detached' });
    await offer.waitFor();
    await press('Close chat');
    await told('The agent closes the chat.');
    await offer.waitFor({ state: 'detached' });
    await told('The page clears up: the chat is over.');
    await told('The bridge: closed, the chat is over.');
    expect(await page.getByRole('button', { name: 'Close chat' }).getAttribute('aria-disabled')).toBe('true');
    await press('Invite');
    await offer.waitFor();
    expect((await story('page')).filter((sentence) => sentence === 'The question appears on the page.')).toHaveLength(3);
  });

  it('makes an invitation that expires while one looks on', async () => {
    const { press, told, shop } = await sitDown();
    await press('Let it expire');
    await shop.getByText(/^0:1[0-5] left$/).waitFor();
    await told('It is good for 15 seconds.');
  });

  it('asks in every tab of the visitor, and one answer counts for all', async () => {
    const { context, page, offer, pill, press, times, told } = await sitDown();
    const [tab] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: 'Open another tab' }).click()]);
    await tab.locator('cobridge-dock').waitFor({ state: 'attached' });
    await page.bringToFront();
    await press('Invite');
    await offer.waitFor();
    await tab.getByRole('button', { name: 'Accept' }).click();
    await offer.waitFor({ state: 'detached' });
    await pill.getByText('Page sharing is on').waitFor();
    await told('The page shows that it is being shared. In another tab.');
    expect(await times('The page tells LivePerson’s tag: the visitor said yes.')).toBe(1);
    expect(await times('The question appears on the page.')).toBe(2);
  });

  it('waits for the Join button when the agent does not join alone', async () => {
    const { page, press, offer, status } = await sitDown();
    const joinButton = page.getByRole('button', { name: 'Join', exact: true });
    await page.getByRole('switch', { name: 'Joins after a yes' }).uncheck();
    await press('Invite');
    expect(await joinButton.getAttribute('aria-disabled')).toBe('true');
    await offer.getByRole('button', { name: 'Accept' }).click();
    await status.getByText('Both sides are joining').waitFor();
    await press('Join');
    await status.getByText('Joined.').waitFor();
  });

  it('keeps its visitor over a reload, with what is still open', async () => {
    const { page, press, offer } = await sitDown();
    await press('Invite');
    await offer.waitFor();
    await page.reload();
    await offer.waitFor();
  });

  it.each([
    ['dark on a desk', { colorScheme: 'dark' as const }],
    ['light on a phone', { colorScheme: 'light' as const, viewport: { width: 320, height: 640 } }],
  ])('has nothing that axe finds wrong and nothing that sticks out: %s', async (_, look) => {
    const { page, press, told } = await sitDown({ ...look, reducedMotion: 'reduce' });
    await press('Invite');
    await told('The shop’s server hears: the visitor is being asked.');
    for (const frame of page.frames()) expect(await flaws(frame)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });

  it('takes nothing that is not what it should be', async () => {
    const post = (path: string, body: string, headers: Record<string, string> = json) =>
      call(program, 'POST', `/demo/${path}`, { body, headers });
    const visitorId = randomUUID();
    const agent = (verb: string, body: object = {}) => post(`agent/${verb}`, JSON.stringify({ visitorId, ...body }));
    const codes = await Promise.all([
      post('session', '{"visitorId":"me"}'),
      post('session', '{"accountId":"brand-1"}'),
      post('agent/start', JSON.stringify({ visitorId }), { 'content-type': 'text/plain' }),
      agent('start', { visitorId: 'me' }),
      agent('invite', { mode: 'VOICE_CALL' }),
      agent('invite', { mode: 'view', expiresInSeconds: 100_000 }),
      agent('invite', { mode: 'view', mishap: 'lost' }),
      agent('invite', { mode: 'view', dialogId: 'x' }),
      agent('join'),
      agent('close'),
      post('callbacks', '{"type":"session.invited"}'),
      post('callbacks', `"${'x'.repeat(70_000)}"`),
      call(program, 'GET', '/demo/stream?visitor=me'),
      call(program, 'GET', '/demo/files/..%2f..%2fpackage.json'),
    ]);
    expect(codes.map(({ status, body }) => [status, body.code])).toEqual([
      [400, 'bad_request'],
      [400, 'bad_request'],
      [415, 'unsupported_media_type'],
      [400, 'bad_request'],
      [400, 'bad_request'],
      [400, 'bad_request'],
      [400, 'bad_request'],
      [400, 'bad_request'],
      [404, 'not_found'],
      [404, 'not_found'],
      [401, 'unauthorized'],
      [413, 'payload_too_large'],
      [400, 'bad_request'],
      [404, 'not_found'],
    ]);
    const { body } = await call(program, 'GET', '/openapi.json');
    expect(Object.keys(body.paths).filter((path) => path.includes('demo'))).toEqual([]);
  });

  it('lets nothing but its own files onto its pages', async () => {
    for (const path of ['/demo', '/demo/shop']) {
      const { headers } = await call(program, 'GET', path);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'self';(?!.*unsafe)/);
    }
  });

  it('does not hold the bridge up when it stops, leaves no login behind, and comes back with it', async () => {
    const { context, page, press, told } = await sitDown();
    expect(await program.stop()).toBe(0);
    await page.getByText('Reconnecting…').waitFor();
    // Nobody comes back before the bridge was looked at.
    await context.setOffline(true);
    const seen = streamStates();
    await program.start();
    expect((await account()).body.settings.liveperson.stream ?? null).toBeNull();
    expect(streamStates()).toEqual(seen);
    await context.setOffline(false);
    await page.getByText('Live', { exact: true }).waitFor();
    await listening(page);
    await press('Invite');
    await told('The shop’s server hears: the visitor is being asked.');
    complaints.length = 0;
  });

  it('keeps the question and counts the answer when the bridge is killed, though the LivePerson in it forgets', async () => {
    const { page, press, told, offer, status } = await sitDown();
    await press('Invite');
    await offer.waitFor();
    await program.kill();
    await page.getByText('Reconnecting…').waitFor();
    const before = streamStates().length;
    await program.start();
    await status.getByText('has forgotten this chat').waitFor();
    await listening(page);
    await offer.getByRole('button', { name: 'Accept' }).click();
    await told('The shop’s server hears: the visitor said yes.');
    // The login that the killed bridge left is gone before anybody could take it to the real LivePerson.
    expect(streamStates().slice(before)).toEqual(['connecting', 'subscribed']);
    complaints.length = 0;
  });
});
