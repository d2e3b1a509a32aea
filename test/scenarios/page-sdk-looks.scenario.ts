import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { flaws } from '../support/flaws.ts';
import { useScene, type SdkPage } from '../support/sdk-page.ts';

const scene = useScene();

/** With `COBRIDGE_SHOTS` set to a folder, every state that is looked at here is also put there as a picture. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['COBRIDGE_SHOTS'];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name.replaceAll(/[^\w]+/g, '-')}.png`) });
}

/** Things of the dock that do not fit: wider than their place, or out of sight. */
const misfits = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const root = document.querySelector('cobridge-dock')?.shadowRoot;
    const parts = [...(root?.querySelectorAll<HTMLElement>('.card, .pill, .card *, .pill *') ?? [])];
    const wide = parts.filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1);
    const seen = parts.filter((part) => part.matches('.card, .pill, button, .time'));
    const out = seen.filter((part) => {
      const { left, right, top, bottom } = part.getBoundingClientRect();
      return left < -0.5 || top < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5;
    });
    return [...wide.map((part) => `wide: ${part.outerHTML}`), ...out.map((part) => `out of sight: ${part.outerHTML}`)];
  });

const ENGLISH = {
  asks: /would like/,
  accept: 'Accept',
  lastCall: '0:0',
  failed: 'That did not work.',
  expired: 'The invitation has expired.',
  sharing: 'You are sharing this page',
};
const HEBREW: typeof ENGLISH = {
  asks: /בקשה מאת/,
  accept: 'אישור',
  lastCall: '0:0',
  failed: 'הפעולה לא הצליחה.',
  expired: 'תוקף ההזמנה פג.',
  sharing: 'הדף הזה משותף כעת',
};

const WIDTHS = [
  [320, 568],
  [390, 844],
  [1280, 800],
] as const;

/** Every state, one after the other, with what is to be looked at called in each. */
async function throughEveryState(shop: SdkPage, texts: typeof ENGLISH, look: (state: string) => Promise<void>): Promise<void> {
  const { peer } = scene;
  const accept = shop.card.getByRole('button', { name: texts.accept });
  const { id } = peer.invite({ mode: 'shared' });
  await shop.card.getByText(texts.asks).waitFor();
  await look('1 offer');

  peer.mute = true;
  await accept.click();
  await look('2 on its way');
  peer.busy = true;
  peer.mute = false;
  const back = peer.nextArrival();
  peer.cut();
  await back;
  await shop.card.getByText(texts.failed).waitFor();
  await look('3 trouble');

  peer.busy = false;
  await accept.click();
  await shop.pill.waitFor();
  await shop.card.waitFor({ state: 'detached' });
  await look('4 joining');
  peer.join(id);
  await shop.pill.getByText(texts.sharing).waitFor();
  await look('5 sharing');

  peer.invite({ mode: 'follow' }, 9);
  await shop.card.getByText(texts.lastCall).waitFor();
  await look('6 last call beside the pill');
  peer.close('ses_2', 'cancelled');
  peer.invite({}, 1);
  await shop.card.getByText(texts.expired).waitFor();
  await look('7 expired');
}

const dressed =
  (name: string, { page }: SdkPage) =>
  async (state: string) => {
    await shot(page, `${name} ${state}`);
    expect([state, await misfits(page)]).toEqual([state, []]);
    expect([state, await flaws(page)]).toEqual([state, []]);
  };

describe.each(WIDTHS)('In a window %i pixels wide every state fits and has nothing that axe finds wrong', (width, height) => {
  const viewport = { width, height };
  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['Hebrew', {}],
    ['forced colours', { forcedColors: 'active' }],
    ['forced colours, dark', { forcedColors: 'active', colorScheme: 'dark' }],
  ] as [string, BrowserContextOptions][])('%s', async (name, context) => {
    const hebrew = name === 'Hebrew';
    const shop = await scene.open({
      context: { viewport, reducedMotion: 'reduce', ...context },
      start: `{ token: 'token-1'${hebrew ? ", locale: 'he'" : ''} }`,
    });
    await throughEveryState(shop, hebrew ? HEBREW : ENGLISH, dressed(`${width} ${name}`, shop));
  });
});

