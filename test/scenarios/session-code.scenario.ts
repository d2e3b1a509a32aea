import type { CodeAnswer, SessionView } from '#libs/protocol';
import { type TestAccount, createAccount } from '../support/api.ts';
import { type TestPage, openPage } from '../support/page.ts';
import { sharedProgram } from '../support/program.ts';

function told(answer: CodeAnswer): { code: string; session: SessionView } {
  if (!answer.ok) throw new Error(`Refused: ${answer.error.code}`);
  return answer;
}

describe('a code that a visitor reads out', () => {
  let program: Awaited<ReturnType<typeof sharedProgram>>;
  let account: TestAccount;
  let page: TestPage;
  let count = 0;
  const redeem = (code: string, by = account, body: object = {}) => by.call('POST', '/codes/redeem', { code, agentId: 'agent-7', ...body });
  const of = (by: TestAccount, lines: Record<string, unknown>[]) => lines.filter(({ accountId }) => accountId === by.id);
  const audit = async (by: TestAccount, n: number) => of(by, await program.untilLogged('code.tried', (lines) => of(by, lines).length >= n));

  beforeAll(async () => {
    program = await sharedProgram();
  });
  beforeEach(async () => {
    account = await createAccount(program);
    page = await openPage(program, account, `visitor-${++count}`);
  });
  afterEach(() => page.close());

  it('brings the agent to the visitor, once', async () => {
    const { code, session } = told(await page.createCode('Checkout'));
    expect(code).toMatch(/^\d{6}$/);
    expect(session).toMatchObject({ status: 'requested', source: 'page', topic: 'Checkout' });
    expect(Date.parse(session.expiresAt!) - Date.parse(session.requestedAt!)).toBe(1_200_000);

    const spoken = `${code.slice(0, 3)} ${code.slice(3)}`;
    const { status, body } = await redeem(spoken, account, { agentName: 'Grace', mode: 'shared' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: session.id, status: 'invited', mode: 'shared', agent: { id: 'agent-7', name: 'Grace' } });
    expect((await page.next('session.invited')).session).toEqual(body);
    expect(await page.answer('accept', session.id)).toMatchObject({ ok: true });

    expect(await redeem(code)).toMatchObject({ status: 404, body: { code: 'code_not_found' } });
    expect((await audit(account, 2)).map(({ outcome, sessionId }) => [outcome, sessionId])).toEqual([
      ['taken', session.id],
      ['used', session.id],
    ]);
  });

  it('is in no log, no event and no answer but the one to the page', async () => {
    const { code, session } = told(await page.createCode());
    const event = await page.next('session.requested');
    const { body } = await account.call('GET', `/sessions/${session.id}/events`);
    // The digits alone may stand in any time or id.
    const holds = (text: string) => new RegExp(`(?<![\\w.:-])${code}(?![\\w.:-])`).test(text);
    expect([program.output(), JSON.stringify(event), JSON.stringify(body), JSON.stringify(session)].filter(holds)).toEqual([]);
    expect(session).not.toHaveProperty('code');
  });

  it('that is wrong, used or expired is one answer to the caller, and three in the audit', async () => {
    const brief = await createAccount(program, { codeTtlSeconds: 1 });
    const visitor = await openPage(program, brief, 'visitor-of-brief');
    const late = told(await visitor.createCode());
    expect((await visitor.next('session.closed')).session).toMatchObject({ id: late.session.id, reason: 'expired' });
    const used = told(await visitor.createCode());
    await redeem(used.code, brief);
    const never = ['000000', '000001', '000002'].find((code) => code !== late.code && code !== used.code)!;

    const answers = await Promise.all([redeem(never, brief), redeem(used.code, brief), redeem(late.code, brief)]);
    const [first, ...others] = answers.map(({ status, body }) => ({ status, body }));
    expect(first).toMatchObject({ status: 404, body: { code: 'code_not_found' } });
    expect(others).toEqual([first, first]);
    const outcomes = (await audit(brief, 4)).map(({ outcome }) => String(outcome));
    expect(outcomes.toSorted()).toEqual(['expired', 'taken', 'used', 'wrong']);
    visitor.close();
  });

  it('is redeemed by one of two agents who type it at the same time', async () => {
    const { code } = told(await page.createCode());
    const answers = await Promise.all([redeem(code, account, { agentId: 'agent-1' }), redeem(code, account, { agentId: 'agent-2' })]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 404]));
  });

  it('is good in its own account only', async () => {
    const { code } = told(await page.createCode());
    const other = await createAccount(program);
    expect(await redeem(code, other)).toMatchObject({ status: 404, body: { code: 'code_not_found' } });
    expect(await redeem(code)).toMatchObject({ status: 200 });
  });

  it('gives way to a newer one of the same visitor', async () => {
    const older = told(await page.createCode());
    const newer = told(await page.createCode());
    expect((await page.next('session.closed')).session).toMatchObject({ id: older.session.id, reason: 'superseded' });
    expect(await redeem(older.code)).toMatchObject({ status: 404 });
    expect(await redeem(newer.code)).toMatchObject({ status: 200, body: { id: newer.session.id } });
  });

  it('is over when the visitor takes the request back', async () => {
    const { code, session } = told(await page.createCode());
    await page.answer('withdraw', session.id);
    expect(await redeem(code)).toMatchObject({ status: 404 });
    expect((await audit(account, 1)).map(({ outcome }) => outcome)).toEqual(['over']);
  });

  it('joins at once where the account says that the code was the yes', async () => {
    const trusting = await createAccount(program, { consent: 'skip_when_requested' });
    const visitor = await openPage(program, trusting, 'visitor-1');
    const { code } = told(await visitor.createCode());
    expect(await redeem(code, trusting)).toMatchObject({ status: 200, body: { status: 'accepted', invitedAt: null } });
    visitor.close();
  });

  it('waits while the visitor shares with another agent', async () => {
    const { code, session } = told(await page.createCode());
    const invitation = { conversationId: `conversation-${count}`, visitorId: `visitor-${count}`, agentId: 'agent-9' };
    const { body: other } = await account.call('POST', '/sessions', invitation);
    await page.answer('accept', other.id);
    expect(await redeem(code)).toMatchObject({ status: 409, body: { code: 'already_in_session' } });
    const take = () => account.call('POST', `/sessions/${session.id}/take`, { agentId: 'agent-7' });
    expect(await take()).toMatchObject({ status: 409, body: { code: 'already_in_session' } });
    await account.call('POST', `/sessions/${other.id}/end`);
    expect(await redeem(code)).toMatchObject({ status: 200, body: { status: 'invited' } });
    expect((await audit(account, 2)).map(({ outcome }) => outcome)).toEqual(['already_in_session', 'taken']);
  });

  it('stays good when the agent wants more than the account allows', async () => {
    const strict = await createAccount(program, { allowedModes: ['view'] });
    const visitor = await openPage(program, strict, 'visitor-1');
    const { code } = told(await visitor.createCode());
    expect(await redeem(code, strict, { mode: 'shared' })).toMatchObject({ status: 409, body: { code: 'mode_not_allowed' } });
    expect(await redeem(code, strict)).toMatchObject({ status: 200 });
    visitor.close();
  });

  it('can be asked for fifteen times in three minutes by one visitor, from however many pages', async () => {
    const other = await openPage(program, account, `visitor-${count}`);
    const answers = [];
    for (let i = 0; i < 15; i++) answers.push(await (i % 2 ? page : other).createCode());
    expect(answers.every(({ ok }) => ok)).toBe(true);
    const refused = { ok: false, error: { code: 'too_many_requests', message: expect.stringContaining('3 minutes') } };
    expect(await page.createCode()).toMatchObject(refused);
    const somebodyElse = await openPage(program, account, `visitor-${count}-friend`);
    expect(await somebodyElse.createCode()).toMatchObject({ ok: true });
    for (const one of [other, somebodyElse]) one.close();
  });

  it('cannot be guessed quickly: after ten wrong ones a pause, which grows, also for many at once', async () => {
    const { code } = told(await page.createCode());
    const wrong = (i: number) => String((Number(code) + 1 + i) % 1_000_000).padStart(6, '0');
    const burst = await Promise.all(Array.from({ length: 13 }, (_, i) => redeem(wrong(i))));
    const looked = burst.filter(({ status }) => status === 404);
    const refused = burst.filter(({ status }) => status === 429);
    expect(looked.length + refused.length).toBe(13);
    expect(looked.length).toBeGreaterThanOrEqual(10);
    expect(looked.length).toBeLessThanOrEqual(12);
    expect(refused[0]).toMatchObject({ body: { code: 'too_many_requests' } });
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    // The right one has to wait, too, and then is right.
    let right = await redeem(code);
    while (right.status === 429) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(right.headers.get('retry-after'))));
      right = await redeem(code);
    }
    expect(right.status).toBe(200);
    const outcomes = (await audit(account, 14)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'too_soon').length).toBeGreaterThanOrEqual(refused.length);
  });

  it('is six digits, and nothing else is looked at', async () => {
    for (const code of ['', '12345', '1234567', 'abcdef', '12 34 56', '１２３４５６', 123456, null, { $ne: '' }]) {
      expect(await account.call('POST', '/codes/redeem', { code, agentId: 'agent-7' })).toMatchObject({
        status: 400,
        body: { code: 'bad_request', errors: [{ field: 'code' }] },
      });
    }
    // Logged after them, so they would be there.
    await redeem('000000');
    expect(await audit(account, 1)).toHaveLength(1);
  });
});
