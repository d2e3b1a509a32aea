import type { Locator, Page } from 'playwright-core';
import { flaws } from '../support/flaws.ts';
import { useScene, strictPolicy } from '../support/sdk-page.ts';

const scene = useScene();

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const outer = document.activeElement;
    return (outer?.shadowRoot?.activeElement ?? outer)?.textContent?.trim() || (outer?.tagName ?? '');
  });

const announced = (page: Page) => page.locator('cobridge-dock').getByRole('status');

describe('The offer card', () => {
  it('needs nothing that the strictest policy forbids', async () => {
    const shop = await scene.open({
      headers: { 'content-security-policy': strictPolicy(scene.peer.url) },
      before: `window.violations = []; document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => violations.push(violatedDirective + ' ' + blockedURI));`,
    });
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    const look = await shop.card.evaluate((card) => [getComputedStyle(card).display, getComputedStyle(card).borderRadius]);
    expect(look).toEqual(['grid', '18px']);
    await shop.accept.click();
    await shop.pill.waitFor();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    expect(await shop.page.evaluate('violations')).toEqual([]);
    expect(shop.failures).toEqual([]);
  });

  it.each([
    ['light on a desk', { colorScheme: 'light' as const, viewport: { width: 1280, height: 800 } }],
    ['dark on a desk', { colorScheme: 'dark' as const, viewport: { width: 1280, height: 800 } }],
    ['light on a phone', { colorScheme: 'light' as const, viewport: { width: 320, height: 568 } }],
    ['dark on a phone', { colorScheme: 'dark' as const, viewport: { width: 390, height: 844 } }],
  ])('has nothing that axe finds wrong, nor has the pill: %s', async (_, look) => {
    const shop = await scene.open({ context: { ...look, reducedMotion: 'reduce' } });
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    expect(await flaws(shop.page)).toEqual([]);
    await shop.accept.click();
    await shop.pill.waitFor();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    expect(await flaws(shop.page)).toEqual([]);
  });

  it('comes without taking the keyboard from the visitor, and speaks to a screen reader', async () => {
    const shop = await scene.open();
    await shop.page.locator('#search').focus();
    scene.peer.invite();
    await shop.card.waitFor();
    await shop.page.keyboard.type('boots');
    expect(await shop.page.locator('#search').inputValue()).toBe('boots');
    expect(await announced(shop.page).innerText()).toBe(
      'Share this page? Alex would like to see this page and to scroll it with you. You can stop at any time.',
    );
    await shop.page.keyboard.press('Escape');
    scene.peer.invite({ agent: { id: '12345678.9', name: 'Sam' } });
    await shop.hears('invited', 'ses_2');
    expect(scene.peer.answers).toEqual([]);
  });

  it('can be answered by keyboard alone, which then is back where it was', async () => {
    const shop = await scene.open();
    await shop.page.locator('#search').focus();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    const path: string[] = [];
    for (let key = 0; key < 2; key++) {
      await shop.page.keyboard.press('Tab');
      path.push(await focused(shop.page));
    }
    expect(path).toEqual(['Decline', 'Accept']);
    await shop.page.keyboard.press('Enter');
    await shop.pill.waitFor();
    await shop.card.waitFor({ state: 'detached' });
    expect(scene.peer.answers.map(({ kind, sessionId }) => [kind, sessionId])).toEqual([['accept', id]]);
    expect(await shop.page.evaluate('document.activeElement.id')).toBe('search');
  });

  it('is declined by Escape when the keyboard is in it', async () => {
    const shop = await scene.open({ after: `addEventListener('keydown', ({ key }) => (window.pressed = key))` });
    scene.peer.invite();
    await shop.decline.focus();
    await shop.page.keyboard.press('Escape');
    await shop.card.waitFor({ state: 'detached' });
    expect(scene.peer.answers.map(({ kind }) => kind)).toEqual(['decline']);
    expect(await shop.page.evaluate('window.pressed')).toBeUndefined();
  });

  it.each([320, 390])('fits a phone %i pixels wide, with buttons for fingers', async (width) => {
    const shop = await scene.open({
      context: { viewport: { width, height: 568 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' },
      start: "{ token: 'token-1', locale: 'de' }",
    });
    scene.peer.invite({ mode: 'shared', agent: { id: '12345678.9', name: 'Maximiliane Freifrau von Hohenlohe-Langenburg' } });
    await shop.card.waitFor();
    const card = await shop.card.boundingBox();
    expect([card?.x, card?.width, (card?.y ?? 0) + (card?.height ?? 0)]).toEqual([0, width, 568]);
    expect(await shop.page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    for (const name of ['Annehmen', 'Ablehnen']) {
      const button = shop.card.getByRole('button', { name });
      const box = await button.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(44);
      expect(await button.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true);
    }
    await shop.card.getByRole('button', { name: 'Annehmen' }).tap();
    await shop.pill.waitFor();
  });

  it('counts down by the clock of the bridge, calls at ten seconds, and closes by itself', async () => {
    scene.peer.aheadMs = 3_600_000;
    const shop = await scene.open();
    scene.peer.invite({}, 11);
    await shop.card.getByText('0:11 left').waitFor();
    await announced(shop.page).getByText('10 seconds left to answer.').waitFor();
    scene.peer.invite({}, 2);
    scene.peer.close('ses_1', 'cancelled');
    await shop.card.getByText('0:02 left').waitFor();
    await shop.card.getByText('The invitation has expired.').waitFor();
    expect(await shop.card.getByRole('button').count()).toBe(0);
    await shop.card.waitFor({ state: 'detached' });
    expect(await shop.call('accept', 'ses_2')).toBe('session_expired');
  });

  it('lets the visitor try again when the bridge does not answer', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    scene.peer.mute = true;
    await shop.accept.click();
    await shop.card.getByRole('button', { name: 'Connecting…' }).dispatchEvent('click');
    await shop.card.getByText('That did not work. Please try again.').waitFor({ timeout: 12_000 });
    scene.peer.mute = false;
    await shop.accept.click();
    await shop.pill.waitFor();
    expect(scene.peer.answers.map(({ sessionId }) => sessionId)).toEqual([id, id]);
  });

  it('says that the time is up when it ran out while the bridge did not answer', async () => {
    const shop = await scene.open();
    const { expiresAt } = scene.peer.invite({}, 2);
    await shop.card.waitFor();
    scene.peer.mute = true;
    await shop.accept.click();
    await shop.page.waitForFunction(`Date.now() > Date.parse('${expiresAt}') + 100`);
    expect(await shop.card.getByText('Connecting…').count()).toBe(1);
    const back = scene.peer.nextArrival();
    scene.peer.cut();
    await back;
    await scene.peer.nextAnswer();
    scene.peer.cut();
    await shop.card.getByText('The invitation has expired.').waitFor();
    expect(await shop.card.getByRole('button').count()).toBe(0);
  });

  it('leaves to the page a click that comes while the card comes', async () => {
    const shop = await scene.open({
      after: `bridge.on('invited', () => {
        const card = document.querySelector('cobridge-dock').shadowRoot.querySelector('.card');
        const [arrival] = card.getAnimations();
        arrival.pause();
        window.clickable = [0, 200, 280].map((time) => { arrival.currentTime = time; return getComputedStyle(card).pointerEvents; });
      });`,
    });
    scene.peer.invite();
    await shop.hears('invited');
    expect(await shop.page.evaluate('clickable')).toEqual(['none', 'none', 'auto']);
  });

  it('stays the same card when another invitation comes, which is shown next', async () => {
    const shop = await scene.open();
    scene.peer.invite();
    await shop.card.waitFor();
    scene.peer.invite({ agent: { id: '12345678.9', name: 'Sam' } });
    await shop.hears('invited', 'ses_2');
    expect(await shop.card.innerText()).toContain('Alex would like');
    await shop.decline.click();
    await shop.card.getByText('Sam would like').waitFor();
    expect(scene.peer.answers.map(({ sessionId }) => sessionId)).toEqual(['ses_1']);
  });

  it('moves nothing for a visitor who wants no motion', async () => {
    const shop = await scene.open({ context: { reducedMotion: 'reduce' } });
    scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    const moving = await shop.page.evaluate<number>(
      `document.getAnimations().length + document.querySelector('cobridge-dock').shadowRoot.getAnimations().length`,
    );
    expect(moving).toBe(0);
  });

  it('takes the colours of the brand, and nothing else of the page', async () => {
    const shop = await scene.open({
      body: '<style>:root { --cobridge-accent: rgb(120, 20, 60); --cobridge-radius: 4px } * { display: none !important; color: red !important } html, body { display: block !important } button { font-size: 90px !important }</style>',
    });
    scene.peer.invite();
    await shop.accept.waitFor();
    const look = await shop.accept.evaluate((button) => {
      const { backgroundColor, color, fontSize } = getComputedStyle(button);
      return { backgroundColor, color, fontSize };
    });
    expect(look).toEqual({ backgroundColor: 'rgb(120, 20, 60)', color: 'rgb(255, 255, 255)', fontSize: '15px' });
    expect(await shop.card.evaluate((card) => getComputedStyle(card).borderRadius)).toBe('4px');
  });

  it('speaks the language of the page, from the right where that is the way', async () => {
    const shop = await scene.open({
      start: "{ token: 'token-1', locale: 'he' }",
      context: { viewport: { width: 1000, height: 700 }, reducedMotion: 'reduce' },
    });
    scene.peer.invite();
    await shop.card.getByText('לשתף את הדף הזה?').waitFor();
    const card = await shop.card.boundingBox();
    const [accept, decline] = await Promise.all(['אישור', 'דחייה'].map((name) => shop.card.getByRole('button', { name }).boundingBox()));
    expect((card?.x ?? 0) + (card?.width ?? 0)).toBe(1000 - 24);
    expect(accept?.x).toBeLessThan(decline?.x ?? 0);
  });

  it("keeps its colours from a page's rule for everything", async () => {
    const shop = await scene.open({
      body: '<style>* { --text: #fff; --surface: #fff; --accent: #fff; --accent-text: #fff; --muted: #fff }</style>',
      context: { colorScheme: 'light' },
    });
    scene.peer.invite();
    const colours = (part: Locator) => part.evaluate((shown) => [getComputedStyle(shown).color, getComputedStyle(shown).backgroundColor]);
    expect(await colours(shop.card)).toEqual(['rgb(22, 32, 46)', 'rgb(255, 255, 255)']);
    expect(await colours(shop.accept)).toEqual(['rgb(255, 255, 255)', 'rgb(47, 95, 224)']);
  });
});

const REPLACED: [string, string][] = [
  ['body', 'document.body.replaceWith(document.createElement("body"))'],
  ['head and body', 'document.documentElement.replaceChildren(document.head, document.body)'],
  ['root', 'document.replaceChild(document.createElement("html"), document.documentElement).append(document.createElement("body"))'],
  ['text', 'document.open(), document.write("<p>Another shop</p>"), document.close()'],
];

describe.each(REPLACED)('A page that replaces its %s', (_, replace) => {
  it('gets the card all the same', async () => {
    const shop = await scene.open();
    await shop.page.evaluate(replace);
    scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    expect(shop.failures).toEqual([]);
  });

  it('while it is shared keeps the way out', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.accept.click();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    await shop.page.evaluate(replace);
    await shop.pill.getByRole('button', { name: 'End' }).click();
    await shop.pill.waitFor({ state: 'detached' });
    expect(scene.peer.answers.map(({ kind, sessionId }) => [kind, sessionId])).toEqual([
      ['accept', id],
      ['end', id],
    ]);
    expect(shop.failures).toEqual([]);
  });
});

describe('What the page lays over everything', () => {
  const overlay = '<div style="position: fixed; inset: 0; z-index: 2147483647; background: #ccc">Cookies?</div>';

  it('does not lie over the card, though the SDK was started before it', async () => {
    scene.site.put(
      '/head',
      `<!doctype html><title>Head</title><script src="${scene.peer.url}/sdk/v1/cobridge.js"></script><script>Cobridge.start({ token: 'token-1' })</script><body>${overlay}`,
    );
    const page = await (await scene.newContext()).newPage();
    await page.goto(`${scene.site.origin}/head`);
    scene.peer.invite();
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('button', { name: 'End' }).click();
  });

  it('does not cost the keyboard its place in the card', async () => {
    const shop = await scene.open();
    scene.peer.invite();
    await shop.decline.focus();
    await shop.page.evaluate(`document.documentElement.insertAdjacentHTML('beforeend', '${overlay}')`);
    const { id } = scene.peer.invite();
    await shop.hears('invited', id);
    expect(await focused(shop.page)).toBe('Decline');
    await shop.page.keyboard.press('Escape');
    await shop.accept.click();
    expect(scene.peer.answers.map(({ kind, sessionId }) => [kind, sessionId])).toEqual([
      ['decline', 'ses_1'],
      ['accept', id],
    ]);
  });
});

/** Where the dock is: what it is the child of. */
const place = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.querySelector('cobridge-dock')?.parentElement?.id || undefined);

