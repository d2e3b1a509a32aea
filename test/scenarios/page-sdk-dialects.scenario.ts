import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { createAccount, type TestAccount } from '../support/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { postHook, TestConversation } from '../support/liveperson.ts';
import { type RunningProgram, sharedProgram } from '../support/program.ts';
import { openSite, type Site } from '../support/site.ts';

const ALEX = { agentId: 'agent-7', agentName: 'Alex' };

/** A shop whose script was written for another product, on a page with the bridge's script in the place of that product's. */
interface Shop {
  page: Page;
  card: Locator;
  /** What the shop's script noted so far. */
  noted(): Promise<string[]>;
  /** Waits until it has noted that. */
  notes(line: string): Promise<void>;
}

let program: RunningProgram;
let site: Site;
let account: TestAccount;
let browser: Browser;
let context: BrowserContext;
let visitorId: string;
let count = 0;

beforeAll(async () => {
  [program, site, browser] = await Promise.all([sharedProgram(), openSite(), launchBrowser()]);
  account = await createAccount(program, { allowedOrigins: [site.origin] });
}, 60_000);
beforeEach(async () => {
  visitorId = `visitor-${++count}`;
  context = await browser.newContext();
});
afterEach(() => context.close());
afterAll(() => Promise.all([browser.close(), site.close()]));

