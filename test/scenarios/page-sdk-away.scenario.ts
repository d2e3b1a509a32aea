import type { CDPSession, Page } from 'playwright-core';
import { type SdkPage, TAG, useScene } from '../support/sdk-page.ts';

const scene = useScene();

async function unharmed({ failures, page }: SdkPage): Promise<void> {
  expect([...failures, ...(await page.evaluate<string[]>('rejections'))]).toEqual([]);
}

const told = async (shop: SdkPage): Promise<string[]> => (await shop.published()).map(({ event }) => event);

/** Whether that is over by the clock of this machine, which is the browser's, too. */
const over = ({ expiresAt }: { expiresAt: string | null }): string => `Date.now() > Date.parse('${expiresAt}')`;

describe('A page that the browser has kept while the visitor was elsewhere', () => {
  /**
   * The visitor leaves, `meanwhile` happens, the visitor comes back by the browser's button, and finds the very same document. Neither
   * Playwright nor a headless shell lets pages be kept, so the page is told and done what a browser that does tells and does. A whole
   * Chromium (155, looked at by hand) keeps a page in spite of its open WebSocket, which may be dead when the page is shown again.
   */
  async function leaveAndReturn({ page }: SdkPage, meanwhile: () => Promise<void> | void): Promise<void> {
    const gone = scene.peer.nextDeparture();
    const devtools = await page.context().newCDPSession(page);
    await page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    scene.peer.cut();
    await gone;
    await meanwhile();
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`);
  }

  it('shows an offer that is still open, which can be answered once', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    await leaveAndReturn(shop, () => {});
    await shop.accept.click();
    await shop.pill.waitFor();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    expect(scene.peer.answers.map(({ kind }) => kind)).toEqual(['accept']);
    expect(new Set(scene.peer.handshakes.map(({ page }) => page?.id)).size).toBe(1);
    expect(await told(shop)).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
    await unharmed(shop);
  });

  it('shows no offer that has expired meanwhile', async () => {
    const shop = await scene.open();
    const session = scene.peer.invite({}, 2);
    await shop.card.waitFor();
    await leaveAndReturn(shop, async () => {
      const watch = await (await scene.newContext()).newPage();
      await watch.waitForFunction(over(session));
      scene.peer.closeUnheard(session.id, 'expired');
    });
    await shop.accept.waitFor({ state: 'detached' });
    await shop.card.waitFor({ state: 'detached' });
    expect(await shop.liveSessions()).toEqual([]);
    expect(await told(shop)).toEqual(['cobrowseOffered']);
    expect(scene.peer.answers).toEqual([]);
    await unharmed(shop);
  });

  it('shows at once what became of an offer that another page answered', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    await leaveAndReturn(shop, async () => {
      const other = await scene.open();
      await other.accept.click();
      await other.pill.waitFor();
      scene.peer.join(id);
    });
    await shop.pill.getByText('Page sharing is on').waitFor();
    expect(await shop.card.count()).toBe(0);
    expect(await told(shop)).toEqual(['cobrowseOffered']);
  });

  it('says that it is shared when it is, and nothing when that has ended', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    await leaveAndReturn(shop, () => void scene.peer.join(id));
    await shop.pill.getByText('You are sharing this page').waitFor();
    await leaveAndReturn(shop, () => void scene.peer.close(id, 'agent_ended'));
    await shop.pill.waitFor({ state: 'detached' });
    expect(await told(shop)).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
    expect(new Set(scene.peer.handshakes.map(({ page }) => page?.id)).size).toBe(1);
    await unharmed(shop);
  });
});

describe('A page that was frozen', () => {
  const freeze = (devtools: CDPSession) => devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  const thaw = (devtools: CDPSession) => devtools.send('Page.setWebLifecycleState', { state: 'active' });
  const elsewhere = async (): Promise<Page> => (await scene.newContext()).newPage();

  it('goes on counting where the time is, not where it was', async () => {
    const shop = await scene.open();
    const session = scene.peer.invite({}, 60);
    await shop.card.waitFor();
    const devtools = await shop.page.context().newCDPSession(shop.page);
    await freeze(devtools);
    const watch = await elsewhere();
    await watch.waitForFunction(`Date.now() > Date.parse('${session.invitedAt}') + 3_000`);
    await thaw(devtools);
    await shop.page.waitForFunction(
      `(() => {
        const shown = document.querySelector('cobridge-dock').shadowRoot.querySelector('.time').textContent;
        const left = Math.ceil((Date.parse('${session.expiresAt}') - Date.now()) / 1000);
        return left < 58 && shown === '0:' + String(left).padStart(2, '0') + ' left';
      })()`,
    );
    await shop.accept.click();
    await shop.pill.waitFor();
  });

  it('shows no offer that has expired meanwhile', async () => {
    const shop = await scene.open();
    const session = scene.peer.invite({}, 2);
    await shop.card.waitFor();
    const devtools = await shop.page.context().newCDPSession(shop.page);
    await freeze(devtools);
    const watch = await elsewhere();
    await watch.waitForFunction(over(session));
    await thaw(devtools);
    await shop.card.getByText('The invitation has expired.').waitFor();
    expect(await shop.card.getByRole('button').count()).toBe(0);
    await shop.card.waitFor({ state: 'detached' });
  });
});

describe('On a machine that slept, whose clock without hands stood still meanwhile,', () => {
  /** `slept` is how long, in milliseconds; the page can set it. */
  const SLEEPY = `${TAG} window.slept = 0; const now = Date.now; Date.now = () => now() + slept;`;
  const sleep = async (shop: SdkPage, seconds: number): Promise<void> => {
    scene.peer.aheadMs += seconds * 1_000;
    await shop.page.evaluate(`slept += ${seconds * 1_000}`);
  };

  it('the countdown is true at once, and the bridge is asked what was missed', async () => {
    const shop = await scene.open({ before: SLEEPY });
    scene.peer.invite({}, 100);
    await shop.card.getByText('1:39 left').waitFor();
    const back = scene.peer.nextArrival();
    await sleep(shop, 60);
    await shop.card.getByText(/^0:3\d left$/).waitFor();
    await back;
    await shop.accept.click();
    await shop.pill.waitFor();
    expect(await told(shop)).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
    await unharmed(shop);
  });

  it('an offer that has expired is gone, be the bridge there or not', async () => {
    const context = await scene.newContext();
    const shop = await scene.open({ before: SLEEPY, context });
    scene.peer.invite({}, 100);
    await shop.card.waitFor();
    const gone = scene.peer.nextDeparture();
    await context.setOffline(true);
    await gone;
    await sleep(shop, 7_200);
    await shop.card.getByText('The invitation has expired.').waitFor();
    await shop.card.waitFor({ state: 'detached' });
    await unharmed(shop);
  });

  it('a click on a line that died in sleep is sent once', async () => {
    const shop = await scene.open({ before: SLEEPY });
    const { id } = scene.peer.invite({}, 200);
    await shop.accept.waitFor();
    scene.peer.aheadMs += 90_000;
    // Before anything has noticed that the machine slept.
    await shop.page.evaluate(`slept += 90_000; document.querySelector('cobridge-dock').shadowRoot.querySelector('.accept').click()`);
    await shop.pill.waitFor();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    expect(scene.peer.answers.map(({ kind }) => kind)).toEqual(['accept']);
    await unharmed(shop);
  });

  it('the offer is shown again when the clock was merely set', async () => {
    const shop = await scene.open({ before: SLEEPY });
    scene.peer.invite({}, 100);
    await shop.card.getByText('1:39 left').waitFor();
    await shop.page.evaluate('slept += 7_200_000');
    await shop.card.getByText('The invitation has expired.').waitFor();
    await shop.card.getByText(/^1:3\d left$/).waitFor();
    await shop.accept.click();
    await shop.pill.waitFor();
    await unharmed(shop);
  });
});
