import { type TestAccount, createAccount } from '../support/api.ts';
import { openPage } from '../support/page.ts';
import { type RunningProgram, sharedProgram } from '../support/program.ts';

describe('a platform that calls our REST', () => {
  let program: RunningProgram;
  let account: TestAccount;
  let count = 0;
  const invitation = (more: object = {}) => {
    count += 1;
    return {
      conversationId: `conversation-${count}`,
      visitorId: `visitor-${count}`,
      agentId: 'agent-7',
      agentName: 'Ada',
      visitorName: 'Grace',
      ...more,
    };
  };

  beforeAll(async () => {
    program = await sharedProgram();
    account = await createAccount(program);
  });

  it('invites, is accepted, joins and ends', async () => {
    const request = invitation({ mode: 'follow' });
    const page = await openPage(program, account, request.visitorId);
    const { status, body: session } = await account.call('POST', '/sessions', request);
    expect(status).toBe(201);
    expect(session).toMatchObject({
      status: 'invited',
      mode: 'follow',
      version: 1,
      source: 'platform',
      conversationId: request.conversationId,
      visitor: { id: request.visitorId, name: 'Grace' },
      agent: { id: 'agent-7', name: 'Ada' },
      reason: null,
    });
    const invited = await page.next('session.invited');
    expect(invited.session).toEqual(session);
    expect(invited.publish).toBeUndefined();

    expect(await account.call('POST', `/sessions/${session.id}/join`)).toMatchObject({ status: 409, body: { code: 'not_accepted' } });
    const answer = await page.answer('accept', session.id);
    expect(answer).toMatchObject({ ok: true, session: { status: 'accepted' } });
    expect(answer).not.toHaveProperty('publish');
    expect(await account.call('POST', `/sessions/${session.id}/cancel`)).toMatchObject({ status: 409, body: { code: 'already_accepted' } });
    expect((await account.call('POST', `/sessions/${session.id}/join`)).body).toMatchObject({ status: 'active' });
    expect((await account.call('POST', `/sessions/${session.id}/end`)).body).toMatchObject({ status: 'closed', reason: 'agent_ended' });
    expect((await page.next('session.closed')).session.reason).toBe('agent_ended');
    expect(await account.call('POST', `/sessions/${session.id}/end`)).toMatchObject({ status: 409, body: { code: 'session_closed' } });
    page.close();
  });

  it('withdraws an invitation, and is told when that is too late', async () => {
    const { body: session } = await account.call('POST', '/sessions', invitation());
    expect((await account.call('POST', `/sessions/${session.id}/cancel`)).body).toMatchObject({ status: 'closed', reason: 'cancelled' });
    expect(await account.call('POST', `/sessions/${session.id}/cancel`)).toMatchObject({
      status: 409,
      headers: expect.anything(),
      body: { code: 'session_closed', status: 409 },
    });
  });

  it('may repeat a request under its idempotency key, also at once, and makes one session', async () => {
    const request = invitation();
    const post = () => account.call('POST', '/sessions', request, { 'idempotency-key': 'order-66' });
    const replies = await Promise.all([post(), post(), post()]);
    expect(replies.map((r) => r.status)).toEqual([201, 201, 201]);
    expect(new Set(replies.map((r) => r.body.id)).size).toBe(1);
    expect((await account.call('GET', `/sessions?conversationId=${request.conversationId}`)).body.items).toHaveLength(1);
    expect(await account.call('POST', '/sessions', invitation(), { 'idempotency-key': 'order-66' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('gets one session for one idempotency key, also when requests for several conversations arrive together', async () => {
    for (let round = 0; round < 5; round++) {
      const key = { 'idempotency-key': `order-67-${round}` };
      const answers = await Promise.all([1, 2, 3, 4].map(() => account.call('POST', '/sessions', invitation(), key)));
      expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 422, 422, 422]);
    }
  });

  it('sees its shorter invitation expire', async () => {
    const request = invitation();
    const page = await openPage(program, account, request.visitorId);
    const { body: short } = await account.call('POST', '/sessions', { ...request, expiresInSeconds: 2 });
    expect(Date.parse(short.expiresAt) - Date.parse(short.invitedAt)).toBe(2000);
    const closed = await page.next((event) => event.type === 'session.closed');
    expect(closed.session.reason).toBe('expired');
    page.close();
  });

  it('has one live session per conversation: the newer invitation closes the older', async () => {
    const request = invitation();
    const { body: first } = await account.call('POST', '/sessions', request);
    const { body: second } = await account.call('POST', '/sessions', request);
    expect(second.id).not.toBe(first.id);
    expect((await account.call('GET', `/sessions/${first.id}`)).body).toMatchObject({ status: 'closed', reason: 'superseded' });
  });

  it('reads its sessions page by page, newest first', async () => {
    const brand = await createAccount(program);
    for (const n of [1, 2, 3, 4, 5])
      await brand.call('POST', '/sessions', { ...invitation(), visitorId: 'one-visitor', conversationId: `page-${n}` });
    const first = await brand.call('GET', '/sessions?limit=2&visitorId=one-visitor');
    expect(first.body.items.map((s: { conversationId: string }) => s.conversationId)).toEqual(['page-5', 'page-4']);
    const second = await brand.call('GET', `/sessions?limit=3&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({
      items: [{ conversationId: 'page-3' }, { conversationId: 'page-2' }, { conversationId: 'page-1' }],
      nextCursor: null,
    });
    expect(await brand.call('GET', '/sessions?cursor=made-up')).toMatchObject({ status: 400, body: { errors: [{ field: 'cursor' }] } });
  });
});
