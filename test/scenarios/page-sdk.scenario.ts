import { useScene, TAG, type SdkPage } from '../support/sdk-page.ts';

const scene = useScene();

/** The documents opened here must have met no exception that nobody took. */
async function unharmed(...pages: SdkPage[]): Promise<void> {
  for (const { page, failures } of pages) {
    expect([...failures, ...(await page.evaluate<string[]>('rejections'))]).toEqual([]);
  }
}

const IDS = {
  serviceId: 'visitor-1#conversation-1',
  agentId: '12345678.9',
  visitorName: 'visitor',
  mode: 'view',
  ssid: 'sid-1',
  svid: 'vid-1',
};

describe('An invitation', () => {
  it("is shown with who asks and for what, and told to LivePerson's tag once", async () => {
    const { peer } = scene;
    const shop = await scene.open();
    const session = peer.invite();
    await shop.card.waitFor();
    expect(await shop.card.innerText()).toContain('Alex would like to see this page and to scroll it with you. You can stop at any time.');
    peer.push(peer.envelope(session));
    peer.invite();
    await shop.hears('invited', 'ses_2');
    const offers = await shop.published();
    expect(offers.map(({ event, data }) => [event, data['serviceId']])).toEqual([
      ['cobrowseOffered', 'visitor-1#conversation-1'],
      ['cobrowseOffered', 'visitor-1#conversation-2'],
    ]);
    expect(offers[0]?.data).toEqual(IDS);
    expect(await shop.liveSessions()).toEqual(['ses_2', 'ses_1']);
    await unharmed(shop);
  });

  it.each([
    ['shared', 'An agent would like to see this page and to click and type on it with you.'],
    ['view', 'An agent would like to see this page and to scroll it with you.'],
    ['follow', 'An agent would like to see this page. Only you can click, type and scroll.'],
  ] as const)('in the mode %s says what that lets an agent do whose name is not known', async (mode, text) => {
    const shop = await scene.open();
    scene.peer.invite({ mode, agent: { id: '12345678.9' } });
    await shop.card.getByText(text).waitFor();
  });

  it('that came before the page is shown when the page opens', async () => {
    scene.peer.invite();
    const shop = await scene.open();
    await shop.card.waitFor();
    await shop.hears('invited', 'ses_1');
    expect((await shop.published()).map(({ event }) => event)).toEqual(['cobrowseOffered']);
  });

  it('is accepted with one click: the tag is told once, and a pill says that the page is shared', async () => {
    const { peer } = scene;
    const shop = await scene.open();
    const { id } = peer.invite();
    await shop.accept.click();
    await shop.pill.getByText('Connecting…').waitFor();
    await shop.card.waitFor({ state: 'detached' });
    expect(peer.answers.map(({ kind, sessionId }) => [kind, sessionId])).toEqual([['accept', id]]);
    peer.join(id);
    await shop.pill.getByText('You are sharing this page').waitFor();
    expect(await shop.call('accept', id)).toBe('active');
    const [, accepted, ...more] = await shop.published();
    expect(accepted).toEqual({ event: 'cobrowseAccepted', data: IDS });
    expect(more).toEqual([]);
    expect((await shop.heard()).map(({ name, version }) => [name, version])).toEqual([
      ['invited', 1],
      ['accepted', 2],
      ['active', 3],
    ]);
    await shop.pill.getByRole('button', { name: 'End' }).click();
    await shop.pill.waitFor({ state: 'detached' });
    await shop.hears('closed', id);
    expect((await shop.heard()).at(-1)).toMatchObject({ name: 'closed', reason: 'visitor_ended' });
    await unharmed(shop);
  });

  it('is declined with one click, and the tag is told', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.decline.click();
    await shop.card.waitFor({ state: 'detached' });
    await shop.hears('closed', id);
    expect((await shop.published()).map(({ event }) => event)).toEqual(['cobrowseOffered', 'cobrowseDeclined']);
    expect(await shop.pill.count()).toBe(0);
  });

  it('that the agent withdraws is taken away, and nothing is told to the tag', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    scene.peer.close(id, 'cancelled');
    await shop.card.waitFor({ state: 'detached' });
    await shop.hears('closed', id);
    expect((await shop.heard()).at(-1)?.reason).toBe('cancelled');
    expect(await shop.published()).toHaveLength(1);
    expect(await shop.call('accept', id)).toBe('session_closed');
    await unharmed(shop);
  });

  it('is answered by one page for all of them, and only that page tells the tag', async () => {
    const context = await scene.newContext();
    const [here, there] = [await scene.open({ context }), await scene.open({ context })];
    const { id } = scene.peer.invite();
    await there.card.waitFor();
    await here.accept.click();
    await there.card.waitFor({ state: 'detached' });
    scene.peer.join(id);
    await here.pill.getByText('You are sharing this page').waitFor();
    await there.pill.getByText('Page sharing is on').waitFor();
    expect((await there.published()).map(({ event }) => event)).toEqual(['cobrowseOffered']);
    expect(await there.call('accept', id)).toBe('already_accepted');
    expect(new Set(scene.peer.handshakes.map(({ page }) => page?.id)).size).toBe(2);
  });

  it('that was answered elsewhere a moment earlier ends with a word about it', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    scene.peer.closeUnheard(id, 'cancelled');
    await shop.accept.click();
    await shop.card.getByText('The invitation is no longer open.').waitFor();
    expect(await shop.accept.count()).toBe(0);
    await shop.card.waitFor({ state: 'detached' });
  });

  it('is offered and told again in the document after a reload, which is the same page to the bridge', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    await shop.page.reload();
    await shop.accept.click();
    await shop.pill.waitFor();
    expect((await shop.published()).map(({ event }) => event)).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
    scene.peer.join(id);
    await shop.page.reload();
    await shop.pill.getByText('You are sharing this page').waitFor();
    expect(await shop.published()).toEqual([]);
    expect(scene.peer.handshakes).toHaveLength(3);
    expect(new Set(scene.peer.handshakes.map(({ page }) => page?.id)).size).toBe(1);
  });

  it('is told to a tag that comes late, unless it is over by then', async () => {
    const stub = 'window.lpTag = { events: { bind() {}, trigger() {} } };';
    const shop = await scene.open({ before: stub });
    const over = scene.peer.invite();
    const open = scene.peer.invite();
    await shop.hears('invited', open.id);
    scene.peer.close(over.id, 'cancelled');
    await shop.hears('closed', over.id);
    await shop.page.evaluate(
      `${TAG} lpTag.events.once({ appName: 'lpCoBrowse', eventName: 'cobrowseOffered', func: () => (window.told = true) })`,
    );
    await shop.page.waitForFunction('window.told');
    expect((await shop.published()).map(({ event, data }) => [event, data['serviceId'], data['ssid']])).toEqual([
      ['cobrowseOffered', open.serviceId, 'sid-1'],
    ]);
    await unharmed(shop);
  });

  it('is shown in a page without LivePerson, and not told to a tag that is not to be told', async () => {
    const without = await scene.open({ before: '' });
    const untold = await scene.open({ start: "{ token: 'token-1', dialects: [] }" });
    const { id } = scene.peer.invite();
    await without.card.waitFor();
    await untold.accept.click();
    await untold.hears('accepted', id);
    expect(await untold.published()).toEqual([]);
    await unharmed(without, untold);
  });
});