describe('What takes the rest of the page away from the visitor', () => {
  const body = '<dialog id="first">Log in <button>Go on</button><dialog id="second">Are you sure?</dialog></dialog>';
  const goesHome = (page: Page) => page.waitForFunction("document.querySelector('cobridge-dock').parentNode === document.documentElement");

  it('as a modal dialog leaves the card, which is in it', async () => {
    const shop = await scene.open({ body, after: 'first.showModal()' });
    scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    expect(await place(shop.page)).toBe('first');
    expect(shop.failures).toEqual([]);
  });

  it('as one dialog over another leaves the note with the way out, and gives it back', async () => {
    const shop = await scene.open({ body });
    const { id } = scene.peer.invite();
    await shop.accept.click();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    await shop.page.evaluate('first.showModal(), second.showModal()');
    await shop.page.waitForFunction("document.querySelector('cobridge-dock').parentNode === second");
    await shop.page.evaluate('second.close(), first.close()');
    await goesHome(shop.page);
    await shop.page.evaluate('first.showModal()');
    await shop.pill.getByRole('button', { name: 'End' }).click();
    await shop.hears('closed', id);
    expect(shop.failures).toEqual([]);
  });

  it('as a part that fills the screen leaves the card, which comes back from there', async () => {
    const shop = await scene.open({ after: "buy.onclick = () => document.querySelector('main').requestFullscreen()" });
    await shop.page.locator('#buy').click();
    await shop.page.waitForFunction('document.fullscreenElement');
    scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    expect(await shop.page.evaluate("document.querySelector('cobridge-dock').parentNode.tagName")).toBe('MAIN');
    await shop.page.evaluate('document.exitFullscreen()');
    await goesHome(shop.page);
    expect(shop.failures).toEqual([]);
  });
});
