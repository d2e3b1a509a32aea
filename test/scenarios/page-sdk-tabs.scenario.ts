import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { type SdkPage, TAG, useScene } from '../support/sdk-page.ts';
import { takeWire } from '../support/wire.ts';

const scene = useScene();

async function unharmed(...pages: SdkPage[]): Promise<void> {
  for (const { page, failures } of pages) {
    expect([...failures, ...(await page.evaluate<string[]>('rejections'))]).toEqual([]);
  }
}

/** With `COBRIDGE_SHOTS` set to a folder, what is seen is also put there as a picture. */
async function shot({ page }: SdkPage, name: string): Promise<void> {
  const folder = process.env['COBRIDGE_SHOTS'];
  if (folder) await page.screenshot({ path: join(folder, `tabs-${name}.png`) });
}

const told = async (shop: SdkPage): Promise<string[]> => (await shop.published()).map(({ event }) => event);
const answers = (): string[] => scene.peer.answers.map(({ kind, sessionId }) => `${kind} ${sessionId}`);
const tabs = (): number => new Set(scene.peer.answers.map(({ page }) => page)).size;

describe('With two tabs and a reload during an offer', () => {
  it('the offer is in both, is answered once, and is gone from both', async () => {
    const context = await scene.newContext({ viewport: { width: 900, height: 600 } });
    const [here, there] = [await scene.open({ context }), await scene.open({ context })];
    const { id } = scene.peer.invite();
    await Promise.all([here.card.waitFor(), there.card.waitFor()]);
    await shot(here, '1-offer-here');
    await there.page.reload();
    await there.card.waitFor();
    await shot(there, '2-offer-there-after-a-reload');
    await there.accept.click();
    await Promise.all([here.card.waitFor({ state: 'detached' }), there.card.waitFor({ state: 'detached' })]);
    scene.peer.join(id);
    await there.pill.getByText('You are sharing this page').waitFor();
    await here.pill.getByText('Page sharing is on').waitFor();
    await shot(here, '3-sharing-in-the-other-tab');
    await shot(there, '4-sharing-here');
    expect(answers()).toEqual([`accept ${id}`]);
    expect([await told(here), await told(there)]).toEqual([['cobrowseOffered'], ['cobrowseOffered', 'cobrowseAccepted']]);
    await here.page.reload();
    await here.pill.getByText('Page sharing is on').waitFor();
    expect(await here.card.count()).toBe(0);
    await unharmed(here, there);
  });

  it('a tab that opens when the offer is answered never shows it', async () => {
    const context = await scene.newContext();
    const here = await scene.open({ context });
    const { id } = scene.peer.invite();
    await here.decline.click();
    await here.card.waitFor({ state: 'detached' });
    const there = await scene.open({ context });
    scene.peer.invite();
    await there.hears('invited', 'ses_2');
    expect((await there.heard()).map(({ session }) => session)).toEqual(['ses_2']);
    expect(answers()).toEqual([`decline ${id}`]);
  });
});

