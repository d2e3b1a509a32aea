import type { Envelope, ProblemDocument, SessionView } from '#libs/protocol';
import { ACCOUNT, ADMIN, KEY, OTHER_KEY, type PlatformApp, platformApp } from '../testing/platform-app.ts';

const BASE = `/v1/accounts/${ACCOUNT}/sessions`;
const INVITATION = { conversationId: 'conversation-1', visitorId: 'visitor-1', agentId: 'agent-1' };

describe('the REST hooks for platforms', () => {
  let platform: PlatformApp;

  beforeAll(async () => {
    platform = await platformApp();
  });
  afterAll(() => platform.app.close());

  let count = 0;
  /** An id of its own for each call, so that tests do not meet. */
  const fresh = (kind: string): string => `${kind}-${(count += 1)}`;

  interface Answer<T> {
    status: number;
    body: T;
    headers: Record<string, unknown>;
  }
  async function call<T = SessionView>(
    method: 'GET' | 'POST',
    url: string,
    payload?: object | string,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const json: Record<string, string> = payload === undefined ? {} : { 'content-type': 'application/json' };
    const sent = { authorization: `Bearer ${KEY}`, ...json, ...headers };
    const answer = await platform.app.inject({ method, url, payload, headers: sent });
    return { status: answer.statusCode, body: answer.json<T>(), headers: answer.headers };
  }
  const invite = <T = SessionView>(change: object = {}, headers?: Record<string, string>): Promise<Answer<T>> =>
    call<T>('POST', BASE, { ...INVITATION, conversationId: fresh('conversation'), ...change }, headers);
  const command = <T = SessionView>(id: string, name: string, payload?: object | string): Promise<Answer<T>> =>
    call<T>('POST', `${BASE}/${id}/${name}`, payload);

  describe('inviting', () => {
    it('makes a session that the visitor is asked about', async () => {
      const conversationId = fresh('conversation');
      const { status, body } = await invite({
        conversationId,
        mode: 'shared',
        visitorName: 'Ada',
        agentName: 'Grace',
        serviceId: 'their-id',
      });
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.stringMatching(/^ses_[\w-]{22}$/),
        accountId: ACCOUNT,
        status: 'invited',
        mode: 'shared',
        version: 1,
        source: 'platform',
        conversationId,
        dialogId: null,
        serviceId: 'their-id',
        visitor: { id: 'visitor-1', name: 'Ada' },
        agent: { id: 'agent-1', name: 'Grace' },
        invitedAt: '2026-11-21T10:00:00.000Z',
        expiresAt: '2026-11-21T10:02:00.000Z',
        acceptedAt: null,
        activeAt: null,
        closedAt: null,
        reason: null,
      });
    });

    it.each([
      [
        'a null counts as left out',
        { mode: null, visitorName: null, agentName: null, serviceId: null, expiresInSeconds: null },
        '2026-11-21T10:02:00.000Z',
      ],
      ['expiresInSeconds is the time to answer', { expiresInSeconds: 30 }, '2026-11-21T10:00:30.000Z'],
      ["it is never longer than the account's TTL", { expiresInSeconds: 3600 }, '2026-11-21T10:02:00.000Z'],
    ])('%s', async (_title, change, expiresAt) => {
      const { status, body } = await invite(change);
      expect([status, body.expiresAt, body.mode, body.visitor.name]).toEqual([201, expiresAt, 'view', 'visitor']);
    });

    it("closes the conversation's older session as superseded", async () => {
      const conversationId = fresh('conversation');
      const older = await invite({ conversationId });
      const newer = await invite({ conversationId });
      expect(newer.body.status).toBe('invited');
      expect((await call('GET', `${BASE}/${older.body.id}`)).body).toMatchObject({ status: 'closed', reason: 'superseded' });
    });

    it('closes an invitation in a mode that is not allowed, at once', async () => {
      await platform.changeSettings({ allowedModes: ['view'] });
      const { status, body } = await invite({ mode: 'shared' });
      await platform.changeSettings({ allowedModes: ['shared', 'view', 'follow'] });
      expect([status, body.status, body.reason]).toEqual([201, 'closed', 'mode_not_allowed']);
    });

    it("uses the account's own settings", async () => {
      await platform.changeSettings({ defaultMode: 'follow', invitationTtlSeconds: 20 });
      const { body } = await invite();
      await platform.changeSettings({ defaultMode: 'view', invitationTtlSeconds: 120 });
      expect([body.mode, body.expiresAt]).toEqual(['follow', '2026-11-21T10:00:20.000Z']);
    });
  });

  describe('an idempotency key', () => {
    it('gives the same session for the same request, in its present state', async () => {
      const header = { 'idempotency-key': fresh('key') };
      const request = { conversationId: fresh('conversation'), mode: 'follow', expiresInSeconds: 30 };
      const first = await invite(request, header);
      await command(first.body.id, 'cancel');
      const second = await invite(request, header);
      expect(first.headers['idempotency-replayed']).toBeUndefined();
      expect([second.status, second.headers['idempotency-replayed']]).toEqual([201, 'true']);
      expect(second.body).toMatchObject({ id: first.body.id, status: 'closed', reason: 'cancelled' });
    });

    it("gives the same session when more time was asked for than the account's TTL", async () => {
      const header = { 'idempotency-key': fresh('key') };
      const request = { conversationId: fresh('conversation'), expiresInSeconds: 3600 };
      const first = await invite(request, header);
      expect((await invite(request, header)).body).toEqual(first.body);
    });

    it('holds for a request that finds nothing because its twin is being stored', async () => {
      const header = { 'idempotency-key': fresh('key') };
      const request = { conversationId: fresh('conversation') };
      const first = await invite(request, header);
      const find = jest.spyOn(platform.sessions, 'find').mockResolvedValue(null);
      const twin = await invite(request, header);
      const other = await invite<ProblemDocument>({ ...request, visitorId: 'another' }, header);
      find.mockRestore();
      expect([twin.body, twin.headers['idempotency-replayed']]).toEqual([first.body, 'true']);
      expect(other.body.code).toBe('idempotency_key_reused');
    });

    it('makes one session of requests that arrive together', async () => {
      const header = { 'idempotency-key': fresh('key') };
      const conversationId = fresh('conversation');
      const answers = await Promise.all(Array.from({ length: 8 }, () => invite({ conversationId }, header)));
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(7);
    });

    it.each(
      Object.entries({
        conversationId: 'another',
        visitorId: 'another',
        agentId: 'another',
        mode: 'view',
        visitorName: 'Eve',
        agentName: 'Eve',
        serviceId: 'another',
        expiresInSeconds: 31,
      }),
    )('belongs to one request: another %s is refused', async (field, value) => {
      const header = { 'idempotency-key': fresh('key') };
      const request = { conversationId: fresh('conversation'), mode: 'follow', expiresInSeconds: 30 };
      expect((await invite(request, header)).status).toBe(201);
      const { status, body } = await invite<ProblemDocument>({ ...request, [field]: value }, header);
      expect([status, body.code]).toEqual([422, 'idempotency_key_reused']);
    });

    it.each([['visitorName'], ['agentName'], ['serviceId']])('belongs to one request: one without %s is another', async (field) => {
      const header = { 'idempotency-key': fresh('key') };
      const request = { conversationId: fresh('conversation') };
      expect((await invite({ ...request, [field]: 'Ada' }, header)).status).toBe(201);
      expect((await invite(request, header)).status).toBe(422);
    });

    it('survives a change of the settings that the request left open', async () => {
      const header = { 'idempotency-key': fresh('key') };
      const request = { conversationId: fresh('conversation') };
      const first = await invite(request, header);
      await platform.changeSettings({ defaultMode: 'follow', invitationTtlSeconds: 20 });
      const second = await invite(request, header);
      await platform.changeSettings({ defaultMode: 'view', invitationTtlSeconds: 120 });
      expect(second.body).toEqual(first.body);
    });

    it("is the account's own: another account's is another", async () => {
      const header = { 'idempotency-key': fresh('key') };
      const request = { ...INVITATION, conversationId: fresh('conversation') };
      const mine = await invite(request, header);
      const theirs = await call('POST', '/v1/accounts/other/sessions', request, { ...header, authorization: `Bearer ${OTHER_KEY}` });
      expect(theirs.status).toBe(201);
      expect(theirs.body.id).not.toBe(mine.body.id);
    });

    it.each([[''], ['x'.repeat(256)], ['caf\u00e9']])('is 1 to 255 printable ASCII characters, not %j', async (key) => {
      const { status, body } = await invite<ProblemDocument>({}, { 'idempotency-key': key });
      expect([status, body.code, body.errors?.[0]?.field]).toEqual([400, 'bad_request', 'Idempotency-Key']);
    });

    it('may be 255 characters long', async () => {
      expect((await invite({}, { 'idempotency-key': 'k~ '.repeat(85).slice(0, 254) + '!' })).status).toBe(201);
    });
  });

  describe('reading', () => {
    it('gives a session and its history, oldest first', async () => {
      const { id } = await platform.given(fresh('ses'), 'active');
      const history = await call<{ items: Envelope[] }>('GET', `${BASE}/${id}/events`);
      expect(history.status).toBe(200);
      expect(history.body.items.map(({ type }) => type)).toEqual(['session.invited', 'session.accepted', 'session.active']);
      const read = await call('GET', `${BASE}/${id}`);
      expect([read.status, read.body]).toEqual([200, history.body.items.at(-1)?.session]);
    });

    it('lists page by page, newest first, and every session once', async () => {
      const visitorId = fresh('visitor');
      const made: string[] = [];
      for (let i = 0; i < 5; i++) made.unshift((await invite({ visitorId })).body.id);
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
        const page: Answer<{ items: SessionView[]; nextCursor: string | null }> = await call(
          'GET',
          `${BASE}?visitorId=${visitorId}&limit=2${query}`,
        );
        expect(page.status).toBe(200);
        seen.push(...page.body.items.map(({ id }) => id));
        cursor = page.body.nextCursor;
      }
      expect(seen).toEqual(made);
    });

    it('lists by status, conversation and visitor', async () => {
      const [conversationId, visitorId] = [fresh('conversation'), fresh('visitor')];
      const older = (await invite({ conversationId, visitorId })).body.id;
      const newer = (await invite({ conversationId, visitorId })).body.id;
      const other = (await invite({ visitorId })).body.id;
      const ids = async (query: string): Promise<string[]> =>
        (await call<{ items: SessionView[] }>('GET', `${BASE}?${query}`)).body.items.map(({ id }) => id);
      expect(await ids(`conversationId=${conversationId}`)).toEqual([newer, older]);
      expect(await ids(`conversationId=${conversationId}&status=closed`)).toEqual([older]);
      expect(await ids(`visitorId=${visitorId}&status=invited`)).toEqual([other, newer]);
    });

    it('gives 50 sessions when no limit is sent', async () => {
      const visitorId = fresh('visitor');
      for (let i = 0; i < 51; i++) await invite({ visitorId });
      const { body } = await call<{ items: SessionView[]; nextCursor: string | null }>('GET', `${BASE}?visitorId=${visitorId}`);
      expect([body.items.length, body.nextCursor === null]).toEqual([50, false]);
    });

    it.each([
      ['limit', 'limit=0'],
      ['limit', 'limit=201'],
      ['limit', 'limit=1.5'],
      ['limit', 'limit=many'],
      ['limit', 'limit='],
      ['limit', 'limit=0x10'],
      ['limit', 'limit=1e1'],
      ['limit', 'limit=%205'],
      ['limit', 'limit=%2B5'],
      ['limit', 'limit=1&limit=2'],
      ['status', 'status=open'],
      ['status', 'status=closed&status=active'],
      ['cursor', 'cursor=not-ours'],
      ['cursor', 'cursor='],
      ['cursor', `cursor=${'1'.repeat(513)}`],
      ['visitorId', 'visitorId='],
      ['visitorId', 'visitorId=a%00b'],
      ['conversationId', `conversationId=${'x'.repeat(256)}`],
      ['page', 'page=2'],
      ['constructor', 'constructor=1'],
    ])('refuses a bad %s: ?%s', async (field, query) => {
      const { status, body } = await call<ProblemDocument>('GET', `${BASE}?${query}`);
      expect([status, body.code, body.errors?.map((e) => e.field)]).toEqual([400, 'bad_request', [field]]);
    });
  });

  describe('commands', () => {
    it.each([
      ['cancel', 'invited', { status: 'closed', reason: 'cancelled' }],
      ['join', 'accepted', { status: 'active', activeAt: '2026-11-21T10:00:00.000Z' }],
      ['join', 'active', { status: 'active' }],
      ['end', 'accepted', { status: 'closed', reason: 'agent_ended' }],
      ['end', 'active', { status: 'closed', reason: 'agent_ended' }],
    ] as const)('%s of an %s session', async (name, before, after) => {
      const { id } = await platform.given(fresh('ses'), before);
      const { status, body } = await command(id, name);
      expect(status).toBe(200);
      expect(body).toMatchObject({ id, ...after });
      expect((await call('GET', `${BASE}/${id}`)).body).toEqual(body);
    });

    it.each([
      ['cancel', 'accepted', 'already_accepted', 'Use end'],
      ['cancel', 'active', 'already_accepted', 'Use end'],
      ['join', 'invited', 'not_accepted', 'Join after'],
      ['end', 'invited', 'not_accepted', 'Use cancel'],
    ] as const)('%s of an %s session is refused as %s, and the answer says what to do', async (name, before, code, advice) => {
      const { id } = await platform.given(fresh('ses'), before);
      const { status, body, headers } = await command<ProblemDocument>(id, name);
      expect([status, body.code]).toEqual([409, code]);
      expect(body.detail).toContain(advice);
      expect(headers['content-type']).toBe('application/problem+json');
    });

    it.each(['cancel', 'join', 'end'])('%s of a closed session is refused and says why it was closed', async (name) => {
      const { id } = await platform.given(fresh('ses'), 'invited');
      await command(id, 'cancel');
      const { status, body } = await command<ProblemDocument>(id, name);
      expect([status, body.code]).toEqual([409, 'session_closed']);
      expect(body.detail).toContain('cancelled');
    });

    it.each(['cancel', 'join', 'end'])('%s at the end of the invitation is too late, though no timer has fired', async (name) => {
      const { id } = await platform.given(fresh('ses'), 'invited', { expires: platform.sessions.now() + 5000 });
      const before = platform.sessions.time;
      platform.sessions.time += 5000;
      const { status, body } = await command<ProblemDocument>(id, name);
      platform.sessions.time = before;
      expect([status, body.code]).toEqual([409, 'session_closed']);
      expect(body.detail).toContain('expired');
    });

    it("gives a joined session the account's own limit", async () => {
      await platform.changeSettings({ sessionLimitSeconds: 90 });
      const { id } = await platform.given(fresh('ses'), 'accepted');
      await command(id, 'join');
      await platform.changeSettings({ sessionLimitSeconds: 14_400 });
      expect((await platform.sessions.find(ACCOUNT, id))?.dueAt).toBe(platform.sessions.now() + 90_000);
    });

    it.each([[{}], ['{}'], ['']])('take no fields: %j is fine', async (payload) => {
      const { id } = await platform.given(fresh('ses'), 'invited');
      expect((await command(id, 'cancel', payload)).status).toBe(200);
    });

    it.each([
      [{ reason: 'because' }, ['reason']],
      [[], undefined],
      ['"now"', undefined],
      ['null', undefined],
      ['1', undefined],
    ])('take no fields: %j is refused and changes nothing', async (payload, fields) => {
      const { id } = await platform.given(fresh('ses'), 'accepted');
      for (const name of ['cancel', 'join', 'end']) {
        const { status, body } = await command<ProblemDocument>(id, name, payload);
        expect([status, body.code, body.errors?.map((e) => e.field)]).toEqual([400, 'bad_request', fields]);
      }
      expect((await call('GET', `${BASE}/${id}`)).body).toMatchObject({ status: 'accepted', version: 2 });
    });
  });

  describe('who may', () => {
    const ROUTES: [method: 'GET' | 'POST', path: string][] = [
      ['POST', ''],
      ['GET', ''],
      ['GET', '/ses_x'],
      ['GET', '/ses_x/events'],
      ['POST', '/ses_x/cancel'],
      ['POST', '/ses_x/join'],
      ['POST', '/ses_x/end'],
    ];

    it.each(ROUTES)('%s %s needs a key', async (method, path) => {
      for (const authorization of ['', 'Bearer wrong', `Basic ${KEY}`, `Bearer ${KEY} x`, 'Bearer ']) {
        const { status, body, headers } = await call<ProblemDocument>(method, BASE + path, undefined, { authorization });
        expect([status, body.code, headers['www-authenticate']]).toEqual([401, 'unauthorized', 'Bearer']);
      }
    });

    it.each(ROUTES)("%s %s does not find another account by one's own key", async (method, path) => {
      const { status, body } = await call<ProblemDocument>(method, `/v1/accounts/other/sessions${path}`);
      expect([status, body.code]).toEqual([404, 'not_found']);
    });

    it.each(ROUTES)('%s %s refuses a query field that it does not know, after the key', async (method, path) => {
      const url = `${BASE}${path}?foo=1&status=invited`;
      const { status, body } = await call<ProblemDocument>(method, url);
      expect([status, body.code, body.errors?.[0]?.field]).toEqual([400, 'bad_request', 'foo']);
      expect((await call(method, url, undefined, { authorization: '' })).status).toBe(401);
    });

    it('lets the admin in, but finds no account that is not there', async () => {
      const authorization = `Bearer ${ADMIN}`;
      expect((await call('GET', BASE, undefined, { authorization })).status).toBe(200);
      expect((await call('GET', '/v1/accounts/nobody/sessions', undefined, { authorization })).status).toBe(404);
    });

    it("does not find another account's session", async () => {
      const { id } = await platform.given(fresh('ses'), 'invited');
      const theirs = `/v1/accounts/other/sessions/${id}`;
      const headers = { authorization: `Bearer ${OTHER_KEY}` };
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/events'],
        ['POST', '/cancel'],
        ['POST', '/join'],
        ['POST', '/end'],
      ] as const) {
        expect((await call<ProblemDocument>(method, theirs + path, undefined, headers)).body.code).toBe('not_found');
      }
      expect((await call('GET', `${BASE}/${id}`)).body).toMatchObject({ status: 'invited', version: 1 });
    });

    it.each(['%00', 'a%00b', '%2e%2e', 'x'.repeat(65), '%F0%9F%90%88', "'%20or%201=1", '__proto__'])(
      'answers 404 for an id that is none: %s',
      async (junk) => {
        const asked = [jest.spyOn(platform.sessions, 'find'), jest.spyOn(platform.accounts.asAccounts, 'find')];

        const asAdmin = { authorization: `Bearer ${ADMIN}` };
        for (const url of [`/v1/accounts/${junk}/sessions`, `${BASE}/${junk}`, `${BASE}/${junk}/events`]) {
          expect((await call<ProblemDocument>('GET', url, undefined, asAdmin)).body).toMatchObject({ status: 404, code: 'not_found' });
        }
        expect((await command<ProblemDocument>(junk, 'cancel')).status).toBe(404);
        const odd = asked.flatMap((spy) => spy.mock.calls.flat()).filter((id) => !/^[\w.-]{1,64}$/.test(id));
        for (const spy of asked) spy.mockRestore();
        expect(odd).toEqual([]);
      },
    );
  });

  it.each(['%ED%A0%80', '%zz', '%'])('answers 400 for an address that is none: %s', async (junk) => {
    const { status, body } = await call<ProblemDocument>('GET', `${BASE}/${junk}`);
    expect([status, body.code]).toEqual([400, 'bad_request']);
  });

  describe('an invitation that is not understood', () => {
    const storedSoFar = async (): Promise<number> => (await platform.sessions.list({ accountId: ACCOUNT, limit: 100_000 })).items.length;

    it.each<[fields: string[], change: object]>([
      [['visitorId'], { visitorId: undefined }],
      [['conversationId'], { conversationId: undefined }],
      [['agentId'], { agentId: undefined }],
      [['visitorId'], { visitorId: null }],
      [['visitorId'], { visitorId: 42 }],
      [['visitorId'], { visitorId: '' }],
      [['visitorId'], { visitorId: ['visitor-1'] }],
      [['visitorId'], { visitorId: { $ne: null } }],
      [['visitorId'], { visitorId: 'x'.repeat(256) }],
      [['visitorId'], { visitorId: 'x'.repeat(60_000) }],
      [['conversationId'], { conversationId: 'a\u0000b' }],
      [['conversationId'], { conversationId: 'a\nb' }],
      [['conversationId'], { conversationId: '\ud800' }],
      [['agentId'], { agentId: true }],
      [['mode'], { mode: 'SHARED' }],
      [['mode'], { mode: ['view'] }],
      [['visitorName'], { visitorName: '' }],
      [['agentName'], { agentName: 1 }],
      [['serviceId'], { serviceId: {} }],
      [['expiresInSeconds'], { expiresInSeconds: 0 }],
      [['expiresInSeconds'], { expiresInSeconds: -5 }],
      [['expiresInSeconds'], { expiresInSeconds: 1.5 }],
      [['expiresInSeconds'], { expiresInSeconds: '60' }],
      [['expiresInSeconds'], { expiresInSeconds: 1e300 }],
      [['color'], { color: 'red' }],
      [['accountId'], { accountId: 'other' }],
      [['toString'], { toString: 'x' }],
      [['hasOwnProperty'], { hasOwnProperty: 'x' }],
      [['agentId', 'mode'], { agentId: '', mode: 'x' }],
    ])('names %j', async (fields, change) => {
      const before = await storedSoFar();
      const { status, body } = await invite<ProblemDocument>(change);
      expect([status, body.code, body.errors?.map((e) => e.field).toSorted()]).toEqual([400, 'bad_request', fields.toSorted()]);
      for (const field of fields) expect(body.detail).toContain(field);
      expect(body.detail.length).toBeLessThan(1000);
      expect(await storedSoFar()).toBe(before);
    });

    it.each([
      ['not JSON', '{"conversationId":', 'invalid_json'],
      ['a prototype key', '{"__proto__":{"admin":true},"conversationId":"c","visitorId":"v","agentId":"a"}', 'invalid_json'],
      ['a constructor with a prototype', '{"constructor":{"prototype":{"admin":true}}}', 'invalid_json'],
      ['a hidden prototype key', '{"visitorId":{"__proto__":1}}', 'invalid_json'],
      ['an array', '[]', 'bad_request'],
      ['an array of invitations', JSON.stringify([INVITATION]), 'bad_request'],
      ['a string', '"invite"', 'bad_request'],
      ['a number', '1', 'bad_request'],
      ['null', 'null', 'bad_request'],
      ['nothing', '', 'bad_request'],
      ['a list without end', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'bad_request'],
      ['a field without end', `{"visitorId":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'bad_request'],
      ['an object without end', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'bad_request'],
      ['a constructor', JSON.stringify({ ...INVITATION, constructor: 'x' }), 'bad_request'],
    ])('refuses %s', async (_title, payload, code) => {
      const before = await storedSoFar();
      const { status, body } = await call<ProblemDocument>('POST', BASE, payload);
      expect([status, body.code]).toEqual([400, code]);
      expect(await storedSoFar()).toBe(before);
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
    });

    it('answers shortly, however much is wrong', async () => {
      const { status, body } = await invite<ProblemDocument>(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1])));
      expect([status, body.errors?.length]).toEqual([400, 20]);
    });

    it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'application/jsonx'])('takes no %s', async (type) => {
      const { status, body } = await invite<ProblemDocument>({}, { 'content-type': type });
      expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
    });

    it('takes nothing compressed', async () => {
      const { status, body } = await invite<ProblemDocument>({}, { 'content-encoding': 'gzip' });
      expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
      expect(body.detail).toContain('content-encoding');
      expect((await invite({}, { 'content-encoding': 'identity' })).status).toBe(201);
    });

    it('takes JSON with a charset', async () => {
      expect((await invite({}, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(201);
    });

    it('takes no more than 64 kB', async () => {
      const { status, body } = await invite<ProblemDocument>({ visitorName: 'x'.repeat(70_000) });
      expect([status, body.code]).toEqual([413, 'payload_too_large']);
    });
  });
});
