import { type TestAccount, createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { type TestPage, openPage } from '../support/page.ts';
import { type RunningProgram, sharedProgram } from '../support/program.ts';

describe('an invitation that is not accepted', () => {
  let program: RunningProgram;
  let account: TestAccount;
  let conversation: TestConversation;
  let page: TestPage;

  beforeAll(async () => {
    program = await sharedProgram();
    account = await createAccount(program);
  });
  beforeEach(async () => {
    conversation = new TestConversation();
    page = await openPage(program, account, conversation.consumerId);
  });
  afterEach(() => page.close());

  const post = async (type: 'UPSERT' | 'DELETE' = 'UPSERT') =>
    (await postHook(program, account, conversation.notification(type))).body.results;

  it('is declined by the visitor, who tells LivePerson’s tag so', async () => {
    conversation.invite();
    await post();
    const { session } = await page.next('session.invited');
    expect(await page.answer('decline', session.id)).toMatchObject({
      ok: true,
      session: { status: 'closed', reason: 'declined' },
      publish: { event: 'cobrowseDeclined' },
    });
    expect((await page.next('session.closed')).session.reason).toBe('declined');
    expect(await page.answer('decline', session.id)).toMatchObject({ ok: true });
    expect(await page.answer('accept', session.id)).toMatchObject({ ok: false, error: { code: 'session_closed' } });
  });

  it('is cancelled by the agent: the prompt is withdrawn and nothing is published', async () => {
    const dialogId = conversation.invite();
    await post();
    await page.next('session.invited');
    conversation.closed(dialogId, 'cancel_invitation');
    expect(await post()).toMatchObject([{ outcome: 'closed', reason: 'cancelled' }]);
    const closed = await page.next('session.closed');
    expect(closed.session.reason).toBe('cancelled');
    expect(closed.publish).toBeUndefined();
  });

  it('expires by the clock, in every tab, within moments of its end', async () => {
    conversation.invite({ secondsLeft: 2 });
    await post();
    const { session } = await page.next('session.invited');
    const closed = await page.next('session.closed');
    expect(closed.session).toMatchObject({ id: session.id, reason: 'expired' });
    const lateMs = Date.parse(closed.occurredAt) - Date.parse(session.expiresAt as string);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(await page.answer('accept', session.id)).toMatchObject({ ok: false, error: { code: 'session_expired' } });
  });

  it('is not shown when it comes after its end', async () => {
    conversation.invite({ createdAt: Date.now() - 200_000 });
    expect(await post()).toMatchObject([{ outcome: 'ignored', code: 'expired_on_arrival', status: 'closed', reason: 'expired' }]);
    conversation.invite();
    await post();
    await page.next('session.invited');
    expect(page.events.map((e) => e.type)).toEqual(['session.invited']);
  });

  it('ends with its conversation', async () => {
    conversation.invite();
    await post();
    await page.next('session.invited');
    conversation.end();
    await post();
    expect((await page.next('session.closed')).session.reason).toBe('conversation_closed');
  });

  it('ends when its conversation leaves the subscription', async () => {
    conversation.invite();
    await post();
    await page.next('session.invited');
    await post('DELETE');
    expect((await page.next('session.closed')).session.reason).toBe('conversation_closed');
  });

  it('gives way to a newer one', async () => {
    const first = conversation.invite({ createdAt: Date.now() - 5000 });
    await post();
    const old = await page.next('session.invited');
    conversation.invite();
    expect((await post()).filter((r) => r.dialogId !== first)).toMatchObject([{ outcome: 'invited' }]);
    expect((await page.next('session.closed')).session).toMatchObject({ id: old.session.id, reason: 'superseded' });
    expect((await page.next('session.invited')).session.id).not.toBe(old.session.id);
  });

  it('in a mode that is not allowed is closed and never shown', async () => {
    const strict = await createAccount(program, { allowedModes: ['follow'], defaultMode: 'follow' });
    const own = await openPage(program, strict, conversation.consumerId);
    conversation.invite({ mode: 'shared' });
    const { body } = await postHook(program, strict, conversation.notification());
    expect(body.results).toMatchObject([{ outcome: 'closed', reason: 'mode_not_allowed' }]);
    const other = new TestConversation(conversation.consumerId);
    other.invite({ mode: 'follow' });
    await postHook(program, strict, other.notification());
    await own.next('session.invited');
    expect(own.events).toHaveLength(1);
    own.close();
  });

  it('that was repeated, reordered or lost in part ends in the same session', async () => {
    const dialogId = conversation.invite();
    const invited = conversation.notification();
    conversation.accepted(dialogId);
    const accepted = conversation.notification();
    conversation.closed(dialogId, 'cancel_invitation');
    const closed = conversation.notification();
    for (const notification of [closed, accepted, invited, closed, invited]) await postHook(program, account, notification);
    const { body } = await account.call('GET', `/sessions?conversationId=${conversation.convId}`);
    expect(body.items).toMatchObject([
      {
        status: 'closed',
        reason: 'cancelled',
        mode: 'view',
        serviceId: `${conversation.consumerId}#${conversation.convId}`,
        agent: { id: conversation.agentId },
      },
    ]);
    expect(page.events).toEqual([]);
  });
});