describe('For a visitor whose letters are of double size', () => {
  const large = useScene(undefined, { letters: 32 });

  it.each(WIDTHS)('the card and the pill fit a window %i pixels wide, and are large, too', async (width, height) => {
    const shop = await large.open({ context: { viewport: { width, height: Math.max(height, 640) }, reducedMotion: 'reduce' } });
    const look = dressed(`${width} large`, shop);
    const { id } = large.peer.invite({ mode: 'shared', agent: { id: '12345678.9', name: 'Maximiliane von Hohenlohe' } });
    await shop.card.waitFor();
    expect(await shop.accept.evaluate((button) => getComputedStyle(button).fontSize)).toBe('30px');
    await look('1 offer');
    await shop.accept.click();
    await shop.pill.waitFor();
    await shop.card.waitFor({ state: 'detached' });
    large.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    await look('5 sharing');
  });
});

describe('What can be pressed is readable at rest, under the pointer and with the keyboard on it', () => {
  /** WCAG's contrast of a button's words with what they stand on: the card or pill, and the button's own colour over it. */
  const contrast = (button: Locator): Promise<number> =>
    button.evaluate((part) => {
      const { color, backgroundColor } = getComputedStyle(part);
      const surface = getComputedStyle(part.closest('.card, .pill') as Element).backgroundColor;
      const brush = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D;
      const luminance = (...layers: string[]): number => {
        for (const layer of layers) {
          brush.fillStyle = layer;
          brush.fillRect(0, 0, 1, 1);
        }
        const [red = 0, green = 0, blue = 0] = [...brush.getImageData(0, 0, 1, 1).data].map((byte) => {
          const share = byte / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const ground = luminance(surface, backgroundColor);
      const words = luminance(surface, backgroundColor, color);
      return (Math.max(ground, words) + 0.05) / (Math.min(ground, words) + 0.05);
    });

  it.each(['light', 'dark'] as const)('%s', async (colorScheme) => {
    const shop = await scene.open({ context: { colorScheme, reducedMotion: 'reduce' } });
    const { id } = scene.peer.invite();
    const look = async (button: Locator): Promise<void> => {
      const name = await button.innerText();
      for (const come of ['waitFor', 'hover', 'focus'] as const) {
        await button[come]();
        expect([name, come, (await contrast(button)) >= 4.5]).toEqual([name, come, true]);
      }
    };
    await look(shop.decline);
    await look(shop.accept);
    await shop.accept.click();
    await shop.card.waitFor({ state: 'detached' });
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    await look(shop.pill.getByRole('button', { name: 'End' }));
  });
});

describe('Without colours', () => {
  it('what speaks by its colour speaks by one of the contrast theme', async () => {
    const shop = await scene.open({ context: { forcedColors: 'active', reducedMotion: 'reduce' } });
    scene.peer.invite();
    await shop.card.waitFor();
    const colour = (selector: string) =>
      shop.page.locator(`cobridge-dock ${selector}`).evaluate((part) => getComputedStyle(part).backgroundColor);
    const [accept, decline, bar] = await Promise.all(['.accept', '.decline', '.bar'].map(colour));
    expect(accept).not.toBe(decline);
    expect(bar).toBe(accept);
  });
});

describe('The name of an agent', () => {
  const asks = (name: string) =>
    `Share this page? ${name} would like to see this page and to scroll it with you. You can stop at any time.`;

  it.each([
    ['that is very long is cut, and the buttons stay in sight', 'Maximiliane '.repeat(21), `${'Maximiliane '.repeat(21).slice(0, 59)}…`],
    ['without a space to break at', 'x'.repeat(255), `${'x'.repeat(59)}…`],
    ['of another direction', 'אבי כהן (תמיכה)', 'אבי כהן (תמיכה)'],
    ['that would turn the sentence around', '\u202eevil\u2066 (Alex', 'evil (Alex'],
    ['of emoji', '🦊👩‍👩‍👧 Zoë', '🦊👩‍👩‍👧 Zoë'],
    ['that looks like markup', '<img src=x onerror="window.hacked=1"><b>Alex</b>', '<img src=x onerror="window.hacked=1"><b>Alex</b>'],
    ['that looks like a place in a text', '{time} $& {agent}', '{time} $& {agent}'],
    ['of several lines', 'Alex\n\nPress Accept to win', 'Alex Press Accept to win'],
    ['that is blank', ' \u202e ', 'An agent'],
  ])('%s', async (state, name, shown) => {
    const shop = await scene.open({ context: { viewport: { width: 320, height: 568 }, reducedMotion: 'reduce' } });
    scene.peer.invite({ agent: { id: '12345678.9', name } });
    await shop.card.waitFor();
    await shot(shop.page, `name ${state}`);
    expect(await shop.card.locator('bdi').textContent()).toBe(shown);
    expect(await shop.page.locator('cobridge-dock').getByRole('status').textContent()).toBe(asks(shown));
    expect(await shop.card.locator('img, b').count()).toBe(0);
    expect(await shop.page.evaluate('window.hacked')).toBeUndefined();
    expect(await misfits(shop.page)).toEqual([]);
  });

  it('of another direction leaves the sentence around it where it was', async () => {
    const shop = await scene.open({ context: { viewport: { width: 1280, height: 800 } } });
    scene.peer.invite({ agent: { id: '12345678.9', name: 'אבי 7' } });
    await shop.card.waitFor();
    const [name, rest] = await shop.card.locator('bdi').evaluate((bdi) => {
      const range = document.createRange();
      range.setStart(bdi.nextSibling as Node, 1);
      range.setEnd(bdi.nextSibling as Node, 6);
      return [bdi.getBoundingClientRect().right, range.getBoundingClientRect().left];
    });
    expect(rest).toBeGreaterThan(name);
  });
});

describe('Long texts of the page', () => {
  const long = 'Ja, ich möchte diese Seite jetzt mit der Kundenberatung teilen und Donaudampfschifffahrtsgesellschaft dazu';
  const texts = JSON.stringify({ accept: long, decline: `${long}.`, sharingHere: long, connecting: long, end: long });

  it.each(WIDTHS)('are broken, and not cut, in a window %i pixels wide', async (width, height) => {
    const shop = await scene.open({
      context: { viewport: { width, height }, reducedMotion: 'reduce' },
      start: `{ token: 'token-1', texts: ${texts} }`,
    });
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    await shot(shop.page, `${width} long card`);
    expect(await misfits(shop.page)).toEqual([]);
    await shop.card.getByRole('button', { name: long, exact: true }).click();
    scene.peer.join(id);
    await shop.card.waitFor({ state: 'detached' });
    await shop.pill.getByRole('button').waitFor();
    await shot(shop.page, `${width} long pill`);
    expect(await misfits(shop.page)).toEqual([]);
  });

  it('make the way out of the note no narrower than its own word', async () => {
    const shop = await scene.open({
      context: { viewport: { width: 320, height: 568 }, reducedMotion: 'reduce' },
      start: `{ token: 'token-1', texts: { connecting: '${long}' } }`,
    });
    scene.peer.invite();
    await shop.accept.click();
    const end = shop.pill.getByRole('button', { name: 'End' });
    expect((await end.boundingBox())?.height).toBe(40);
  });
});

describe('A screen reader', () => {
  it('is told each thing once: the offer, the last seconds, that it was accepted, that it is shared, that it has ended', async () => {
    const shop = await scene.open({
      after: `window.announced = []; const status = document.querySelector('cobridge-dock').shadowRoot.querySelector('[role=status]');
        new MutationObserver(() => status.textContent && announced.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });`,
    });
    const session = scene.peer.invite({}, 11);
    await shop.card.getByText('0:10 left').waitFor();
    scene.peer.push(scene.peer.envelope(session));
    await shop.card.getByText('0:09 left').waitFor();
    await shop.accept.click();
    await shop.pill.getByText('Connecting…').waitFor();
    scene.peer.join(session.id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    scene.peer.close(session.id, 'agent_ended');
    await shop.pill.waitFor({ state: 'detached' });
    expect(await shop.page.evaluate('announced')).toEqual([
      'Share this page? Alex would like to see this page and to scroll it with you. You can stop at any time.',
      '10 seconds left to answer.',
      'Connecting…',
      'You are sharing this page',
      'Page sharing has ended.',
    ]);
  });

  it('is told that one of two agents has ended before what is still shared', async () => {
    const shop = await scene.open();
    for (const name of ['Alex', 'Sam']) {
      const { id } = scene.peer.invite({ agent: { id: name, name } });
      await shop.card.getByText(name).waitFor();
      await shop.accept.click();
      await shop.hears('accepted', id);
      scene.peer.join(id);
      await shop.hears('active', id);
    }
    await shop.card.waitFor({ state: 'detached' });
    await shop.pill.getByRole('button', { name: 'End' }).click();
    await shop.hears('closed');
    await shop.page
      .locator('cobridge-dock')
      .getByRole('status')
      .getByText(/^Page sharing has ended\. You are sharing this page$/)
      .waitFor();
    expect(await shop.liveSessions()).toHaveLength(1);
  });

  describe('does not come upon a question that is over', () => {
    const status = ({ page }: SdkPage) => page.locator('cobridge-dock').getByRole('status');
    const asked = async (shop: SdkPage): Promise<SdkPage> => {
      await status(shop).getByText('Share this page?').waitFor();
      return shop;
    };
    const saysWhenGone = async (shop: SdkPage): Promise<string> => {
      await shop.card.waitFor({ state: 'detached' });
      return status(shop).innerText();
    };

    it('and is told when the agent has taken it back', async () => {
      const shop = await scene.open();
      const { id } = scene.peer.invite();
      await asked(shop);
      scene.peer.close(id, 'cancelled');
      expect(await saysWhenGone(shop)).toBe('The invitation is no longer open.');
    });

    it('in the language of the page', async () => {
      const shop = await scene.open({ start: "{ token: 'token-1', locale: 'de' }" });
      const { id } = scene.peer.invite();
      await status(shop).getByText('Diese Seite teilen?').waitFor();
      scene.peer.close(id, 'conversation_closed');
      expect(await saysWhenGone(shop)).toBe('Die Einladung gilt nicht mehr.');
    });

    it('nor upon its last seconds, when it was taken back while the page was offline', async () => {
      const shop = await scene.open();
      const { id } = scene.peer.invite({}, 11);
      await status(shop).getByText('seconds left to answer.').waitFor();
      scene.peer.closeUnheard(id, 'cancelled');
      scene.peer.cut();
      expect(await saysWhenGone(shop)).toBe('The invitation is no longer open.');
    });

    it('and hears the next question when another has taken its place', async () => {
      const shop = await scene.open();
      const { id } = scene.peer.invite();
      await asked(shop);
      scene.peer.close(id, 'superseded');
      scene.peer.invite({ agent: { id: '12345678.9', name: 'Sam' } });
      await shop.card.getByText('Sam would like').waitFor();
      expect(await status(shop).innerText()).toContain('Share this page? Sam would like');
    });

    it('once it is answered, though the bridge has not said its word yet', async () => {
      const shop = await asked((scene.peer.invite(), await scene.open()));
      scene.peer.mute = true;
      await shop.decline.click();
      expect(await status(shop).innerText()).toBe('');
    });

    it('when it is declined in another tab, nor when it is accepted there', async () => {
      const context = await scene.newContext();
      const [here, there] = [await scene.open({ context }), await scene.open({ context })];
      scene.peer.invite();
      await Promise.all([here, there].map(asked));
      await there.decline.click();
      expect([await saysWhenGone(here), await saysWhenGone(there)]).toEqual(['', '']);
      scene.peer.invite();
      await Promise.all([here, there].map(asked));
      await there.accept.click();
      expect(['', 'Connecting…']).toContain(await saysWhenGone(here));
      await status(here).getByText('Connecting…').waitFor();
    });
  });

  it('and the keyboard are back where they were when the time runs out, or the agent ends, under the finger', async () => {
    const focused = (shop: SdkPage) => shop.page.evaluate('document.activeElement.id || document.activeElement.tagName');
    const shop = await scene.open();
    await shop.page.locator('#search').focus();
    scene.peer.invite({}, 3);
    await shop.card.waitFor();
    await shop.page.keyboard.press('Tab');
    expect(await focused(shop)).toBe('COBRIDGE-DOCK');
    await shop.card.getByText('The invitation has expired.').waitFor();
    expect(await focused(shop)).toBe('search');
    const { id } = scene.peer.invite();
    await shop.card.getByText('would like').waitFor();
    await shop.page.keyboard.press('Tab');
    await shop.page.keyboard.press('Tab');
    await shop.page.keyboard.press('Space');
    await shop.pill.waitFor();
    await shop.card.waitFor({ state: 'detached' });
    await shop.page.keyboard.press('Tab');
    expect(await focused(shop)).toBe('COBRIDGE-DOCK');
    scene.peer.close(id, 'agent_ended');
    await shop.pill.waitFor({ state: 'detached' });
    expect(await focused(shop)).toBe('search');
  });
});
