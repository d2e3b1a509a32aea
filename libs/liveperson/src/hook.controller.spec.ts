import { createHmac } from 'node:crypto';
import { Accounts, Bridge, platformKeyHash } from '#libs/core';
import { AdminKey } from '#libs/http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MemoryAccounts } from '../../core/testing/memory-accounts.ts';
import { MemorySessions } from '../../core/testing/memory-sessions.ts';
import { documentedRequests, misfits, readDocument, wrongExamples } from '../../http/testing/documented.ts';
import { httpApp } from '../../http/testing/http-app.ts';
import { ACCOUNT, bridgeOver } from '../testing/bridge.ts';
import { change, CONVERSATION, dialog, notification } from '../testing/notifications.ts';
import { EXAMPLE_NOTIFICATION } from './example-notification.ts';
import { HookController } from './hook.controller.ts';
import { NotificationIntake } from './notification-intake.ts';

const SECRET = 's3cr3t';
const [ADMIN, OURS, THEIRS] = ['admin-key', 'platform-key', 'another-key'];
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('POST /v1/hooks/liveperson/:accountId', () => {
  let app: NestFastifyApplication;
  let sessions: MemorySessions;
  const accounts = new MemoryAccounts();

  beforeAll(async () => {
    const settings = { ...ACCOUNT.settings, liveperson: { appSecret: SECRET } };
    await accounts.create({ ...ACCOUNT, settings }, { id: 'key_1', hash: platformKeyHash(OURS) });
    await accounts.create({ ...ACCOUNT, id: 'secretless' }, { id: 'key_2', hash: platformKeyHash(THEIRS) });
    sessions = new MemorySessions(EXAMPLE_NOTIFICATION.body.sentTs);
    app = await httpApp({
      controllers: [HookController],
      providers: [
        NotificationIntake,
        { provide: Accounts, useValue: accounts.asAccounts },
        { provide: AdminKey, useValue: new AdminKey(ADMIN) },
        { provide: Bridge, useValue: bridgeOver(sessions).bridge },
      ],
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  const sign = (body: string | Buffer, secret = SECRET) => ({
    'x-liveperson-signature': `sha1=${createHmac('sha1', secret).update(body).digest('base64')}`,
  });
  const post = (body: string | Buffer, headers: Record<string, string | string[]> = {}, accountId = ACCOUNT.id) =>
    app.inject({
      method: 'POST',
      url: `/v1/hooks/liveperson/${accountId}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload: body,
    });

  const empty = JSON.stringify(notification([]));

  it('takes a signed notification as it stands on the wire', async () => {
    const body = JSON.stringify(EXAMPLE_NOTIFICATION)
      .replace('1763712120.44', '1.76371212044E9')
      .replace('"kind"', ' "note" : "👋 https:\\/\\/x", "kind"');
    const answer = await post(body, sign(body));
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      changes: 1,
      results: [
        {
          conversationId: CONVERSATION,
          dialogId: '55555555-aaaa-4bbb-8ccc-000000000005',
          sessionId: expect.stringMatching(/^ses_/),
          outcome: 'invited',
          status: 'invited',
        },
      ],
    });
    const [session] = (await sessions.list({ accountId: ACCOUNT.id, limit: 9 })).items;
    expect(session).toMatchObject({ expiresAt: 1763712120440, visitor: { id: '33333333-aaaa-4bbb-8ccc-000000000003' } });
  });

  it.each([
    ['the signature, whatever other key comes with it', { ...sign(empty), ...bearer('some gateway token') }],
    ["the account's platform key", bearer(OURS)],
    ["the account's platform key, whatever signature comes with it", { ...bearer(OURS), ...sign(empty, 'wrong') }],
    ['the admin key', bearer(ADMIN)],
  ])('lets in who has %s', async (_name, headers) => {
    const answer = await post(empty, headers);
    expect([answer.statusCode, answer.json()]).toEqual([200, { changes: 0, results: [] }]);
  });

  it.each<[string, Record<string, string | string[]>, string, number]>([
    ['nothing', {}, ACCOUNT.id, 401],
    ['a signature made with another secret', sign(empty, 'wrong'), ACCOUNT.id, 401],
    ['a signature of other bytes', sign(`${empty} `), ACCOUNT.id, 401],
    ['a doubled signature', { 'x-liveperson-signature': Object.values(sign(empty)).flatMap((s) => [s, s]) }, ACCOUNT.id, 401],
    ['a wrong key', bearer('wrong'), ACCOUNT.id, 401],
    ['an endless key', bearer('k'.repeat(5000)), ACCOUNT.id, 401],
    ['a signature for an account without a secret', sign(empty, ''), 'secretless', 401],
    ['a signature for an unknown account', sign(empty), 'unknown', 401],
    ['nothing, for an unknown account', {}, 'unknown', 401],
    ['a signature for an account that cannot be', sign(empty), '%00', 401],
    ["another account's key", bearer(THEIRS), ACCOUNT.id, 404],
    ['a key, for an unknown account', bearer(OURS), 'unknown', 404],
    ['the admin key, for an unknown account', bearer(ADMIN), 'unknown', 404],
  ])('keeps out who has %s', async (_name, headers, accountId, status) => {
    const answer = await post(empty, headers, accountId);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ code: status === 401 ? 'unauthorized' : 'not_found' });
    expect(answer.body).not.toContain(SECRET);
  });

  it('answers the same to a wrong signature whether the account exists or not', async () => {
    const [known, unknown] = [await post(empty, sign(empty, 'wrong')), await post(empty, sign(empty, 'wrong'), 'unknown')];
    expect(known.json()).toEqual(unknown.json());
  });

  it('never asks the store for an account that cannot be', async () => {
    const find = jest.spyOn(accounts.asAccounts, 'find');
    await post(empty, sign(empty), 'nul%00byte');
    expect(find).not.toHaveBeenCalled();
    await post(empty, sign(empty));
    expect(find).toHaveBeenCalledWith(ACCOUNT.id);
    find.mockRestore();
  });

  it('looks at the key before the body', async () => {
    expect((await post('not JSON', sign('other'))).statusCode).toBe(401);
    expect((await post('not JSON', sign('not JSON'))).json()).toMatchObject({ status: 400, code: 'invalid_json' });
  });

  it.each([
    ['nothing', '', 'invalid_json'],
    ['half of it', empty.slice(0, 20), 'invalid_json'],
    ['something else', '{"hello":"world"}', 'bad_request'],
    [
      '20,000 dialogs in its only change',
      JSON.stringify(notification([change(Array.from({ length: 20_000 }, () => dialog()))])),
      'bad_request',
    ],
  ])('refuses a body that is %s and stores nothing', async (_name, body, code) => {
    const before = (await sessions.list({ accountId: ACCOUNT.id, limit: 9 })).items;
    const answer = await post(body, sign(body));
    expect(answer.json()).toMatchObject({ status: 400, code });
    expect((await sessions.list({ accountId: ACCOUNT.id, limit: 9 })).items).toEqual(before);
  });

  it('takes the body whatever its content type says', async () => {
    for (const type of ['text/plain', 'application/json; charset=utf-8', 'application/octet-stream']) {
      expect((await post(empty, { ...sign(empty), 'content-type': type })).statusCode).toBe(200);
    }
  });

  it('takes a byte order mark before the body, and nothing compressed', async () => {
    expect((await post(`\uFEFF${empty}`, sign(`\uFEFF${empty}`))).statusCode).toBe(200);
    const compressed = await post(empty, { ...sign(empty), 'content-encoding': 'gzip' });
    expect(compressed.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it('takes up to 16 MB and no more', async () => {
    const large = empty + ' '.repeat(16 * 1024 * 1024 - empty.length);
    expect((await post(large, sign(large))).statusCode).toBe(200);
    expect((await post(`${large} `, sign(`${large} `))).json()).toMatchObject({ status: 413, code: 'payload_too_large' });
  });

  it('answers 503 when the store is contended, so that it is sent again', async () => {
    const refuse = jest.spyOn(sessions, 'save').mockResolvedValue(false);
    const body = JSON.stringify(notification([change(dialog({}, { dialogId: 'contended' }))]));
    const answer = await post(body, sign(body));
    refuse.mockRestore();
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
  });

  it('does what its published document says', async () => {
    const document = await readDocument(app);
    expect(wrongExamples(document)).toEqual([]);
    const requests = documentedRequests(document);
    expect(requests).not.toEqual([]);
    for (const { method, path, url, payload } of requests) {
      for (const headers of [bearer(OURS), bearer('wrong'), bearer(THEIRS)]) {
        const answer = await app.inject({ method, url, headers, ...(payload && { payload }) });
        expect(misfits(document, { method, path }, answer)).toEqual([]);
      }
    }
  });
});
