import { documentedRequests, leftOut, misfits, readDocument, wrongExamples } from '../../http/testing/documented.ts';
import { ADMIN, adminApp } from '../testing/admin-app.ts';

const headers = { authorization: `Bearer ${ADMIN}` };

describe('the published document of the admin API', () => {
  let admin: Awaited<ReturnType<typeof adminApp>>;
  beforeEach(async () => {
    admin = await adminApp();
  });
  afterEach(() => admin.app.close());

  it('has an example for every request, and each is accepted by its own route and answered as promised', async () => {
    const document = await readDocument(admin.app);
    const requests = documentedRequests(document);
    expect(requests.map(({ title }) => title).toSorted()).toEqual([
      'DELETE /v1/accounts/{accountId}',
      'DELETE /v1/accounts/{accountId}/keys/{keyId}',
      'GET /v1/accounts',
      'GET /v1/accounts/{accountId}',
      'PATCH /v1/accounts/{accountId}, fields',
      'PATCH /v1/accounts/{accountId}, name',
      'PATCH /v1/accounts/{accountId}, removal',
      'PATCH /v1/accounts/{accountId}, settings',
      'POST /v1/accounts, fields',
      'POST /v1/accounts, full',
      'POST /v1/accounts, shortest',
      'POST /v1/accounts/{accountId}/keys',
    ]);
    for (const request of requests) {
      const { app } = await adminApp();
      const { title, method, url, payload } = request;
      const answer = await app.inject({ method, url, payload, headers });
      expect([title, answer.statusCode]).toEqual([title, { GET: 200, PATCH: 200, POST: 201, DELETE: 204 }[method]]);
      expect([title, misfits(document, request, answer)]).toEqual([title, []]);
      await app.close();
    }
  });

  it('says of every route that the store may be away, and what may be wrong with a body', async () => {
    expect(leftOut(await readDocument(admin.app))).toEqual([]);
  });

  it('shows no example that its own schema refuses', async () => {
    expect(wrongExamples(await readDocument(admin.app))).toEqual([]);
  });

  it.each([
    ['GET', '/v1/accounts/nobody', '/v1/accounts/{accountId}', undefined],
    ['POST', '/v1/accounts', '/v1/accounts', { id: '12345678', name: 'Shop' }],
    ['POST', '/v1/accounts', '/v1/accounts', { id: '' }],
    ['PATCH', '/v1/accounts/12345678', '/v1/accounts/{accountId}', { name: 1 }],
    ['DELETE', '/v1/accounts/12345678/keys/none', '/v1/accounts/{accountId}/keys/{keyId}', undefined],
    ['POST', '/v1/accounts/12345678/keys', '/v1/accounts/{accountId}/keys', { name: 1 }],
  ] as const)('describes the problem that %s %s answers', async (method, url, path, payload) => {
    const answer = await admin.app.inject({ method, url, payload, headers });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(misfits(await readDocument(admin.app), { method, path }, answer)).toEqual([]);
  });
});
