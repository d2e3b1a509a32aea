import { documentedRequests, misfits, readDocument, wrongExamples } from '../../http/testing/documented.ts';
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

  it.each([
    ['POST', '', {}],
    ['POST', '', '{'],
    ['POST', '/ses_none/cancel', undefined],
    ['POST', '/ses_open/end', undefined],
    ['GET', '?limit=0', undefined],
  ] as const)('describes the problem that %s %s answers', async (method, path, payload) => {
    await platform.given('ses_open', 'invited');
    const headers = { authorization: `Bearer ${KEY}`, ...(payload !== undefined && { 'content-type': 'application/json' }) };
    const answer = await platform.app.inject({ method, url: `/v1/accounts/12345678/sessions${path}`, payload, headers });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    const documented = `/v1/accounts/{accountId}/sessions${path.replace(/ses_\w+/, '{sessionId}').replace(/\?.*/, '')}`;
    expect(misfits(await readDocument(platform.app), { method, path: documented }, answer)).toEqual([]);
  });

  it('is served as pages, and names both keys', async () => {
    expect((await platform.app.inject('/docs')).statusCode).toBe(200);
    expect((await platform.app.inject('/docs/swagger-ui-bundle.js')).statusCode).toBe(200);
    const { components, openapi } = await readDocument(platform.app);
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(components?.securitySchemes ?? {})).toEqual(['platformKey', 'adminKey']);
  });
});