describe('The tab on which the visitor said yes', () => {
  /** Two pages of the shop, a tab at the first that shares it, and the session. */
  async function sharing(context: BrowserContext): Promise<{ shop: SdkPage; id: string }> {
    scene.put('/checkout');
    const shop = await scene.open({ context });
    const { id } = scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    return { shop, id };
  }

  it('keeps being it on the next page of the shop, back again, and after a reload, and no other tab is', async () => {
    const context = await scene.newContext();
    const { shop } = await sharing(context);
    const other = await scene.visit(context, '/checkout');
    for (const move of [
      () => shop.page.goto(`${scene.site.origin}/checkout`),
      () => shop.page.reload(),
      () => shop.page.goBack(),
      () => shop.page.goForward(),
    ]) {
      await move();
      await shop.pill.getByText('You are sharing this page').waitFor();
      expect(await told(shop)).toEqual([]);
    }
    await other.pill.getByText('Page sharing is on').waitFor();
    await other.page.reload();
    await other.pill.getByText('Page sharing is on').waitFor();
    expect(new Set(scene.peer.handshakes.map(({ page }) => page?.id)).size).toBe(2);
    expect(answers()).toHaveLength(1);
    await unharmed(shop, other);
  });

  it('is not the window that it opens, though that begins with a copy of its storage', async () => {
    const context = await scene.newContext();
    const { shop } = await sharing(context);
    const opening = context.waitForEvent('page');
    await shop.page.evaluate(`void window.open('/checkout')`);
    const copy = await opening;
    await copy.locator('cobridge-dock .pill').getByText('Page sharing is on').waitFor();
    expect(new Set(scene.peer.handshakes.map(({ page }) => page?.id)).size).toBe(2);
  });

  it('is gone when it is closed: other tabs say that sharing is on, never that it is this page, and can end it', async () => {
    const context = await scene.newContext();
    const { shop, id } = await sharing(context);
    const gone = scene.peer.nextDeparture();
    await shop.page.close();
    await gone;
    const next = await scene.visit(context, '/checkout');
    await next.pill.getByText('Page sharing is on').waitFor();
    expect(await told(next)).toEqual([]);
    await next.pill.getByRole('button', { name: 'End' }).click();
    await next.pill.waitFor({ state: 'detached' });
    await next.hears('closed', id);
    expect(answers()).toEqual([`accept ${id}`, `end ${id}`]);
    await unharmed(next);
  });
});

describe('A reload in the middle of an answer', () => {
  /** A page with an offer, whose messages in that direction are held from now on. */
  async function offeredOnWire(held: 'up' | 'down') {
    const context = await scene.newContext();
    const wire = await takeWire(context);
    const shop = await scene.open({ context });
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    wire.hold(held);
    return { shop, id, wire };
  }

  it('does not lose the yes: the next document tells the tag what the last one could not, and no later one does', async () => {
    const { shop, id, wire } = await offeredOnWire('down');
    const answered = scene.peer.nextAnswer();
    await shop.accept.click();
    await answered;
    expect(await told(shop)).toEqual(['cobrowseOffered']);
    wire.lose();
    await shop.page.reload();
    await shop.pill.waitFor();
    await shop.page.waitForFunction(`lpTag.events.hasFired('lpCoBrowse', '*').length > 0`);
    expect(await told(shop)).toEqual(['cobrowseAccepted']);
    await shop.page.reload();
    await shop.pill.waitFor();
    expect(await shop.call('accept', id)).toBe('accepted');
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    expect(await told(shop)).toEqual([]);
    expect(tabs()).toBe(1);
    await unharmed(shop);
  });

  it('does not lose the no, either', async () => {
    const { shop, id, wire } = await offeredOnWire('down');
    const answered = scene.peer.nextAnswer();
    await shop.decline.click();
    await answered;
    wire.lose();
    await shop.page.reload();
    await shop.page.waitForFunction(`lpTag.events.hasFired('lpCoBrowse', '*').length > 0`);
    expect(await told(shop)).toEqual(['cobrowseDeclined']);
    expect(await shop.card.count()).toBe(0);
    await shop.page.reload();
    scene.peer.invite();
    await shop.card.waitFor();
    expect(await told(shop)).toEqual(['cobrowseOffered']);
    expect(answers()).toEqual([`decline ${id}`, `decline ${id}`]);
  });

  it('that kept the answer from the bridge asks the visitor again, and answers nothing by itself', async () => {
    const { shop, id, wire } = await offeredOnWire('up');
    const held = wire.nextHeld();
    await shop.accept.click();
    await held;
    wire.lose();
    await shop.page.reload();
    await shop.card.waitFor();
    await shop.hears('invited', id);
    expect(answers()).toEqual([]);
    await shop.decline.click();
    await shop.hears('closed', id);
    expect([answers(), await told(shop)]).toEqual([[`decline ${id}`], ['cobrowseOffered', 'cobrowseDeclined']]);
  });

  it('while the tag is not there yet leaves the telling to the next document', async () => {
    const shop = await scene.open({
      before: `${TAG} if (!sessionStorage.late) { sessionStorage.late = 'yes'; window.lpTag = undefined; }`,
    });
    const { id } = scene.peer.invite();
    await shop.accept.click();
    await shop.hears('accepted', id);
    await shop.pill.waitFor();
    await shop.page.reload();
    await shop.page.waitForFunction(`lpTag.events.hasFired('lpCoBrowse', '*').length > 0`);
    expect(await told(shop)).toEqual(['cobrowseAccepted']);
    expect(await shop.call('accept', id)).toBe('accepted');
    expect(await told(shop)).toEqual(['cobrowseAccepted']);
  });
});

