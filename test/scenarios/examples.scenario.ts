import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { flaws } from '../support/flaws.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const WITHIN_MS = 25_000;

// A database, a bridge, a bundler and a browser in each test: seconds on an idle machine, more on a busy one.
jest.setTimeout(60_000);

/** An example as its command starts it, on a free port and with everything that it keeps in a folder of its own. */
interface Example {
  readonly origin: string;
  readonly bridge: string;
  /** Waits until the terminal has said that, after what was waited for before. */
  says(text: string): Promise<void>;
  /** What the agent may do; resolves to the session's status, or to what is wrong. */
  agent(step: 'invite' | 'cancel' | 'join' | 'end' | 'take' | 'refuse'): Promise<string>;
  /** Opens the page, which has to have met no error and nothing that its policy forbids. */
  open(look?: BrowserContextOptions): Promise<Page>;
  /** SIGTERM. Resolves to what is left of it: processes, files, an open port. */
  stop(): Promise<{ exitCode: number | null; processes: boolean; files: string[]; bridge: boolean }>;
}

let browser: Browser;
const started: { child: ChildProcess; folder: string }[] = [];
/** What the pages complained of. */
let complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
beforeEach(() => {
  complaints = [];
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  for (const { child, folder } of started) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  }
});

/** `npm run example -- <name>`, without building again what other tests are running just now. */
async function run(name: string): Promise<Example> {
  const folder = await mkdtemp(join(tmpdir(), 'example-'));
  await chmod(folder, 0o755);
  const child = spawn('npm', ['run', '--silent', '--ignore-scripts', 'example', '--', name], {
    // From Node 22 on npm keeps its own compiled code in TMPDIR, in which nothing of ours may stay.
    env: { ...process.env, PORT: '0', TMPDIR: folder, NODE_DISABLE_COMPILE_CACHE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  started.push({ child, folder });
  let said = '';
  let from = 0;
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      for (const look of heard) look();
    });
  }
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (end: () => void) => (): void => {
        clearTimeout(timer);
        heard.delete(look);
        end();
      };
      const look = (): void => {
        const at = said.indexOf(text, from);
        if (at >= 0) {
          from = at + text.length;
          settle(resolve)();
        } else if (child.exitCode !== null) fail();
      };
      const fail = settle(() => reject(new Error(`"${text}" was not said:\n${said}`)));
      const timer = setTimeout(fail, WITHIN_MS);
      heard.add(look);
      look();
    });
  await says('/agent/invite');
  const origin = /Page: +(\S+)/.exec(said)?.[1] ?? '';
  const bridge = new URL(/Bridge: +(\S+)/.exec(said)?.[1] ?? '').origin;
  return {
    origin,
    bridge,
    says,
    agent: async (step) => {
      const answer = await fetch(`${origin}/agent/${step}`, { method: 'POST' });
      const text = await answer.text();
      return answer.ok ? (JSON.parse(text) as { status: string }).status : text.trim();
    },
    open: async (look) => {
      const page = await browser.newPage(look);
      page.setDefaultTimeout(12_000);
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await page.goto(origin);
      return page;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const [exitCode] = await exited;
      const answers = await fetch(`${bridge}/health/live`).catch(() => null);
      return { exitCode, processes: await groupLives(child.pid ?? 0), files: await readdir(folder), bridge: answers !== null };
    },
  };
}

const JSON_BODY = { 'content-type': 'application/json' };
const NOTHING = { exitCode: 0, processes: false, files: [], bridge: false };

/** Whether a process of that group runs. One that has ended counts as gone, even if its parent has not looked at it yet. */
async function groupLives(group: number): Promise<boolean> {
  if (process.platform !== 'linux') {
    try {
      return process.kill(-group, 0);
    } catch {
      return false;
    }
  }
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  // pid (name) state parent group …
  return stats.some((stat) => {
    const [state, , its] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(its) === group && state !== 'Z';
  });
}

/** What axe finds wrong, and what sticks out sideways. */
async function troubles(page: Page): Promise<string[]> {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return [...(await flaws(page)), ...(wider > 0 ? [`${wider}px`] : [])];
}

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', reducedMotion: 'reduce' };

