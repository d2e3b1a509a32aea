import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { useScene, type SdkPage } from '../support/sdk-page.ts';

const scene = useScene();

const AXE = join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js');

/** With `COBRIDGE_SHOTS` set to a folder, every state that is looked at here is also put there as a picture. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['COBRIDGE_SHOTS'];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name.replaceAll(/[^\w]+/g, '-')}.png`) });
}

/** What axe finds wrong, in the dock or anywhere else in the page. */
async function flaws(page: Page): Promise<string[]> {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
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
    const inPage = document.documentElement.scrollWidth > innerWidth ? ['the page is wider than the window'] : [];
    return [...inPage, ...wide.map((part) => `wide: ${part.outerHTML}`), ...out.map((part) => `out of sight: ${part.outerHTML}`)];
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

interface Look {
  name: string;
  context: BrowserContextOptions;
  locale?: 'he';
  zoom?: number;
}

const LOOKS: Look[] = WIDTHS.flatMap(([width, height]) => {
  const viewport = { width, height };
  return [
    { name: `${width} light`, context: { viewport } },
    { name: `${width} dark`, context: { viewport, colorScheme: 'dark' as const } },
    { name: `${width} Hebrew`, context: { viewport }, locale: 'he' as const },
    { name: `${width} forced colours`, context: { viewport, forcedColors: 'active' as const } },
    { name: `${width} forced colours, dark`, context: { viewport, forcedColors: 'active' as const, colorScheme: 'dark' as const } },
    { name: `${width} text of double size`, context: { viewport }, zoom: 2 },
  ];
});

describe.each(LOOKS)('At $name', ({ name, context, locale, zoom = 1 }) => {
  const texts = locale ? HEBREW : ENGLISH;
  const open = (): Promise<SdkPage> =>
    scene.open({
      context: { ...context, reducedMotion: 'reduce' },
      start: `{ token: 'token-1'${locale ? `, locale: '${locale}'` : ''} }`,
      // What a visitor sets in the browser; a style of the page would end at the card.
      before: `document.documentElement.style.fontSize = '${zoom * 100}%';`,
    });
  const sound = async ({ page }: SdkPage, state: string): Promise<void> => {
    await shot(page, `${name} ${state}`);
    expect(await misfits(page)).toEqual([]);
    expect(await flaws(page)).toEqual([]);
  };

  it('every state of the card and the pill fits and has nothing that axe finds wrong', async () => {
    const shop = await open();
    const { id } = scene.peer.invite({ mode: 'shared', agent: { id: '12345678.9', name: 'Alex' } });
    await shop.card.getByText(texts.asks).waitFor();
    await sound(shop, '1 offer');

    scene.peer.mute = true;
    await shop.card.getByRole('button', { name: texts.accept }).click();
    await sound(shop, '2 on its way');
    await shop.page.evaluate(`void 0`);
    for (let sends = 0; sends < 2; sends++) {
      const back = scene.peer.nextArrival();
      scene.peer.cut();
      await back;
      if (sends === 0) await scene.peer.nextAnswer();
    }
    await shop.card.getByText(texts.failed).waitFor();
    await sound(shop, '3 trouble');

    scene.peer.mute = false;
    await shop.card.getByRole('button', { name: texts.accept }).click();
    await shop.pill.waitFor();
    await sound(shop, '4 joining');
    scene.peer.join(id);
    await shop.pill.getByText(texts.sharing).waitFor();
    await sound(shop, '5 sharing');

    scene.peer.invite({ mode: 'follow' }, 9);
    await shop.card.getByText(texts.lastCall).waitFor();
    await sound(shop, '6 last call beside the pill');
    scene.peer.invite({}, 1);
    scene.peer.close('ses_2', 'cancelled');
    await shop.card.getByText(texts.expired).waitFor();
    await sound(shop, '7 expired');
  });
});
