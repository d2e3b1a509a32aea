import { type TestAccount, createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { type RunningProgram, sharedProgram } from '../support/program.ts';
import { type SdkPage, useScene } from '../support/sdk-page.ts';
import { type Wire, takeWire } from '../support/wire.ts';

const scene = useScene();

let program: RunningProgram;
let account: TestAccount;
let conversation: TestConversation;
beforeAll(async () => {
  program = await sharedProgram();
});
beforeEach(async () => {
  account = await createAccount(program, { allowedOrigins: [scene.site.origin] });
  conversation = new TestConversation();
});

/** A page of the visitor's at the built bridge. */
async function open(): Promise<{ shop: SdkPage; wire: Wire }> {
  const context = await scene.newContext();
  const wire = await takeWire(context);
  const token = await account.pageToken(conversation.consumerId);
  return { shop: await scene.open({ context, start: `{ token: '${token}', url: '${program.url}' }` }), wire };
}

const invite = async (secondsLeft: number): Promise<string> => {
  conversation.invite({ secondsLeft });
  return (await postHook(program, account, conversation.notification())).body.results[0]?.sessionId ?? '';
};
const expired = (shop: SdkPage): Promise<unknown> => shop.page.waitForFunction('Date.now() > Date.parse(until)');
const told = async (shop: SdkPage): Promise<string[]> => (await shop.published()).map(({ event }) => event);
const recorded = async (id: string): Promise<unknown[]> => {
  const { body } = await account.call('GET', `/sessions/${id}`);
  return [body.status, body.reason];
};
const note = (shop: SdkPage): Promise<unknown> => shop.page.evaluate('window.until = bridge.sessions[0].expiresAt');

describe('An answer on a slow wire', () => {
  it('that reaches the bridge one moment too late loses: the visitor is told, the tag is not', async () => {
    const { shop, wire } = await open();
    const id = await invite(3);
    await shop.card.waitFor();
    await note(shop);
    wire.hold('up');
    const held = wire.nextHeld();
    await shop.accept.click();
    await held;
    await expired(shop);
    await shop.card.getByText('Connecting…').waitFor();
    wire.release();
    await shop.card.getByText('The invitation has expired.').waitFor();
    expect(await shop.card.getByRole('button').count()).toBe(0);
    await shop.card.waitFor({ state: 'detached' });
    expect([await told(shop), await recorded(id)]).toEqual([['cobrowseOffered'], ['closed', 'expired']]);
    expect(shop.failures).toEqual([]);
  });

  it('that the bridge took in time wins, though the page hears of it when the time is up', async () => {
    const { shop, wire } = await open();
    const id = await invite(3);
    await shop.card.waitFor();
    await note(shop);
    wire.hold('down');
    const held = wire.nextHeld();
    await shop.accept.click();
    await held;
    await expired(shop);
    expect([await told(shop), await recorded(id)]).toEqual([['cobrowseOffered'], ['accepted', null]]);
    wire.release();
    await shop.pill.waitFor();
    await shop.card.waitFor({ state: 'detached' });
    expect(await told(shop)).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
    expect(shop.failures).toEqual([]);
  });

  it('whose page is reloaded before it hears of it is told to the tag by the next document, once', async () => {
    const { shop, wire } = await open();
    const id = await invite(60);
    await shop.card.waitFor();
    wire.hold('down');
    const held = wire.nextHeld();
    await shop.accept.click();
    await held;
    wire.lose();
    await shop.page.reload();
    await shop.page.waitForFunction(`lpTag.events.hasFired('lpCoBrowse', '*').length > 0`);
    expect([await told(shop), await recorded(id)]).toEqual([['cobrowseAccepted'], ['accepted', null]]);
    await shop.page.reload();
    await shop.pill.waitFor();
    expect(await shop.call('accept', id)).toBe('accepted');
    expect(await told(shop)).toEqual([]);
  });

  it('that was a no, and was lost by a reload, is told to the tag by the next document, too', async () => {
    const { shop, wire } = await open();
    const id = await invite(60);
    await shop.card.waitFor();
    wire.hold('down');
    const held = wire.nextHeld();
    await shop.decline.click();
    await held;
    wire.lose();
    await shop.page.reload();
    await shop.page.waitForFunction(`lpTag.events.hasFired('lpCoBrowse', '*').length > 0`);
    expect([await told(shop), await recorded(id)]).toEqual([['cobrowseDeclined'], ['closed', 'declined']]);
  });
});

describe('A page in a sandboxed frame without an origin', () => {
  it('is refused by the bridge, and told why', async () => {
    const token = await account.pageToken(conversation.consumerId);
    const start = `{ token: '${token}', url: '${program.url}' }`;
    scene.put('/framed', { start, after: `bridge.on('error', ({ code, message }) => parent.postMessage(code + ' ' + message, '*'));` });
    const shop = await scene.open({
      start,
      body: '<iframe sandbox="allow-scripts" title="framed" src="/framed"></iframe>',
      after: 'window.said = []; addEventListener("message", ({ data }) => said.push(data));',
    });
    await shop.page.waitForFunction('said.length > 0');
    expect(await shop.page.evaluate('said')).toEqual([
      'origin_not_allowed No account can allow a page without an origin: a file, or a sandboxed frame without `allow-same-origin`.',
    ]);
    await invite(60);
    await shop.card.waitFor();
  });
});
