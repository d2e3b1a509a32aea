import { type TestAccount, createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { openPage } from '../support/page.ts';
import { type Program, startProgram } from '../support/program.ts';

describe('a bridge that is restarted', () => {
  let program: Program;
  let account: TestAccount;

  beforeAll(async () => {
    program = await startProgram();
    account = await createAccount(program);
  });
  afterAll(() => program.remove());

  it('stops cleanly on SIGTERM and leaves nothing running', async () => {
    expect(await program.stop()).toBe(0);
    expect(program.logged('bridge.stop_failed')).toEqual([]);
    await program.start();
  });

  it.each(['stop', 'kill'] as const)('after %s: offers are shown again, answers count, the clock has gone on', async (how) => {
    const kept = new TestConversation();
    kept.invite();
    const soon = new TestConversation();
    soon.invite({ secondsLeft: 1 });
    await postHook(program, account, kept.notification());
    await postHook(program, account, soon.notification());
    const before = await openPage(program, account, kept.consumerId, { pageId: 'tab-1' });
    expect(before.snapshot.events).toHaveLength(1);
    const again = new Promise<void>((resolve) => {
      before.socket.once('disconnect', () => before.socket.once('sessions', () => resolve()));
    });

    await program[how]();
    await program.start();
    const up = Date.now();

    await again;
    expect(before.snapshot.events).toMatchObject([{ type: 'session.invited', publish: { event: 'cobrowseOffered' } }]);
    const { id } = before.snapshot.events[0]!.session;
    expect(await before.answer('accept', id)).toMatchObject({ ok: true, publish: { event: 'cobrowseAccepted' } });

    const find = async () => (await account.call('GET', `/sessions?conversationId=${soon.convId}`)).body.items[0];
    while ((await find()).status !== 'closed' && Date.now() - up < 10_000);
    const closed = await find();
    expect(closed).toMatchObject({ status: 'closed', reason: 'expired' });
    expect(Date.parse(closed.closedAt) - up).toBeLessThan(5000);
    before.close();
  });

  it('has lost nothing that it had acknowledged before kill -9, however hard it was working', async () => {
    const acknowledged: string[] = [];
    let working = true;
    let reached = (): void => {};
    const enough = new Promise<void>((resolve) => (reached = resolve));
    const writers = Array.from({ length: 16 }, async () => {
      while (working) {
        const conversation = new TestConversation();
        conversation.invite();
        const { status } = await postHook(program, account, conversation.notification()).catch(() => ({ status: 0 }));
        if (status === 200 && acknowledged.push(conversation.convId) === 300) reached();
      }
    });
    await enough;
    await program.kill();
    working = false;
    await Promise.all(writers);
    await program.start();
    const found = new Set<string>();
    let cursor: string | null = null;
    do {
      const { body }: { body: { items: { conversationId: string }[]; nextCursor: string | null } } = await account.call(
        'GET',
        `/sessions?limit=200${cursor ? `&cursor=${cursor}` : ''}`,
      );
      body.items.forEach((s) => found.add(s.conversationId));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  });
});