describe('The example', () => {
  it('plain: the card asks, the page says how it stands, and the visitor may ask first', async () => {
    const example = await run('plain');
    // Its bridge is one without the demo.
    expect((await fetch(`${example.bridge}/demo`)).status).toBe(404);
    expect((await fetch(`${example.bridge}/demo/session`, { method: 'POST', headers: JSON_BODY, body: '{}' })).status).toBe(404);
    const page = await example.open();
    expect(await example.agent('join')).toBe('Nobody is invited yet.');
    expect(await example.agent('invite')).toBe('invited');
    const card = page.locator('cobridge-dock');
    await card.getByRole('dialog').waitFor();
    expect(await card.getByRole('dialog').innerText()).toContain('Grace would like to see this page and to scroll it with you.');
    await example.says('session.invited');
    expect(await troubles(page)).toEqual([]);
    await card.getByRole('button', { name: 'Accept' }).click();
    await example.says('session.accepted');
    expect(await example.agent('join')).toBe('active');
    await page.getByRole('status').getByText('You are sharing this page with us.').waitFor();
    expect(await example.agent('end')).toBe('closed');
    await page.getByText('(agent_ended)').waitFor();
    await example.says('session.closed, agent_ended');

    await page.getByRole('button', { name: 'Get help' }).click();
    await example.says('session.requested');
    expect(await example.agent('take')).toBe('invited');
    await card.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('(declined)').waitFor();
    expect(await example.agent('refuse')).toBe('The visitor has not asked for help.');
    await page.getByRole('button', { name: 'Get help' }).click();
    await card.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('(withdrawn)').waitFor();
    expect(complaints).toEqual([]);
    expect(await example.stop()).toEqual(NOTHING);
  });

  it('react: its own dialog asks with the keyboard in it, Escape says no, and yes shares the page', async () => {
    const example = await run('react');
    const page = await example.open(PHONE);
    const dialog = page.getByRole('dialog', { name: 'May we look at this page with you?' });
    const bar = page.getByRole('complementary', { name: 'Page sharing' });
    await page.getByLabel('Name').fill('Ada');
    expect(await example.agent('invite')).toBe('invited');
    await dialog.getByText('Grace would like to see this page and scroll it with you.').waitFor();
    expect(await troubles(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await bar.getByText('(declined)').waitFor();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement === document.querySelector('input'))).toBe(true);

    expect(await example.agent('invite')).toBe('invited');
    await dialog.getByRole('button', { name: 'Yes, share' }).click();
    await bar.getByText('Connecting').waitFor();
    expect(await example.agent('join')).toBe('active');
    await bar.getByRole('button', { name: 'Stop sharing' }).click();
    await example.says('session.closed, visitor_ended');
    expect(await page.locator('cobridge-dock').count()).toBe(0);
    expect(complaints).toEqual([]);
    expect(await example.stop()).toEqual(NOTHING);
  });

  it("liveperson-tag: what LivePerson's tag has to know waits until the tag can publish", async () => {
    const example = await run('liveperson-tag');
    const page = await example.open(PHONE);
    expect(await example.agent('invite')).toBe('invited');
    const card = page.locator('cobridge-dock');
    await card.getByRole('dialog').waitFor();
    await page.getByText('Nothing yet.').waitFor();
    await page.getByRole('button', { name: 'Load the tag' }).click();
    const published = page.getByRole('heading', { level: 3 });
    await published.getByText('cobrowseOffered').waitFor();
    expect(await example.agent('join')).toContain('The session is invited');
    await card.getByRole('button', { name: 'Accept' }).click();
    await published.getByText('cobrowseAccepted').waitFor();
    expect(await page.locator('#events li').last().innerText()).toContain('monitoring-visitor-1');
    await example.says('session.accepted');
    expect(await example.agent('join')).toBe('active');
    expect(await example.agent('end')).toBe('closed');
    await example.says('session.closed, agent_ended');
    expect(await published.allInnerTexts()).toEqual(['cobrowseOffered', 'cobrowseAccepted']);
    expect(await troubles(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await example.stop()).toEqual(NOTHING);
  });

  describe('raw-socket:', () => {
    let example: Example;
    beforeAll(async () => {
      example = await run('raw-socket');
    });

    it('a page without the SDK hears, answers, and learns after a break what it has missed', async () => {
      const page = await example.open();
      let cut = (): void => {};
      let upgrade = (): void => {};
      const upgraded = new Promise<void>((resolve) => (upgrade = resolve));
      await page.routeWebSocket(/socket\.io/, (socket) => {
        const bridge = socket.connectToServer();
        socket.onMessage((message) => {
          bridge.send(message);
          // Engine.IO's word that from now on everything goes by this socket.
          if (message === '5') upgrade();
        });
        cut = () => void socket.close();
      });
      await page.reload();
      await upgraded;
      expect(await example.agent('invite')).toBe('invited');
      const state = page.getByRole('status');
      await state.getByText('Grace would like to see this page and scroll it with you.').waitFor();
      await page.route('**/socket.io/**', (route) => route.abort());
      cut();
      await page.getByRole('log').getByText('disconnect').waitFor();
      expect(await example.agent('cancel')).toBe('closed');
      await page.unroute('**/socket.io/**');
      await state.getByText('(cancelled)').waitFor();

      expect(await example.agent('invite')).toBe('invited');
      await page.getByRole('button', { name: 'Share this page' }).click();
      await state.getByText('Connecting').waitFor();
      expect(await troubles(page)).toEqual([]);
      await page.reload();
      await state.getByText('Connecting').waitFor();
      expect(await example.agent('join')).toBe('active');
      await page.getByRole('button', { name: 'Stop sharing' }).click();
      await state.getByText('(visitor_ended)').waitFor();
      await example.says('session.closed, visitor_ended');
      expect(complaints.filter((text) => !text.includes('ERR_FAILED'))).toEqual([]);
    });

    it('the visitor asks for help, thinks better of it, asks again and is helped', async () => {
      const page = await example.open(PHONE);
      const state = page.getByRole('status');
      expect(await example.agent('take')).toBe('The visitor has not asked for help.');
      await page.getByRole('button', { name: 'Ask for help' }).click();
      await state.and(page.locator(':focus')).waitFor();
      await page.getByRole('button', { name: 'Never mind' }).click();
      await state.getByText('(withdrawn)').waitFor();
      await page.getByRole('button', { name: 'Ask for help' }).click();
      await state.getByText('Somebody will be with you soon.').waitFor();
      expect(await example.agent('take')).toBe('invited');
      await page.getByRole('button', { name: 'Share this page' }).click();
      await example.says('session.accepted');
      expect(await troubles(page)).toEqual([]);
      expect(await example.agent('end')).toBe('closed');
      await state.getByText('(agent_ended)').waitFor();
      expect(complaints).toEqual([]);
    });

    it('leaves nothing behind when it stops', async () => {
      expect(await example.stop()).toEqual(NOTHING);
    });
  });

  it('on a terminal takes one key for each step of the agent, and stops on q and on Ctrl-C', async () => {
    const { listenToKeys } = (await import(join(EXAMPLES, 'runner/keyboard.mjs'))) as { listenToKeys: (...args: object[]) => boolean };
    const pressed: string[] = [];
    const step = (name: string) => () => Promise.resolve(pressed.push(name));
    const agent = Object.fromEntries(['invite', 'cancel', 'join', 'end', 'take'].map((name) => [name, step(name)]));
    const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
    await new Promise<void>((resolve) => {
      const quit = (): void => void (pressed.push('quit') === 7 && resolve());
      expect(listenToKeys(agent, quit, keyboard)).toBe(true);
      keyboard.write('ijxctreq\u0003');
    });
    expect(pressed).toEqual(['invite', 'join', 'cancel', 'take', 'end', 'quit', 'quit']);
    expect(listenToKeys(agent, () => {}, new PassThrough())).toBe(false);
  });

  it('that is none is refused with the names of those that are', async () => {
    const child = spawn(process.execPath, ['examples/run.mjs', 'toString'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const said = child.stderr.setEncoding('utf8').toArray();
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect((await said).join('')).toContain('plain | react | liveperson-tag | raw-socket');
  });
});
