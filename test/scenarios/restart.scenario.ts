import { setTimeout as sleep } from 'node:timers/promises';
import { type TestAccount, createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { type TestPage, openPage } from '../support/page.ts';
import { type Program, startProgram } from '../support/program.ts';
import { startReceiver } from '../support/receiver.ts';

/** What holds across a restart, told from top to bottom: the first `yield` is over when the bridge is down, the second when it is up. */
type Fact = () => AsyncGenerator<void, void, void>;

describe('a bridge that is restarted', () => {
  let program: Program;
  let account: TestAccount;
  /** When it had started again. */
  let up: number;
  const undo: (() => unknown)[] = [];

  beforeAll(async () => {
    program = await startProgram();
  }, 60_000);
  afterAll(() => program?.remove());

  const open = async (by: TestAccount, visitorId: string, pageId?: string): Promise<TestPage> => {
    const page = await openPage(program, by, visitorId, pageId === undefined ? {} : { pageId });
    undo.push(() => page.close());
    return page;
  };

  const LASTING: Record<string, Fact> = {
    async *'shows offers again, and their answers count'() {
      const conversation = new TestConversation();
      conversation.invite();
      await postHook(program, account, conversation.notification());
      const page = await open(account, conversation.consumerId, 'tab-1');
      expect(page.snapshot.events).toHaveLength(1);
      const again = new Promise<void>((resolve) => {
        page.socket.once('disconnect', () => page.socket.once('sessions', () => resolve()));
      });
      yield;
      yield;
      await again;
      expect(page.snapshot.events).toMatchObject([{ type: 'session.invited', publish: { event: 'cobrowseOffered' } }]);
      const { id } = page.snapshot.events[0]!.session;
      expect(await page.answer('accept', id)).toMatchObject({ ok: true, publish: { event: 'cobrowseAccepted' } });
    },

    async *'goes on counting the fifteen codes in three minutes of a visitor, and of nobody else'() {
      const page = await open(account, 'visitor-of-codes');
      for (let i = 0; i < 15; i++) expect(await page.createCode()).toMatchObject({ ok: true });
      const refused = { ok: false, error: { code: 'too_many_requests', message: expect.stringContaining('3 minutes') } };
      expect(await page.createCode()).toMatchObject(refused);
      yield;
      yield;
      expect(await (await open(account, 'visitor-of-codes')).createCode()).toMatchObject(refused);
      expect(await (await open(account, 'friend-of-visitor')).createCode()).toMatchObject({ ok: true });
    },

    async *'tells the admin key the first time only'() {
      expect(program.output()).toContain(program.adminKey);
      yield;
      const before = program.output().length;
      yield;
      expect(program.output().slice(before)).toContain('bridge.started');
      expect(program.output().slice(before)).not.toContain(program.adminKey);
    },
  };

  const UNDER_LOAD: Record<string, Fact> = {
    async *'has lost nothing that it had acknowledged, however hard it was working'() {
      const acknowledged: string[] = [];
      let working = true;
      let reached = (): void => {};
      const enough = new Promise<void>((resolve) => (reached = resolve));
      const writers = Array.from({ length: 16 }, async () => {
        while (working) {
          const conversation = new TestConversation();
          conversation.invite();
          const answer = await postHook(program, account, conversation.notification()).catch(() => null);
          if (answer === null) return; // It does not listen any more.
          if (answer.status === 200 && acknowledged.push(conversation.convId) === 300) reached();
        }
      });
      await enough;
      yield;
      working = false;
      await Promise.all(writers);
      yield;
      const found = new Set<string>();
      let cursor: string | null = '';
      while (cursor !== null) {
        const { body }: { body: { items: { conversationId: string }[]; nextCursor: string | null } } = await account.call(
          'GET',
          `/sessions?limit=200${cursor && `&cursor=${cursor}`}`,
        );
        body.items.forEach((session) => found.add(session.conversationId));
        cursor = body.nextCursor;
      }
      expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
    },
  };

  /** Their time is running once they are made: the next try of a callback is 5 seconds away. */
  const RUNNING: Record<string, Fact> = {
    async *'still makes the callbacks that it had promised and not delivered'() {
      const receiver = await startReceiver();
      undo.push(() => receiver.close());
      const calling = await createAccount(program, { callbacks: [{ url: receiver.url, secret: receiver.secret }] });
      receiver.answer = (_call, response) => void response.socket?.destroy();
      const page = await open(calling, 'visitor-1');
      await calling.call('POST', '/sessions', { conversationId: 'conversation-1', visitorId: 'visitor-1', agentId: 'agent-7' });
      const { session } = await page.next('session.invited');
      await page.answer('accept', session.id);
      await page.answer('end', session.id);
      await receiver.count(1);
      yield;
      const before = receiver.received.length;
      receiver.answer = (_call, response) => void response.writeHead(204).end();
      yield;
      await receiver.count(before + 3);
      const types = receiver.received.slice(before).map(({ event }) => event.type);
      expect(types).toEqual(['session.invited', 'session.accepted', 'session.closed']);
    },

    async *'closes what a visitor has asked for when its time is over'() {
      const brief = await createAccount(program, { requestTtlSeconds: 3 });
      const page = await open(brief, 'visitor-1');
      const asked = await page.request();
      if (!asked.ok) throw new Error(asked.error.code);
      const { id, expiresAt } = asked.session;
      yield;
      yield;
      // A page that was away when it happened asks what it was.
      const { session } = await untilClosed(page, id);
      expect(session).toMatchObject({ status: 'closed', reason: 'expired' });
      expect(Date.parse(session.closedAt!)).toBeGreaterThanOrEqual(Date.parse(expiresAt!));
      const late = await brief.call('POST', `/sessions/${id}/take`, { agentId: 'agent-7', agentName: 'Grace' });
      expect(late).toMatchObject({ status: 409, body: { code: 'session_expired' } });
    },

    async *'closes what an agent has offered when its time is over'() {
      const conversation = new TestConversation();
      conversation.invite({ secondsLeft: 3 });
      await postHook(program, account, conversation.notification());
      yield;
      yield;
      const find = async () => (await account.call('GET', `/sessions?conversationId=${conversation.convId}`)).body.items[0];
      while ((await find()).status !== 'closed' && Date.now() - up < 10_000);
      const closed = await find();
      expect(closed).toMatchObject({ status: 'closed', reason: 'expired' });
      expect(Date.parse(closed.closedAt) - up).toBeLessThan(5000);
    },
  };

  describe.each([
    ['SIGTERM', 'stop', [LASTING, RUNNING]],
    ['kill -9', 'kill', [LASTING, UNDER_LOAD, RUNNING]],
  ] as const)('after %s', (_, how, facts) => {
    const groups = facts.map((group) => Object.entries(group).map(([fact, tell]) => [fact, tell()] as const));
    const told = groups.flat();
    const goOn = (stories: typeof told): Promise<unknown> => Promise.all(stories.map(([, story]) => story.next()));
    let exitCode: number | null | void;

    beforeAll(async () => {
      account = await createAccount(program);
      for (const group of groups) await goOn(group);
      exitCode = await program[how]();
      await goOn(told);
      await program.start();
      up = Date.now();
    }, 60_000);
    afterAll(() => Promise.all(undo.splice(0).map((step) => step())));

    if (how === 'stop') {
      it('has stopped cleanly and left nothing running', () => {
        expect(exitCode).toBe(0);
        expect(program.logged('bridge.stop_failed')).toEqual([]);
      });
    }
    for (const [fact, story] of told) {
      it(fact, async () => {
        expect(await story.next()).toEqual({ done: true, value: undefined });
      });
    }
  });
});

/** Asks whenever the page is connected, as one that comes back does. */
async function untilClosed(page: TestPage, id: string) {
  for (;;) {
    const answer = page.socket.connected ? await page.latest(id).catch(() => undefined) : undefined;
    if (answer?.ok && answer.latest.type === 'session.closed') return answer.latest;
    await sleep(50);
  }
}