describe('A page', () => {
  it('may draw everything itself', async () => {
    const shop = await scene.open({ start: "{ token: 'token-1', ui: 'none' }" });
    const { id } = scene.peer.invite();
    await shop.hears('invited', id);
    expect(await shop.page.locator('cobridge-dock').count()).toBe(0);
    expect(await shop.call('accept', id)).toBe('accepted');
    expect([await shop.call('end', id), await shop.call('end', id)]).toEqual(['closed', 'closed']);
    expect(await shop.call('decline', id)).toBe('session_closed');
    expect(await shop.call('decline', 'ses_unknown')).toBe('not_found');
    expect(await shop.call('decline', '')).toBe('bad_request');
    expect(await shop.liveSessions()).toEqual([]);
  });

  it('whose handlers, tag and tokens throw is not harmed, and neither is the offer', async () => {
    const shop = await scene.open({
      before: `${TAG} lpTag.events.publish = () => { throw new Error('of the tag') }; lpTag.taglets = { get lp_monitoringSDK() { throw new Error('of the taglet') } };`,
      after: `bridge.on('invited', () => { throw new Error('of a handler') }); bridge.on('nonsense', () => {}); bridge.on('invited');`,
    });
    const { id } = scene.peer.invite();
    await shop.accept.click();
    await shop.pill.waitFor();
    await shop.hears('accepted', id);
    await unharmed(shop);
  });

  it('that stops the SDK keeps nothing of it', async () => {
    const shop = await scene.open();
    const { id } = scene.peer.invite();
    await shop.card.waitFor();
    const gone = scene.peer.nextDeparture();
    await shop.page.evaluate('bridge.stop()');
    await gone;
    expect(await shop.page.locator('cobridge-dock').count()).toBe(0);
    expect(await shop.call('accept', id)).toBe('unavailable');
    expect(await shop.liveSessions()).toEqual([]);
    await unharmed(shop);
  });

  it('that starts again, for another visitor say, has one card and tells the tag nothing twice', async () => {
    const shop = await scene.open();
    scene.peer.invite();
    await shop.card.waitFor();
    const gone = scene.peer.nextDeparture();
    await shop.page.evaluate(`window.bridge = Cobridge.start({ token: 'token-2' })`);
    await gone;
    await shop.card.waitFor();
    expect(scene.peer.handshakes.map(({ token }) => token)).toEqual(['token-1', 'token-2']);
    expect(await shop.card.count()).toBe(1);
    expect(await shop.published()).toHaveLength(1);
  });

  it('gets one global name and tells the bridge no more of itself than it needs', async () => {
    const shop = await scene.open({ before: 'window.before = Object.getOwnPropertyNames(window)' });
    scene.peer.invite();
    await shop.card.waitFor();
    const added = await shop.page.evaluate<string[]>('Object.getOwnPropertyNames(window).filter((name) => !before.includes(name))');
    expect(added.toSorted()).toEqual(['Cobridge', 'before', 'bridge', 'heard']);
    expect(scene.peer.handshakes[0]).toEqual({
      token: 'token-1',
      protocol: 1,
      page: { id: expect.stringMatching(/^[0-9a-f]{32}$/), url: `${scene.site.origin}/`, title: 'A shop', visible: true },
    });
  });
});
