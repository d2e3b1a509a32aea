import { documentedRequests, leftOut, misfits, readDocument, wrongExamples } from '../../http/testing/documented.ts';
import { KEY, type PlatformApp, platformApp } from '../testing/platform-app.ts';

describe('the published document of the REST hooks', () => {
  let platform: PlatformApp;
  beforeEach(async () => {
    platform = await platformApp();
  });
  afterEach(() => platform.app.close());

  it('has an example for every request, and each is accepted by its own route and answered as promised', async () => {
    const document = await readDocument(platform.app);
    const requests = documentedRequests(document);
    expect(requests.map(({ title }) => title).toSorted()).toEqual(
      [
        'POST /v1/accounts/{accountId}/sessions, shortest',
        'POST /v1/accounts/{accountId}/sessions, full',
        'POST /v1/accounts/{accountId}/sessions, fields',
        'GET /v1/accounts/{accountId}/sessions',
        'GET /v1/accounts/{accountId}/sessions/{sessionId}',
        'GET /v1/accounts/{accountId}/sessions/{sessionId}/events',
        'POST /v1/accounts/{accountId}/sessions/{sessionId}/cancel',
        'POST /v1/accounts/{accountId}/sessions/{sessionId}/join',
        'POST /v1/accounts/{accountId}/sessions/{sessionId}/end',
        'POST /v1/accounts/{accountId}/sessions/{sessionId}/take, shortest',
        'POST /v1/accounts/{accountId}/sessions/{sessionId}/take, full',
        'POST /v1/accounts/{accountId}/sessions/{sessionId}/take, fields',
        'POST /v1/accounts/{accountId}/sessions/{sessionId}/refuse',
        'POST /v1/accounts/{accountId}/codes/redeem, shortest',
        'POST /v1/accounts/{accountId}/codes/redeem, full',
        'POST /v1/accounts/{accountId}/codes/redeem, fields',
      ].toSorted(),
    );
    for (const request of requests) {
      const one = await platformApp();
      const id = /\/sessions\/([^/]+)/.exec(request.url)?.[1];
      if (/take|refuse$/.test(request.url)) await one.request(id);
      else if (id) await one.given(id, /join|end$/.test(request.url) ? 'accepted' : 'invited');
      const { title, method, url } = request;
      // The example's code is of nobody; the request is made with that of a visitor.
      const code = url.endsWith('redeem') ? { code: (await one.request()).code } : {};
      const payload = request.payload && { ...request.payload, ...code };
      const answer = await one.app.inject({ method, url, payload, headers: { ...request.headers, authorization: `Bearer ${KEY}` } });
      expect([title, answer.statusCode]).toEqual([title, title.includes('sessions, ') ? 201 : 200]);
      expect([title, misfits(document, request, answer)]).toEqual([title, []]);
      await one.app.close();
    }
  });

  it('says of every route that the store may be away, and what may be wrong with a body', async () => {
    expect(leftOut(await readDocument(platform.app))).toEqual([]);
  });

  it('shows no example that its own schema refuses', async () => {
    expect(wrongExamples(await readDocument(platform.app))).toEqual([]);
  });

  it('describes a history with what LivePerson pages are to publish', async () => {
    const { id } = await platform.given('ses_lp', 'invited', { source: 'liveperson' });
    const url = `/v1/accounts/12345678/sessions/${id}/events`;
    const answer = await platform.app.inject({ url, headers: { authorization: `Bearer ${KEY}` } });
    expect(answer.json<{ items: object[] }>().items[0]).toHaveProperty('publish');
    const request = { method: 'GET', path: '/v1/accounts/{accountId}/sessions/{sessionId}/events' } as const;
    expect(misfits(await readDocument(platform.app), request, answer)).toEqual([]);
  });

  const accepted = (): Promise<unknown> => platform.given('ses_1', 'accepted');
  const invited = (): Promise<unknown> => platform.given('ses_1', 'invited');
  const requested = (): Promise<unknown> => platform.request('ses_1', 'visitor-1');
  const ended = async (): Promise<void> => {
    await accepted();
    await send('POST', '/sessions/ses_1/end');
  };
  const expired = async (): Promise<void> => {
    await requested();
    platform.sessions.time += 86_400_000;
  };
  const busy = async (): Promise<void> => {
    await requested();
    await platform.given('ses_2', 'invited');
  };
  const viewOnly = async (): Promise<void> => {
    await requested();
    await platform.changeSettings({ allowedModes: ['view'] });
  };
  const nothing = async (): Promise<void> => {};
  const send = (method: 'GET' | 'POST', path: string, payload?: object | string) => {
    const headers = { authorization: `Bearer ${KEY}`, 'idempotency-key': 'k', ...(payload && { 'content-type': 'application/json' }) };
    return platform.app.inject({ method, url: `/v1/accounts/12345678${path}`, payload, headers });
  };
  const invitation = { conversationId: 'c', visitorId: 'v', agentId: 'a' };
  const used = (): Promise<unknown> => send('POST', '/sessions', invitation);

  it.each([
    ['bad_request', 'POST /sessions', nothing, {}],
    ['invalid_json', 'POST /sessions', nothing, '{'],
    ['idempotency_key_reused', 'POST /sessions', used, { ...invitation, agentId: 'b' }],
    ['bad_request', 'GET /sessions?limit=0', nothing],
    ['not_found', 'GET /sessions/ses_1', nothing],
    ['not_found', 'GET /sessions/ses_1/events', nothing],
    ['not_found', 'POST /sessions/ses_1/cancel', nothing],
    ['session_closed', 'POST /sessions/ses_1/cancel', ended],
    ['already_accepted', 'POST /sessions/ses_1/cancel', accepted],
    ['session_closed', 'POST /sessions/ses_1/join', ended],
    ['not_accepted', 'POST /sessions/ses_1/join', invited],
    ['session_closed', 'POST /sessions/ses_1/end', ended],
    ['not_accepted', 'POST /sessions/ses_1/end', invited],
    ['session_closed', 'POST /sessions/ses_1/take', ended, { agentId: 'a' }],
    ['session_expired', 'POST /sessions/ses_1/take', expired, { agentId: 'a' }],
    ['already_taken', 'POST /sessions/ses_1/take', invited, { agentId: 'a' }],
    ['already_in_session', 'POST /sessions/ses_1/take', busy, { agentId: 'a' }],
    ['mode_not_allowed', 'POST /sessions/ses_1/take', viewOnly, { agentId: 'a', mode: 'shared' }],
    ['session_closed', 'POST /sessions/ses_1/refuse', ended],
    ['session_expired', 'POST /sessions/ses_1/refuse', expired],
    ['already_taken', 'POST /sessions/ses_1/refuse', invited],
    ['code_not_found', 'POST /codes/redeem', nothing, { agentId: 'a', code: '000000' }],
  ] as [string, string, () => Promise<unknown>, (object | string)?][])(
    'describes the refusal %s of %s',
    async (...[code, route, given, payload]) => {
      await given();
      const [method, path] = route.split(' ') as ['GET' | 'POST', string];
      const answer = await send(method, path, payload);
      expect(answer.json()).toMatchObject({ code });
      const documented = `/v1/accounts/{accountId}${path.replace('ses_1', '{sessionId}').replace(/\?.*/, '')}`;
      expect(misfits(await readDocument(platform.app), { method, path: documented }, answer)).toEqual([]);
    },
  );

  it('is served as pages, and names both keys', async () => {
    expect((await platform.app.inject('/docs')).statusCode).toBe(200);
    expect((await platform.app.inject('/docs/swagger-ui-bundle.js')).statusCode).toBe(200);
    const { components, openapi } = await readDocument(platform.app);
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(components?.securitySchemes ?? {})).toEqual(['platformKey', 'adminKey']);
  });
});
