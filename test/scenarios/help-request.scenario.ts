import type { Answer } from '#libs/protocol';
import { type TestAccount, createAccount } from '../support/api.ts';
import { type TestPage, openPage } from '../support/page.ts';
import { type RunningProgram, sharedProgram } from '../support/program.ts';
import { startReceiver } from '../support/receiver.ts';

const GRACE = { agentId: 'agent-7', agentName: 'Grace' };

function sessionOf(answer: Answer) {
  if (!answer.ok) throw new Error(`Refused: ${answer.error.code}`);
  return answer.session;
}

describe('a visitor who asks for help', () => {
  let program: RunningProgram;
  let account: TestAccount;
  let page: TestPage;
  let visitorId: string;
  let count = 0;
  const requested = async () => (await account.call('GET', `/sessions?status=requested&visitorId=${visitorId}`)).body.items;

  beforeAll(async () => {
    program = await sharedProgram();
    account = await createAccount(program);
  });
  beforeEach(async () => {
    visitorId = `visitor-${++count}`;
    page = await openPage(program, account, visitorId);
  });
  afterEach(async () => {
    page.close();
  });

  it('is found in the list, taken, asked, and helped', async () => {
    const session = sessionOf(await page.request('My card is declined'));
    expect(session).toMatchObject({
      status: 'requested',
      source: 'page',
      version: 1,
      conversationId: null,
      topic: 'My card is declined',
      visitor: { id: visitorId, name: 'visitor' },
      agent: { id: null },
      invitedAt: null,
      acceptedAt: null,
      reason: null,
    });
    expect(Date.parse(session.expiresAt!) - Date.parse(session.requestedAt!)).toBe(1_200_000);
    expect((await page.next('session.requested')).session).toEqual(session);
    expect(await requested()).toEqual([session]);

    const taken = await account.call('POST', `/sessions/${session.id}/take`, { ...GRACE, mode: 'shared' });
    expect(taken).toMatchObject({ status: 200, body: { status: 'invited', mode: 'shared', agent: { id: 'agent-7', name: 'Grace' } } });
    expect(Date.parse(taken.body.expiresAt) - Date.parse(taken.body.invitedAt)).toBe(120_000);
    const invited = await page.next('session.invited');
    expect(invited.session).toEqual(taken.body);
    expect(invited).not.toHaveProperty('publish');
    expect(await requested()).toEqual([]);

    expect(await page.answer('accept', session.id)).toMatchObject({ ok: true, session: { status: 'accepted' } });
    expect((await account.call('POST', `/sessions/${session.id}/join`)).body).toMatchObject({ status: 'active' });
    expect(await page.answer('end', session.id)).toMatchObject({ ok: true, session: { reason: 'visitor_ended' } });
    const { body: history } = await account.call('GET', `/sessions/${session.id}/events`);
    expect(history.items.map((event: { type: string }) => event.type)).toEqual([
      'session.requested',
      'session.invited',
      'session.accepted',
      'session.active',
      'session.closed',
    ]);
  });

  it('has one open request, however often and from how many pages it is asked', async () => {
    const other = await openPage(program, account, visitorId);
    const asked = await Promise.all([page.request('one'), other.request('two'), page.request()]);
    expect(new Set(asked.map((answer) => sessionOf(answer).id)).size).toBe(1);
    expect((await account.call('GET', `/sessions?visitorId=${visitorId}`)).body.items).toHaveLength(1);
    other.close();
  });

  it('is taken by the first agent only, who may say it again', async () => {
    const { id } = sessionOf(await page.request());
    const agents = ['agent-1', 'agent-2', 'agent-3'];
    const takes = await Promise.all(agents.map((agentId) => account.call('POST', `/sessions/${id}/take`, { agentId })));
    expect(takes.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(takes.filter(({ status }) => status === 409)).toHaveLength(2);
    expect(takes.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'already_taken' });
    const winner = agents[takes.findIndex(({ status }) => status === 200)]!;
    expect(await account.call('POST', `/sessions/${id}/take`, { agentId: winner })).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await account.call('POST', `/sessions/${id}/refuse`)).toMatchObject({ status: 409, body: { code: 'already_taken' } });
    expect(await page.answer('withdraw', id)).toMatchObject({ ok: false, error: { code: 'already_taken' } });
  });

  it('is told when an agent refuses, and may ask again', async () => {
    const { id } = sessionOf(await page.request());
    expect((await account.call('POST', `/sessions/${id}/refuse`)).body).toMatchObject({ status: 'closed', reason: 'cancelled' });
    expect((await page.next('session.closed')).session).toMatchObject({ id, reason: 'cancelled' });
    expect(await account.call('POST', `/sessions/${id}/take`, GRACE)).toMatchObject({ status: 409, body: { code: 'session_closed' } });
    expect(sessionOf(await page.request()).id).not.toBe(id);
  });

  it('may take the request back, also again when the answer was lost', async () => {
    const { id } = sessionOf(await page.request());
    expect(sessionOf(await page.answer('withdraw', id))).toMatchObject({ status: 'closed', reason: 'withdrawn' });
    expect(sessionOf(await page.answer('withdraw', id))).toMatchObject({ version: 2, reason: 'withdrawn' });
    expect(await requested()).toEqual([]);
  });

  it('does not ask while being asked or sharing, whoever began that', async () => {
    await account.call('POST', '/sessions', { conversationId: `conversation-${visitorId}`, visitorId, agentId: 'agent-9' });
    await page.next('session.invited');
    expect(await page.request()).toMatchObject({ ok: false, error: { code: 'already_in_session' } });
    expect(await page.createCode()).toMatchObject({ ok: false, error: { code: 'already_in_session' } });
  });

  it('keeps the request open when the agent wants more than the account allows', async () => {
    const strict = await createAccount(program, { allowedModes: ['follow'], defaultMode: 'follow' });
    const visitor = await openPage(program, strict, visitorId);
    const { id } = sessionOf(await visitor.request());
    expect(await strict.call('POST', `/sessions/${id}/take`, { ...GRACE, mode: 'shared' })).toMatchObject({
      status: 409,
      body: { code: 'mode_not_allowed' },
    });
    expect((await strict.call('POST', `/sessions/${id}/take`, GRACE)).body).toMatchObject({ status: 'invited', mode: 'follow' });
    visitor.close();
  });

  it('is not asked again where the request was the yes', async () => {
    const trusting = await createAccount(program, { consent: 'skip_when_requested' });
    const visitor = await openPage(program, trusting, visitorId);
    const { id } = sessionOf(await visitor.request());
    expect((await trusting.call('POST', `/sessions/${id}/take`, GRACE)).body).toMatchObject({ status: 'accepted', invitedAt: null });
    expect((await visitor.next('session.accepted')).session.id).toBe(id);
    // An agent's own invitation asks all the same.
    expect(await visitor.answer('end', id)).toMatchObject({ ok: true });
    const invitation = { conversationId: 'conversation-1', visitorId, agentId: 'agent-7' };
    expect((await trusting.call('POST', '/sessions', invitation)).body).toMatchObject({ status: 'invited' });
    visitor.close();
  });

  it('is told to the brand by callbacks', async () => {
    const receiver = await startReceiver();
    const calling = await createAccount(program, { callbacks: [{ url: receiver.url, secret: receiver.secret }] });
    const visitor = await openPage(program, calling, visitorId);
    const { id } = sessionOf(await visitor.request('Returns'));
    await calling.call('POST', `/sessions/${id}/refuse`);
    const calls = await receiver.count(2);
    expect(calls.map(({ event }) => [event.type, event.session.topic])).toEqual([
      ['session.requested', 'Returns'],
      ['session.closed', 'Returns'],
    ]);
    visitor.close();
    await receiver.close();
  });

  it('is refused what is no request', async () => {
    const send = (body: unknown) => page.socket.timeout(5_000).emitWithAck('request', body as object) as Promise<Answer>;
    for (const body of [
      { topic: '' },
      { topic: 'x'.repeat(256) },
      { topic: 7 },
      { subject: 'x' },
      [],
      'help',
      null,
      { topic: 'a\u0000b' },
    ]) {
      expect(await send(body)).toMatchObject({ ok: false, error: { code: 'bad_request' } });
    }
    expect(await requested()).toEqual([]);
  });

  it('may look back at own sessions, and at nobody else’s', async () => {
    const { id } = sessionOf(await page.request());
    await page.answer('withdraw', id);
    expect(await page.latest(id)).toMatchObject({ ok: true, latest: { type: 'session.closed', session: { id, reason: 'withdrawn' } } });
    const stranger = await openPage(program, account, 'a-stranger');
    expect(await stranger.latest(id)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await stranger.answer('withdraw', id)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    stranger.close();
  });
});
