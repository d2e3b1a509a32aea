import { type TestAccount, createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { openPage } from '../support/page.ts';
import { sharedProgram } from '../support/program.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';

describe('callbacks', () => {
  let program: Awaited<ReturnType<typeof sharedProgram>>;
  let account: TestAccount;
  let receiver: Receiver;
  let conversation: TestConversation;

  beforeAll(async () => {
    program = await sharedProgram();
  });
  beforeEach(async () => {
    receiver = await startReceiver();
    account = await createAccount(program, { callbacks: [{ url: receiver.url, secret: receiver.secret }] });
    conversation = new TestConversation();
  });
  afterEach(() => receiver.close());

  /** Invited, accepted by a page, ended by the visitor. */
  async function live(): Promise<string> {
    const page = await openPage(program, account, conversation.consumerId);
    conversation.invite();
    await postHook(program, account, conversation.notification());
    const { session } = await page.next('session.invited');
    await page.answer('accept', session.id);
    await page.answer('end', session.id);
    page.close();
    return session.id;
  }

  const LIFE = ['session.invited', 'session.accepted', 'session.closed'];
  const types = (): string[] => receiver.received.map((call) => call.event.type);

  it('tell every event, signed, in order, under the id that pages and history know it by', async () => {
    const id = await live();
    const received = await receiver.count(3);
    expect(types()).toEqual(LIFE);
    expect(receiver.forged).toBe(0);
    const { body } = await account.call('GET', `/sessions/${id}/events`);
    expect(received.map((call) => call.id)).toEqual(body.items.map((event: { id: string }) => event.id));
    expect(received.map((call) => call.event)).toEqual(body.items);
    expect(received[0]?.event.publish).toMatchObject({ event: 'cobrowseOffered' });
  });

  it('are tried again by a receiver that fails, and the later ones wait their turn', async () => {
    let failures = 1;
    receiver.answer = (_call, response) => void response.writeHead(failures-- > 0 ? 500 : 204).end();
    await live();
    const received = await receiver.count(4);
    expect(types()).toEqual(['session.invited', ...LIFE]);
    expect(received[1]?.id).toBe(received[0]?.id);
    const ours = (line: Record<string, unknown>): boolean => line['accountId'] === account.id;
    const attempts = (await program.untilLogged('callback.attempted', (all) => all.filter(ours).length >= 2)).filter(ours);
    expect(attempts.slice(0, 2)).toMatchObject([
      { outcome: 'failed', status: 500 },
      { outcome: 'delivered', status: 204 },
    ]);
  });

  it('of other sessions do not wait for a receiver that is slow', async () => {
    const held: (() => void)[] = [];
    const slow = conversation;
    receiver.answer = (call, response) => {
      if (call.event.session.conversationId === slow.convId) held.push(() => response.writeHead(204).end());
      else response.writeHead(204).end();
    };
    await live();
    await receiver.count(1);
    conversation = new TestConversation();
    await live();
    await receiver.count(4);
    expect(receiver.received.filter((call) => call.event.session.conversationId === slow.convId)).toHaveLength(1);
    receiver.answer = (_call, response) => void response.writeHead(204).end();
    held.forEach((release) => release());
    await receiver.count(6);
  });

  it('may be wanted of some events only', async () => {
    const picky = await createAccount(program, { callbacks: [{ url: receiver.url, secret: receiver.secret, events: ['session.closed'] }] });
    account = picky;
    await live();
    await receiver.count(1);
    conversation = new TestConversation();
    await live();
    await receiver.count(2);
    expect(types()).toEqual(['session.closed', 'session.closed']);
  });
});