describe('An answer that was lost twice', () => {
  it('is told to the tag all the same when the bridge had taken it', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    scene.peer.loseAnswers = 2;
    await shop.accept.click();
    await shop.page.waitForFunction(`lpTag.events.hasFired('lpCoBrowse', 'cobrowseAccepted').length > 0`);
    await shop.card.waitFor({ state: 'detached' });
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    expect(await told(shop)).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
    expect(tabs()).toBe(1);
    await unharmed(shop);
  });
});

describe('A visitor who is offline', () => {
  it('and says yes is heard when the network is back, once', async () => {
    const context = await scene.newContext();
    const shop = await scene.open({ context });
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    const gone = scene.peer.nextDeparture();
    await context.setOffline(true);
    await gone;
    await shop.accept.click();
    await shop.card.getByText('Connecting…').waitFor();
    expect(answers()).toEqual([]);
    await context.setOffline(false);
    await shop.pill.waitFor();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    expect(answers()).toEqual([`accept ${id}`]);
    expect(await told(shop)).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
    await unharmed(shop);
  });

  it('and says yes too late is told so, and nothing is told to the tag', async () => {
    const context = await scene.newContext();
    const shop = await scene.open({ context });
    const { id, expiresAt } = scene.peer.invite({}, 3);
    await shop.card.waitFor();
    const gone = scene.peer.nextDeparture();
    await context.setOffline(true);
    await gone;
    await shop.accept.click();
    await shop.page.waitForFunction(`Date.now() > Date.parse('${expiresAt}')`);
    await context.setOffline(false);
    await shop.card.getByText('The invitation has expired.').waitFor();
    await shop.card.waitFor({ state: 'detached' });
    expect(answers()).toEqual([`accept ${id}`]);
    expect(await told(shop)).toEqual(['cobrowseOffered']);
    await unharmed(shop);
  });

  it('and stays it is told that the time is up, and nothing is sent later', async () => {
    const context = await scene.newContext();
    const shop = await scene.open({ context });
    const { id } = scene.peer.invite({}, 3);
    await shop.card.waitFor();
    await context.setOffline(true);
    await shop.accept.click();
    await shop.card.getByText('The invitation has expired.').waitFor();
    const back = scene.peer.nextArrival();
    scene.peer.closeUnheard(id, 'expired');
    await context.setOffline(false);
    await back;
    scene.peer.invite();
    await shop.hears('invited', 'ses_2');
    expect(answers()).toEqual([]);
    expect(await told(shop)).toEqual(['cobrowseOffered', 'cobrowseOffered']);
  });

  it('finds the bridge at once when the network is back, and what happened meanwhile', async () => {
    const context = await scene.newContext();
    const shop = await scene.open({ context });
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    const gone = scene.peer.nextDeparture();
    await context.setOffline(true);
    await gone;
    scene.peer.close(id, 'cancelled');
    const next = scene.peer.invite({ agent: { id: '12345678.9', name: 'Sam' } });
    await context.setOffline(false);
    await shop.card.getByText('Sam would like').waitFor();
    expect(await shop.liveSessions()).toEqual([next.id]);
  });
});
