import { PagesPeer } from '../support/pages-peer.ts';
import { useScene, type SdkPage } from '../support/sdk-page.ts';

async function unharmed({ failures, page }: SdkPage): Promise<void> {
  expect([...failures, ...(await page.evaluate<string[]>('rejections'))]).toEqual([]);
}

const codes = async (shop: SdkPage): Promise<(string | undefined)[]> =>
  (await shop.heard()).filter(({ name }) => name === 'error').map(({ code }) => code);

describe('The connection', () => {
  const scene = useScene();

  it('gets a new token when the old one has expired', async () => {
    scene.peer.expiredTokens.add('token-1');
    const shop = await scene.open({ start: '{ getToken: async () => `token-${window.count = (window.count ?? 0) + 1}` }' });
    scene.peer.invite();
    await shop.card.waitFor();
    expect(scene.peer.handshakes.map(({ token }) => token)).toEqual(['token-2']);
    expect(await codes(shop)).toEqual([]);
    scene.peer.expiredTokens.add('token-2');
    const back = scene.peer.nextArrival();
    scene.peer.cut();
    await back;
    expect(scene.peer.handshakes.at(-1)?.token).toBe('token-3');
    await unharmed(shop);
  });

  it('says once when every new token has expired already, and goes on asking', async () => {
    scene.peer.expiredTokens.add('token-1').add('token-2').add('token-3');
    const arrival = scene.peer.nextArrival();
    const shop = await scene.open({ start: '{ getToken: () => `token-${window.count = (window.count ?? 0) + 1}` }' });
    await arrival;
    expect(scene.peer.handshakes[0]?.token).toBe('token-4');
    expect(await codes(shop)).toEqual(['token_expired']);
  });

  it.each([
    ['not of the bridge', 'token_invalid'],
    ['not there', 'token_missing'],
  ] as const)('asks for another token when the new one is %s, and leaves the visitor the way out', async (_, code) => {
    const shop = await scene.open({ start: "{ getToken: () => 'token-1' }" });
    const { id } = scene.peer.invite();
    await shop.accept.click();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    scene.peer.refuse = code;
    scene.peer.cut();
    await shop.hears('error');
    await scene.peer.nextRefusal();
    expect([await codes(shop), await shop.liveSessions()]).toEqual([[code], [id]]);
    scene.peer.refuse = undefined;
    await shop.pill.getByRole('button', { name: 'End' }).click();
    await shop.hears('closed', id);
    await unharmed(shop);
  });

  it('asks for another token when the first is empty', async () => {
    const shop = await scene.open({ start: "{ getToken: () => (window.asked ? 'token-1' : ((window.asked = true), '')) }" });
    scene.peer.invite();
    await shop.card.waitFor();
    expect(await codes(shop)).toEqual(['token_missing']);
    await unharmed(shop);
  });

  it.each(['origin_not_allowed', 'token_invalid', 'token_expired', 'bad_request'] as const)(
    'that is refused with %s is told to the page and is the end of it',
    async (code) => {
      scene.peer.refuse = code;
      const shop = await scene.open();
      await shop.hears('error');
      expect(await codes(shop)).toEqual([code]);
      expect(await shop.call('accept', 'ses_1')).toBe(code);
      await unharmed(shop);
    },
  );

  it('that the bridge cannot take now is told once and made when it can', async () => {
    scene.peer.refuse = 'unavailable';
    const shop = await scene.open();
    await shop.hears('error');
    await scene.peer.nextRefusal();
    scene.peer.refuse = undefined;
    scene.peer.invite();
    await shop.card.waitFor();
    expect(await codes(shop)).toEqual(['unavailable']);
    await unharmed(shop);
  });

  it('that waits for a token which cannot be had is told once and made when it can', async () => {
    const shop = await scene.open({
      start: `{ getToken: async () => { window.count = (window.count ?? 0) + 1; if (count < 3) throw new Error('of the page'); return 'token-1'; } }`,
    });
    scene.peer.invite();
    await shop.card.waitFor();
    expect(await codes(shop)).toEqual(['token_missing']);
    await unharmed(shop);
  });

  it.each([
    ['nothing', 'undefined', 'bad_request'],
    ['no token', '{}', 'token_missing'],
    ['an address that is none', `{ token: 'token-1', url: 'nowhere' }`, 'bad_request'],
  ])('is not tried with %s, and the page is told what is wrong', async (_, start, code) => {
    const shop = await scene.open({ start });
    await shop.hears('error');
    expect(await codes(shop)).toEqual([code]);
    expect(await shop.call('accept', 'ses_1')).toBe(code);
    expect(scene.peer.handshakes).toEqual([]);
    await unharmed(shop);
  });

  it('that ended a connection leaves nothing on the page that nobody would keep true', async () => {
    const shop = await scene.open({ start: "{ token: 'token-1' }" });
    const { id } = scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    scene.peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    scene.peer.expiredTokens.add('token-1');
    scene.peer.cut();
    await shop.hears('error');
    await shop.pill.waitFor({ state: 'detached' });
    expect(await shop.liveSessions()).toEqual([]);
    expect(await shop.call('end', id)).toBe('token_expired');
    await unharmed(shop);
  });

  it('that is cut off because its account was deleted takes its open offer away', async () => {
    const shop = await scene.open();
    scene.peer.invite();
    await shop.card.waitFor();
    scene.peer.refuse = 'token_invalid';
    scene.peer.cut();
    await shop.card.waitFor({ state: 'detached' });
    expect(await shop.liveSessions()).toEqual([]);
    expect(await codes(shop)).toEqual(['token_invalid']);
    await unharmed(shop);
  });

  it('is told to the console when no handler listens', async () => {
    scene.peer.refuse = 'origin_not_allowed';
    const said = new Promise<string>((resolve) => {
      void scene.newContext().then(async (context) => {
        const page = await context.newPage();
        page.on('console', (message) => void (message.text().includes('Cobridge') && resolve(message.text())));
        scene.site.put(
          '/quiet',
          `<!doctype html><title>Quiet</title><script src="${scene.peer.url}/sdk/v1/cobridge.js"></script><script>Cobridge.start({ token: 'secret' })</script>`,
        );
        await page.goto(`${scene.site.origin}/quiet`);
      });
    });
    expect(await said).toContain('origin_not_allowed');
    expect(await said).toContain('allowedOrigins');
    expect(await said).not.toContain('secret');
  });

  it('is made by the module, too, which knows the bridge that it came from', async () => {
    scene.site.put(
      '/module',
      `<!doctype html><title>Module</title><script type="module">import { start } from '${scene.peer.url}/sdk/v1/cobridge.mjs'; start({ token: 'token-1' });</script>`,
    );
    const page = await (await scene.newContext()).newPage();
    await page.goto(`${scene.site.origin}/module`);
    scene.peer.invite();
    await page.locator('cobridge-dock').getByRole('dialog').waitFor();
    expect(await page.evaluate('typeof Cobridge')).toBe('undefined');
  });
});