/** `script` is the shop's own code, which runs before or after the bridge's; `note` is there for it to say what it saw. */
async function openShop({
  dialect,
  before = '',
  after = '',
  by = account,
}: {
  dialect: string;
  before?: string;
  after?: string;
  by?: TestAccount;
}): Promise<Shop> {
  const token = await by.pageToken(visitorId);
  site.put(
    '/',
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title><body><main id="shop"></main>
<script src="/chronos.js"></script>
<script>window.noted = []; const note = (line) => noted.push(line); ${before}</script>
<script src="${program.url}/sdk/v1/cobridge.js"></script>
<script>window.bridge = Cobridge.start({ token: '${token}', dialects: ['${dialect}'] }); bridge.on('error', ({ message }) => note(message));</script>
<script>${after}</script></body></html>`,
  );
  const page = await context.newPage();
  page.setDefaultTimeout(12_000);
  page.on('pageerror', (error) => failures.push(String(error)));
  await page.goto(`${site.origin}/`);
  return {
    page,
    card: page.locator('cobridge-dock').getByRole('dialog'),
    noted: () => page.evaluate<string[]>('noted'),
    notes: async (line) => {
      await page.waitForFunction((wanted) => (window as unknown as { noted: string[] }).noted.includes(wanted), line);
    },
  };
}

const failures: string[] = [];
afterEach(() => expect(failures.splice(0)).toEqual([]));

const invite = async (mode = 'view'): Promise<string> => {
  const { status, body } = await account.call('POST', '/sessions', {
    conversationId: `conversation-${visitorId}`,
    visitorId,
    mode,
    ...ALEX,
  });
  expect(status).toBe(201);
  return body.id;
};

const say = async (sessionId: string, what: string, body?: object) => {
  const answer = await account.call('POST', `/sessions/${sessionId}/${what}`, body);
  expect(answer.status).toBe(200);
  return answer.body;
};

const sessionOf = async (id: string) => (await account.call('GET', `/sessions/${id}`)).body;

const requested = async (): Promise<string> => {
  const { body } = await account.call('GET', `/sessions?status=requested&visitorId=${visitorId}`);
  return body.items[0].id;
};

describe('A page written for Cobrowse.io', () => {
  /** Settings first, the rest when the client is there, as its documentation has it. */
  const LISTENING = `
    CobrowseIO.license = 'a licence';
    CobrowseIO.customData = { user_id: '7' };
    CobrowseIO.client().then(() => {
      for (const name of ['loaded', 'updated', 'ended']) {
        CobrowseIO.on('session.' + name, (session) => note(name + ' ' + session.state() + (session.endedReason() ? ' ' + session.endedReason() : '')));
      }
      return CobrowseIO.start();
    }).then(() => note('started'));`;

  it('hears of a session from the invitation to its end, in the states that it knows', async () => {
    const shop = await openShop({ dialect: 'cobrowseio', after: LISTENING });
    await shop.notes('started');
    const id = await invite('shared');
    await shop.card.getByRole('button', { name: 'Accept' }).click();
    await shop.notes('updated active');
    await say(id, 'join');
    expect(await shop.page.evaluate('[CobrowseIO.currentSession.remoteControl(), CobrowseIO.currentSession.agent().name]')).toEqual([
      'on',
      'Alex',
    ]);
    await say(id, 'end');
    await shop.notes('ended ended agent_ended');
    expect(await shop.noted()).toEqual([
      'started',
      'loaded pending',
      'updated authorizing',
      'updated active',
      'updated active',
      'ended ended agent_ended',
    ]);
    expect(await shop.page.evaluate('CobrowseIO.currentSession')).toBeNull();
  });

  it('finds a session running after a reload', async () => {
    const shop = await openShop({ dialect: 'cobrowseio', after: LISTENING });
    await shop.notes('started');
    await invite();
    await shop.card.getByRole('button', { name: 'Accept' }).click();
    await shop.notes('updated active');
    await shop.page.reload();
    await shop.notes('updated active');
    expect((await shop.noted()).filter((line) => line !== 'started')).toEqual(['loaded active', 'updated active']);
  });

  it('shows a code that an agent redeems, and ends the session by its own button', async () => {
    const shop = await openShop({
      dialect: 'cobrowseio',
      after: `${LISTENING}
        const main = document.querySelector('main');
        main.innerHTML = '<button id="help">Get a code</button><output></output><button id="end" hidden>End</button>';
        main.querySelector('#help').onclick = async () => {
          const code = await CobrowseIO.createSessionCode();
          main.querySelector('output').textContent = code;
        };
        main.querySelector('#end').onclick = () => CobrowseIO.currentSession.end();
        CobrowseIO.client().then(() => CobrowseIO.on('session.updated', (session) => {
          main.querySelector('#end').hidden = !session.isActive();
        }));`,
    });
    await shop.notes('started');
    await shop.page.click('#help');
    const output = shop.page.locator('output', { hasText: /^\d{6}$/ });
    const code = await output.innerText();
    expect(await shop.page.evaluate('CobrowseIO.currentSession.code()')).toBe(code);
    const { body: redeemed } = await account.call('POST', '/codes/redeem', { code, ...ALEX });
    await shop.card.getByRole('button', { name: 'Accept' }).click();
    await shop.page.click('#end');
    await shop.notes('ended ended device_ended');
    expect(await sessionOf(redeemed.id)).toMatchObject({ status: 'closed', reason: 'visitor_ended' });
    expect((await shop.noted()).filter((line) => line !== 'updated pending')).toEqual([
      'started',
      'loaded pending',
      'updated authorizing',
      'updated active',
      'ended ended device_ended',
    ]);
  });

  it('that makes another code has the first one end, for no reason that the vendor has a word for', async () => {
    const shop = await openShop({ dialect: 'cobrowseio', after: LISTENING });
    await shop.notes('started');
    const [first, second] = [
      await shop.page.evaluate('CobrowseIO.createSessionCode()'),
      await shop.page.evaluate('CobrowseIO.createSessionCode()'),
    ];
    await shop.notes('ended ended');
    expect(second).not.toBe(first);
    await shop.page.waitForFunction(
      (code) => (window as unknown as { CobrowseIO: { currentSession?: { code(): string } } }).CobrowseIO.currentSession?.code() === code,
      second,
    );
    expect(await shop.page.evaluate("CobrowseIO.getSession('" + String(first) + "').catch((error) => error.message)")).toBe(
      'The visitor has no such session.',
    );
  });

  it('takes its code back by ending the session that waits', async () => {
    const shop = await openShop({ dialect: 'cobrowseio', after: LISTENING });
    await shop.notes('started');
    await shop.page.evaluate('CobrowseIO.createSessionCode()');
    const id = await requested();
    expect(await shop.page.evaluate('CobrowseIO.currentSession.end().then((session) => [session.state(), session.endedReason()])')).toEqual(
      ['ended', 'device_ended'],
    );
    await shop.notes('ended ended device_ended');
    expect(await sessionOf(id)).toMatchObject({ reason: 'withdrawn' });
  });

  it.each([
    ['Yes', 'accepted', 'updated active'],
    ['No', 'closed', 'ended ended device_ended'],
  ])('asks by its own dialog, where %s leads to %s', async (answer, status, line) => {
    const shop = await openShop({
      dialect: 'cobrowseio',
      after: `${LISTENING}
        CobrowseIO.confirmSession = () => new Promise((resolve) => {
          note('asked');
          document.querySelector('main').innerHTML = '<p>May we look?</p><button>Yes</button><button>No</button>';
          for (const button of document.querySelectorAll('main button')) button.onclick = () => resolve(button.textContent === 'Yes');
        });`,
    });
    await shop.notes('started');
    const id = await invite();
    await shop.page.locator('main').getByRole('button', { name: answer }).click();
    await shop.notes(line);
    expect(await shop.card.count()).toBe(0);
    expect((await shop.noted()).filter((noted) => noted === 'asked')).toHaveLength(1);
    expect(await sessionOf(id)).toMatchObject({ status });
  });

  it('asks in every tab, and the first answer holds', async () => {
    const after = `${LISTENING}
      CobrowseIO.confirmSession = () => { note('asked'); return new Promise((resolve) => { window.answer = resolve; }); };`;
    const [here, there] = [await openShop({ dialect: 'cobrowseio', after }), await openShop({ dialect: 'cobrowseio', after })];
    await Promise.all([here.notes('started'), there.notes('started')]);
    const id = await invite();
    await Promise.all([here.notes('asked'), there.notes('asked')]);
    await there.page.evaluate('answer(false)');
    await here.notes('ended ended device_ended');
    await here.page.evaluate('answer(true)');
    expect(await sessionOf(id)).toMatchObject({ reason: 'declined' });
  });

  it('hears why nobody came, in the words that it knows', async () => {
    const shop = await openShop({ dialect: 'cobrowseio', after: LISTENING });
    await shop.notes('started');
    await shop.page.evaluate('CobrowseIO.createSession()');
    await say(await requested(), 'refuse');
    await shop.notes('ended ended agent_ended');
    const brief = await createAccount(program, { allowedOrigins: [site.origin], codeTtlSeconds: 60, requestTtlSeconds: 2 });
    const other = await openShop({ dialect: 'cobrowseio', after: LISTENING, by: brief });
    await other.notes('started');
    await other.page.evaluate('CobrowseIO.createSession()');
    await other.notes('ended ended pending_timeout');
  });
});

describe('A page written for Fullview', () => {
  const NAMES = [
    'callRequested',
    'callAccepted',
    'callDenied',
    'callEnded',
    'supportRequested',
    'supportRequestCancelledByCustomer',
    'supportRequestCancelledByAgent',
    'supportRequestTaken',
  ];
  const before = `for (const name of ${JSON.stringify(NAMES)}) {
    window.addEventListener('fullview:' + name, (event) => note(name + ' ' + event.detail.callId));
  }`;
  const twoTabs = async (): Promise<[Shop, Shop]> => [
    await openShop({ dialect: 'fullview', before }),
    await openShop({ dialect: 'fullview', before }),
  ];
  const names = async (shop: Shop): Promise<string[]> => (await shop.noted()).map((line) => line.split(' ')[0]!);

  it('hears in each of its tabs that it is called, that one accepts, and the end', async () => {
    const tabs = await twoTabs();
    const id = await invite();
    await tabs[1].card.getByRole('button', { name: 'Accept' }).click();
    await tabs[0].notes(`callAccepted ${id}`);
    await say(id, 'join');
    await say(id, 'end');
    for (const tab of tabs) {
      await tab.notes(`callEnded ${id}`);
      expect(await tab.noted()).toEqual(['callRequested', 'callAccepted', 'callEnded'].map((name) => `${name} ${id}`));
    }
  });

  it('hears that the visitor denied', async () => {
    const tabs = await twoTabs();
    const id = await invite();
    await tabs[0].card.getByRole('button', { name: 'Decline' }).click();
    for (const tab of tabs) {
      await tab.notes(`callDenied ${id}`);
      expect(await names(tab)).toEqual(['callRequested', 'callDenied']);
    }
  });

  it('hears of a request in each tab: taken back, refused, and taken by an agent who calls', async () => {
    const tabs = await twoTabs();
    const [shop] = tabs;
    const ask = () => shop.page.evaluate<string>("bridge.requestHelp({ topic: 'Sizes' }).then(({ id }) => id)");
    const first = await ask();
    await shop.page.evaluate('bridge.cancelRequest()');
    await Promise.all(tabs.map((tab) => tab.notes(`supportRequestCancelledByCustomer ${first}`)));
    const second = await ask();
    await say(second, 'refuse');
    await Promise.all(tabs.map((tab) => tab.notes(`supportRequestCancelledByAgent ${second}`)));
    const third = await ask();
    await say(third, 'take', ALEX);
    await shop.card.getByRole('button', { name: 'Accept' }).click();
    for (const tab of tabs) {
      await tab.notes(`callAccepted ${third}`);
      expect(await names(tab)).toEqual([
        'supportRequested',
        'supportRequestCancelledByCustomer',
        'supportRequested',
        'supportRequestCancelledByAgent',
        'supportRequested',
        'supportRequestTaken',
        'callRequested',
        'callAccepted',
      ]);
    }
  });
});

describe('A page written for both', () => {
  it('is told of a request that is taken where the account asks for no further consent', async () => {
    const trusting = await createAccount(program, { allowedOrigins: [site.origin], consent: 'skip_when_requested' });
    const shop = await openShop({
      dialect: "fullview', 'cobrowseio",
      by: trusting,
      before: `for (const name of ['supportRequested', 'supportRequestTaken', 'callRequested', 'callAccepted', 'callEnded']) {
        window.addEventListener('fullview:' + name, () => note(name));
      }`,
      after: `CobrowseIO.confirmSession = () => note('asked');
        CobrowseIO.client().then(() => {
          for (const name of ['loaded', 'updated', 'ended']) {
            CobrowseIO.on('session.' + name, (session) => note(name + ' ' + session.state() + ' ' + session.agent().name));
          }
          return CobrowseIO.start();
        }).then(() => note('started'));`,
    });
    await shop.notes('started');
    const id = await shop.page.evaluate<string>('CobrowseIO.createSession().then((session) => session.id())');
    await shop.notes('supportRequested');
    expect((await trusting.call('POST', `/sessions/${id}/take`, ALEX)).status).toBe(200);
    await shop.notes('updated active Alex');
    await shop.page.evaluate('CobrowseIO.currentSession.end()');
    await shop.notes('ended ended Alex');
    const noted = await shop.noted();
    expect(noted.filter((line) => /^(support|call)/.test(line))).toEqual([
      'supportRequested',
      'supportRequestTaken',
      'callAccepted',
      'callEnded',
    ]);
    expect(noted.filter((line) => /^(loaded|updated|ended)/.test(line))).toEqual([
      'loaded pending undefined',
      'updated active Alex',
      'ended ended Alex',
    ]);
    expect(noted).not.toContain('asked');
  });
});

describe('A page with LivePerson', () => {
  const TAG = `window.lpTag = { events: new Chronos.Events(), taglets: { lp_monitoringSDK: { getSid: () => 'sid-1', getVid: () => 'vid-1' } } };
    for (const name of ['cobrowseOffered', 'cobrowseAccepted', 'cobrowseDeclined']) {
      lpTag.events.bind('lpCoBrowse', name, (data) => note(name + ' ' + JSON.stringify(data)));
    }`;

  it.each([
    ['Accept', 'cobrowseAccepted'],
    ['Decline', 'cobrowseDeclined'],
  ])('has its tag told of the offer, and of %s in the tab where it was clicked, with all that the tag knows', async (button, answered) => {
    const conversation = new TestConversation(visitorId);
    const told = `${TAG}
      lpTag.events.publish('lpUnifiedWindow', 'conversationInfo', { conversationId: '${conversation.convId}' });
      lpTag.events.publish('lpUnifiedWindow', 'conversationInfo', { engagementId: 77 });
      lpTag.events.publish('LP_OFFERS', 'START', { engagementId: 77, contextId: '2' });`;
    const [here, there] = [
      await openShop({ dialect: 'liveperson', before: told }),
      await openShop({ dialect: 'liveperson', before: told }),
    ];
    conversation.invite({ mode: 'follow' });
    await postHook(program, account, conversation.notification());
    await there.card.waitFor();
    await here.card.getByRole('button', { name: button }).click();
    const data = {
      serviceId: `${visitorId}#${conversation.convId}`,
      agentId: conversation.agentId,
      visitorName: 'visitor',
      mode: 'follow',
      ssid: 'sid-1',
      svid: 'vid-1',
      cid: '2',
      eid: '77',
    };
    await there.card.waitFor({ state: 'detached' });
    await here.page.waitForFunction('noted.length > 1');
    const parsed = (lines: string[]) => lines.map((line) => [line.slice(0, line.indexOf(' ')), JSON.parse(line.slice(line.indexOf(' ')))]);
    expect(parsed(await here.noted())).toEqual([
      ['cobrowseOffered', data],
      [answered, data],
    ]);
    expect(parsed(await there.noted())).toEqual([['cobrowseOffered', data]]);
  });
});