describe('A connection that was lost', () => {
  const scene = useScene();

  it('before the answer was acknowledged does not lose the answer, nor tell the tag twice', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    scene.peer.loseAnswers = 1;
    await shop.accept.click();
    await shop.pill.waitFor();
    await shop.card.waitFor({ state: 'detached' });
    expect(scene.peer.answers.map(({ kind, sessionId }) => [kind, sessionId])).toEqual([
      ['accept', id],
      ['accept', id],
    ]);
    expect((await shop.published()).map(({ event }) => event)).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
    expect(new Set(scene.peer.answers.map(({ page }) => page)).size).toBe(1);
    await unharmed(shop);
  });

  it('brings what was missed: the offer is gone, and the page is told why, once', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    scene.peer.closeUnheard(id, 'cancelled');
    scene.peer.cut();
    await shop.card.waitFor({ state: 'detached' });
    await shop.hears('closed', id);
    const back = scene.peer.nextArrival();
    scene.peer.cut();
    await back;
    const next = scene.peer.invite();
    await shop.hears('invited', next.id);
    expect((await shop.heard()).map(({ name, session, reason }) => [name, session, reason])).toEqual([
      ['invited', id, null],
      ['closed', id, 'cancelled'],
      ['invited', next.id, null],
    ]);
    expect(await shop.liveSessions()).toEqual([next.id]);
    expect(await shop.published()).toHaveLength(2);
  });

  it('repeats nothing of what the page knows already', async () => {
    const shop = await scene.open();
    scene.peer.invite();
    await shop.card.waitFor();
    const back = scene.peer.nextArrival();
    scene.peer.cut();
    await back;
    const { id } = scene.peer.invite();
    await shop.hears('invited', id);
    expect((await shop.heard()).map(({ name, session }) => [name, session])).toEqual([
      ['invited', 'ses_1'],
      ['invited', id],
    ]);
    expect(await shop.published()).toHaveLength(2);
  });
});

describe('A network without WebSockets', () => {
  const scene = useScene(['polling']);

  it('is no hindrance', async () => {
    const shop = await scene.open();
    scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    await unharmed(shop);
  });
});

describe('A bridge that is away', () => {
  const scene = useScene();

  it('is told once, and found when it is there again', async () => {
    const away = await PagesPeer.open();
    const { port } = new URL(away.url);
    await away.stop();
    const shop = await scene.open({ start: `{ token: 'token-1', url: 'http://127.0.0.1:${port}' }` });
    await shop.hears('error');
    const back = await PagesPeer.open(undefined, Number(port));
    back.invite();
    await shop.card.waitFor();
    expect(await codes(shop)).toEqual(['unavailable']);
    await unharmed(shop);
    await back.stop();
  });

  it('is named as it was given, with its path', async () => {
    const url = `${scene.peer.url}/some/path`;
    const shop = await scene.open({
      start: `{ token: 'token-1', url: '${url}/' }`,
      after: "bridge.on('error', ({ message }) => (window.message = message));",
    });
    await shop.hears('error');
    expect(await shop.page.evaluate('message')).toBe(`The bridge at ${url} cannot be reached. It is tried again.`);
  });
});
