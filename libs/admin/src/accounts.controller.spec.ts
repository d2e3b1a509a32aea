import { DEFAULT_SETTINGS, type Settings } from '#libs/core';
import type { ProblemDocument } from '#libs/protocol';
import { ACCOUNT, ADMIN, PLATFORM_KEY, adminApp } from '../testing/admin-app.ts';
import type { AccountList, AccountView, CreatedAccount, CreatedKey } from './account-view.ts';

describe('the admin API', () => {
  let admin: Awaited<ReturnType<typeof adminApp>>;

  beforeAll(async () => {
    admin = await adminApp();
  });
  afterAll(() => admin.app.close());

  let count = 0;
  const fresh = (): string => `account-${(count += 1)}`;

  interface Answer<T> {
    status: number;
    body: T;
    raw: string;
  }
  async function call<T = AccountView>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object | string,
    authorization = `Bearer ${ADMIN}`,
  ): Promise<Answer<T>> {
    const headers: Record<string, string> = { authorization, ...(payload !== undefined && { 'content-type': 'application/json' }) };
    const answer = await admin.app.inject({ method, url: `/v1/accounts${url}`, payload, headers });
    return { status: answer.statusCode, body: (answer.body ? answer.json() : undefined) as T, raw: answer.body };
  }
  /** A new account; answers its id. */
  async function created(settings: object = {}): Promise<string> {
    const id = fresh();
    expect((await call('POST', '', { id, name: 'Shop', settings })).status).toBe(201);
    return id;
  }
  const change = <T = AccountView>(id: string, settings: object): Promise<Answer<T>> => call<T>('PATCH', `/${id}`, { settings });
  const kept = async (id: string): Promise<Settings> => (await admin.accounts.read(id))!.settings;

  describe('accounts', () => {
    it('are created with the settings of the contract and a key that opens them', async () => {
      const id = fresh();
      const { status, body } = await call<CreatedAccount>('POST', '', { id, name: 'Shop Example' });
      expect(status).toBe(201);
      expect(body.account).toEqual({
        id,
        name: 'Shop Example',
        createdAt: '2026-11-21T10:00:00.000Z',
        settings: {
          defaultMode: 'view',
          allowedModes: ['shared', 'view', 'follow'],
          invitationTtlSeconds: 120,
          joinTimeoutSeconds: 120,
          sessionLimitSeconds: 14_400,
          codeTtlSeconds: 1200,
          requestTtlSeconds: 1200,
          consent: 'always',
          allowedOrigins: [],
          agentIdForm: 'uuid',
          liveperson: { appSecretSet: false, stream: null },
          callbacks: [],
        },
        keys: [{ id: expect.any(String), createdAt: '2026-11-21T10:00:00.000Z', lastUsedAt: null }],
      });
      expect(await admin.accounts.asAccounts.authenticate(body.platformKey)).toEqual({ accountId: id, keyId: body.account.keys[0]?.id });
    });

    it('keep the first when an id is taken', async () => {
      const id = await created();
      const { status, body } = await call<ProblemDocument>('POST', '', { id, name: 'Another' });
      expect([status, body.code]).toEqual([409, 'account_exists']);
      expect((await call('GET', `/${id}`)).body.name).toBe('Shop');
    });

    it('are listed, read, renamed and deleted', async () => {
      const id = await created();
      const renamed = await call('PATCH', `/${id}`, { name: 'Renamed' });
      expect([renamed.status, renamed.body.name]).toEqual([200, 'Renamed']);
      expect((await call('GET', `/${id}`)).body).toEqual(renamed.body);
      expect((await call<AccountList>('GET', '')).body.items).toContainEqual(renamed.body);
      const deleted = await call('DELETE', `/${id}`);
      expect([deleted.status, deleted.raw]).toEqual([204, '']);
      expect((await call('GET', `/${id}`)).status).toBe(404);
      expect((await call('DELETE', `/${id}`)).status).toBe(404);
    });

    it.each(['a', '87654321', 'shop.example', '-_-', '...', 'x'.repeat(64)])('may be called %s', async (id) => {
      expect((await call('POST', '', { id, name: 'Shop' })).status).toBe(201);
      expect((await call('GET', `/${id}`)).body.id).toBe(id);
    });

    it.each(['', '.', '..', 'a b', 'a/b', 'a%20b', '\u00fc', 'x'.repeat(65), 'a\n', 42, null, ['a']])(
      'may not be called %j',
      async (id) => {
        const { status, body } = await call<ProblemDocument>('POST', '', { id, name: 'Shop' });
        expect([status, body.errors?.[0]?.field]).toEqual([400, 'id']);
      },
    );
  });

  describe('keys', () => {
    it('are shown once, listed without their secret, and open nothing after being revoked', async () => {
      const id = await created();
      const { status, body } = await call<CreatedKey>('POST', `/${id}/keys`);
      expect(status).toBe(201);
      const accounts = admin.accounts.asAccounts;
      expect(await accounts.authenticate(body.platformKey)).toEqual({ accountId: id, keyId: body.id });
      const read = await call('GET', `/${id}`);
      expect(read.body.keys.map((key) => key.id)).toContain(body.id);
      expect(read.body.keys.find((key) => key.id === body.id)?.lastUsedAt).toBe('2026-11-21T10:00:00.000Z');
      expect(read.raw).not.toContain(body.platformKey.split('_')[2]);

      const revoked = await call('DELETE', `/${id}/keys/${body.id}`);
      expect([revoked.status, revoked.raw]).toEqual([204, '']);
      expect(await accounts.authenticate(body.platformKey)).toBeNull();
      expect((await call<ProblemDocument>('DELETE', `/${id}/keys/${body.id}`)).body.code).toBe('not_found');
    });

    it('are revoked only within their own account', async () => {
      const [mine, other] = [await created(), await created()];
      const { body } = await call<CreatedKey>('POST', `/${other}/keys`);
      expect((await call('DELETE', `/${mine}/keys/${body.id}`)).status).toBe(404);
      expect(await admin.accounts.asAccounts.authenticate(body.platformKey)).not.toBeNull();
    });

    it('take no fields', async () => {
      const { status, body } = await call<ProblemDocument>('POST', `/${ACCOUNT}/keys`, { name: 'mine' });
      expect([status, body.errors?.[0]?.field]).toEqual([400, 'name']);
      expect((await call('GET', `/${ACCOUNT}`)).body.keys).toHaveLength(1);
    });
  });

  describe('settings', () => {
    it('are changed one by one, and what is left out stays', async () => {
      const id = await created({ agentIdForm: 'numeric', codeTtlSeconds: 600 });
      const { status, body } = await change(id, { invitationTtlSeconds: 60, joinTimeoutSeconds: 30, sessionLimitSeconds: 3600 });
      expect(status).toBe(200);
      expect(body.settings).toMatchObject({
        agentIdForm: 'numeric',
        codeTtlSeconds: 600,
        invitationTtlSeconds: 60,
        joinTimeoutSeconds: 30,
        sessionLimitSeconds: 3600,
      });
      expect(await kept(id)).toEqual({
        ...DEFAULT_SETTINGS,
        agentIdForm: 'numeric',
        codeTtlSeconds: 600,
        invitationTtlSeconds: 60,
        joinTimeoutSeconds: 30,
        sessionLimitSeconds: 3600,
      });
    });

    it.each([{}, { settings: {} }])('stay as they are after %j', async (payload) => {
      const id = await created({ allowedModes: ['follow'] });
      const before = await kept(id);
      expect((await call('PATCH', `/${id}`, payload)).status).toBe(200);
      expect(await kept(id)).toEqual(before);
    });

    it.each([
      [{ defaultMode: 'all' }, 'settings.defaultMode must be one of: shared, view, follow'],
      [{ allowedModes: ['view', 'all'] }, 'settings.allowedModes must each be one of: shared, view, follow'],
      [{ agentIdForm: 'email' }, 'settings.agentIdForm must be one of: uuid, numeric'],
    ])('say what may be chosen when %j is sent', async (wrong, message) => {
      const { status, body } = await change<ProblemDocument>(await created(), wrong);
      expect([status, body.detail]).toEqual([400, message]);
    });

    it('keep the default mode among the allowed ones', async () => {
      const id = await created({ allowedModes: ['follow', 'shared'] });
      expect((await kept(id)).defaultMode).toBe('follow');
      const refused = await change<ProblemDocument>(id, { defaultMode: 'view' });
      expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([400, 'settings.defaultMode']);
      expect((await change(id, { allowedModes: ['view', 'follow'] })).body.settings.defaultMode).toBe('follow');
      expect((await change(id, { allowedModes: ['view'], defaultMode: 'view' })).body.settings).toMatchObject({
        allowedModes: ['view'],
        defaultMode: 'view',
      });
      expect(
        (
          await call<ProblemDocument>('POST', '', {
            id: fresh(),
            name: 'Shop',
            settings: { allowedModes: ['view'], defaultMode: 'shared' },
          })
        ).status,
      ).toBe(400);
    });

    it('keep origins as browsers send them, each once', async () => {
      const id = await created({ allowedOrigins: ['HTTPS://Shop.example:443', 'https://shop.example/', 'http://localhost:8080'] });
      expect((await call('GET', `/${id}`)).body.settings.allowedOrigins).toEqual(['https://shop.example', 'http://localhost:8080']);
    });

    it('never show the app secret; null removes it, leaving it out keeps it', async () => {
      const id = fresh();
      const made = await call<CreatedAccount>('POST', '', { id, name: 'Shop', settings: { liveperson: { appSecret: 'very-secret' } } });
      expect(made.body.account.settings.liveperson).toEqual({ appSecretSet: true, stream: null });
      const untouched = await change(id, { liveperson: {} });
      for (const { raw } of [made, untouched, await call('GET', `/${id}`), await call('GET', '')]) expect(raw).not.toContain('very-secret');
      expect((await kept(id)).liveperson).toEqual({ appSecret: 'very-secret' });
      expect((await change(id, { liveperson: { appSecret: null } })).body.settings.liveperson).toEqual({
        appSecretSet: false,
        stream: null,
      });
      expect((await kept(id)).liveperson).toEqual({});
    });

    describe('of the stream', () => {
      const PASSWORD = { username: 'bridge-bot', password: 'very-secret' };
      const KEYS = { username: 'bridge-bot', appKey: 'very-secret', secret: 's', accessToken: 'a', accessTokenSecret: 't' };

      it.each([
        ['a bearer', { bearer: 'very-secret' }, 'bearer'],
        ['a password', PASSWORD, 'password'],
        ['keys', KEYS, 'keys'],
      ])('keep %s and never show it', async (_, credentials, login) => {
        const id = await created();
        const { body, raw } = await change(id, { liveperson: { stream: { kind: 'brand', credentials } } });
        expect(body.settings.liveperson.stream).toEqual({ kind: 'brand', login });
        expect(raw + (await call('GET', '')).raw).not.toContain('very-secret');
        expect((await kept(id)).liveperson.stream).toEqual({ kind: 'brand', credentials });
      });

      it('stay when they are left out, and go by null, without touching the app secret', async () => {
        const id = await created({ liveperson: { appSecret: 'one', stream: { kind: 'brand', credentials: PASSWORD } } });
        await change(id, { liveperson: { appSecret: 'two' } });
        await change(id, { liveperson: { stream: { kind: 'brand' } } });
        expect((await kept(id)).liveperson).toEqual({ appSecret: 'two', stream: { kind: 'brand', credentials: PASSWORD } });
        await change(id, { liveperson: { stream: null } });
        expect((await kept(id)).liveperson).toEqual({ appSecret: 'two' });
        expect((await change(id, { liveperson: { stream: { kind: 'consumer' } } })).body.settings.liveperson.stream).toEqual({
          kind: 'consumer',
          login: null,
        });
      });

      it.each([
        ['no credentials', { kind: 'brand' }, 'credentials'],
        ['half of a set', { kind: 'brand', credentials: { username: 'bridge-bot' } }, 'credentials'],
        ['more than one set', { kind: 'brand', credentials: { ...PASSWORD, bearer: 'b' } }, 'credentials'],
        ['credentials for single visitors', { kind: 'consumer', credentials: PASSWORD }, 'credentials'],
        ['a bearer that is no token', { kind: 'brand', credentials: { bearer: 'a/../b?c' } }, 'credentials.bearer'],
        ['an unknown credential', { kind: 'brand', credentials: { ...PASSWORD, pin: '1' } }, 'credentials.pin'],
        ['an unknown kind', { kind: 'agent' }, 'kind'],
        ['a text', 'brand', ''],
      ])('refuse %s', async (_, stream, field) => {
        const { status, body } = await change<ProblemDocument>(await created(), { liveperson: { stream } });
        const path = ['settings.liveperson.stream', field].filter(Boolean).join('.');
        expect([status, body.errors?.map((error) => error.field)]).toEqual([400, [path]]);
      });
    });

    it('show the secret made for a new callback in that one answer', async () => {
      const url = 'https://shop.example/events';
      const id = await created();
      const made = (await change(id, { callbacks: [{ url, events: ['session.closed'] }] })).body.settings.callbacks[0];
      expect(made).toEqual({ url, events: ['session.closed'], secret: expect.stringMatching(/^whsec_/) });
      expect((await kept(id)).callbacks).toEqual([made]);
      expect((await call('GET', `/${id}`)).body.settings.callbacks).toEqual([{ url, events: ['session.closed'] }]);
      expect((await call<AccountList>('GET', '')).raw).not.toContain(made?.secret);
    });

    it('show it when the account is created with the callback', async () => {
      const id = fresh();
      const { body } = await call<CreatedAccount>('POST', '', {
        id,
        name: 'Shop',
        settings: { callbacks: [{ url: 'https://shop.example' }] },
      });
      expect(body.account.settings.callbacks).toEqual((await kept(id)).callbacks);
    });

    it("keep a callback's secret when its address is sent again without one, and never show it again", async () => {
      const [a, b] = ['https://shop.example/a', 'https://shop.example/b'];
      const own = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
      const id = await created({ callbacks: [{ url: a }, { url: b, secret: own }] });
      const before = (await kept(id)).callbacks;
      const again = await change(id, { callbacks: [{ url: b }, { url: a, events: ['session.active'] }] });
      expect(again.body.settings.callbacks).toEqual([{ url: b }, { url: a, events: ['session.active'] }]);
      expect((await kept(id)).callbacks).toEqual([
        { url: b, secret: own },
        { url: a, events: ['session.active'], secret: before[0]?.secret },
      ]);
      expect((await change(id, { callbacks: [{ url: a, secret: own }] })).raw).not.toContain(own);
      expect((await change(id, { callbacks: [] })).body.settings.callbacks).toEqual([]);
    });

    const seconds = (field: string, min: number, max: number): [string, unknown][] =>
      [min - 1, max + 1, min + 0.5, String(min), null, [min], {}, true].map((value) => [`settings.${field}`, { [field]: value }]);
    const many = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
    const callback = { url: 'https://shop.example' };

    it.each<[field: string, settings: unknown]>([
      ...seconds('invitationTtlSeconds', 10, 120),
      ...seconds('joinTimeoutSeconds', 1, 3600),
      ...seconds('sessionLimitSeconds', 1, 86_400),
      ...seconds('codeTtlSeconds', 1, 86_400),
      ...seconds('requestTtlSeconds', 1, 86_400),
      ['settings', []],
      ['settings', 'none'],
      ['settings', null],
      ['settings', [{}]],
      ['settings.color', { color: 'red' }],
      ['settings.toString', { toString: 'x' }],
      ['settings.constructor', { constructor: {} }],
      ['settings.defaultMode', { defaultMode: 'watch' }],
      ['settings.defaultMode', { defaultMode: null }],
      ['settings.allowedModes', { allowedModes: [] }],
      ['settings.allowedModes', { allowedModes: 'view' }],
      ['settings.allowedModes', { allowedModes: ['view', 'view'] }],
      ['settings.allowedModes', { allowedModes: ['view', 'watch'] }],
      ['settings.allowedModes', { allowedModes: { 0: 'view' } }],
      ['settings.allowedOrigins', { allowedOrigins: ['https://shop.example/cart'] }],
      ['settings.allowedOrigins', { allowedOrigins: ['https://*.shop.example'] }],
      ['settings.allowedOrigins', { allowedOrigins: 'https://shop.example' }],
      ['settings.allowedOrigins', { allowedOrigins: many(101).map((i) => `https://${i}.example`) }],
      ['settings.agentIdForm', { agentIdForm: 'name' }],
      ['settings.liveperson', { liveperson: [] }],
      ['settings.liveperson', { liveperson: null }],
      ['settings.liveperson.appSecret', { liveperson: { appSecret: '' } }],
      ['settings.liveperson.appSecret', { liveperson: { appSecret: 'x'.repeat(256) } }],
      ['settings.liveperson.appSecret', { liveperson: { appSecret: 42 } }],
      ['settings.liveperson.token', { liveperson: { token: 'x' } }],
      ['settings.callbacks', { callbacks: {} }],
      ['settings.callbacks', { callbacks: ['https://shop.example'] }],
      ['settings.callbacks', { callbacks: [null] }],
      ['settings.callbacks', { callbacks: [[callback]] }],
      ['settings.callbacks', { callbacks: [callback, callback] }],
      ['settings.callbacks', { callbacks: many(11).map((i) => ({ url: `https://shop.example/${i}` })) }],
      ['settings.callbacks.0.url', { callbacks: [{}] }],
      ['settings.callbacks.0.url', { callbacks: [{ url: 42 }] }],
      ['settings.callbacks.0.url', { callbacks: [{ url: `https://${'x'.repeat(2048)}` }] }],
      ['settings.callbacks.1.url', { callbacks: [callback, { url: 'http://169.254.169.254/' }] }],
      ['settings.callbacks.0.events', { callbacks: [{ ...callback, events: [] }] }],
      ['settings.callbacks.0.events', { callbacks: [{ ...callback, events: ['session.opened'] }] }],
      ['settings.callbacks.0.events', { callbacks: [{ ...callback, events: ['session.closed', 'session.closed'] }] }],
      ['settings.callbacks.0.secret', { callbacks: [{ ...callback, secret: 'too short' }] }],
      ['settings.callbacks.0.secret', { callbacks: [{ ...callback, secret: null }] }],
      ['settings.callbacks.0.method', { callbacks: [{ ...callback, method: 'GET' }] }],
    ])('refuse a wrong %s: %j', async (field, settings) => {
      const before = await kept(ACCOUNT);
      for (const answer of [
        await call<ProblemDocument>('PATCH', `/${ACCOUNT}`, { settings }),
        await call<ProblemDocument>('POST', '', { id: 'never', name: 'Never', settings }),
      ]) {
        expect([answer.status, answer.body.code, answer.body.errors?.map((e) => e.field)]).toEqual([400, 'bad_request', [field]]);
        expect(answer.body.detail).toContain(field.split('.').at(-1));
      }
      expect(await kept(ACCOUNT)).toEqual(before);
      expect(await admin.accounts.read('never')).toBeNull();
    });

    it.each(['60', true, null, 60.5, 121])('say that seconds are a whole number, to %j', async (invitationTtlSeconds) => {
      const { body } = await change<ProblemDocument>(ACCOUNT, { invitationTtlSeconds });
      expect(body.detail).toBe('settings.invitationTtlSeconds must be a whole number from 10 to 120');
    });

    it('refuse a wrong secret without repeating it', async () => {
      const { status, raw } = await change<ProblemDocument>(ACCOUNT, {
        callbacks: [{ url: 'https://shop.example', secret: 'whsec_not-base64' }],
      });
      expect([status, raw.includes('not-base64')]).toEqual([400, false]);
    });
  });

  describe('who may', () => {
    const ROUTES = [
      ['GET', ''],
      ['POST', ''],
      ['GET', `/${ACCOUNT}`],
      ['PATCH', `/${ACCOUNT}`],
      ['DELETE', `/${ACCOUNT}`],
      ['POST', `/${ACCOUNT}/keys`],
      ['DELETE', `/${ACCOUNT}/keys/5f2b0c9d7e1a4836`],
    ] as const;

    it.each(ROUTES)('%s %s is for the admin only: not for a platform, not without a key', async (method, url) => {
      for (const authorization of ['', 'Bearer wrong', `Bearer ${PLATFORM_KEY}`, `Basic ${ADMIN}`, ADMIN]) {
        const { status, body } = await call<ProblemDocument>(method, url, undefined, authorization);
        expect([status, body.code]).toEqual([401, 'unauthorized']);
      }
      expect((await admin.accounts.read(ACCOUNT))?.keys).toHaveLength(1);
    });

    it.each(ROUTES)('%s %s refuses a query', async (method, url) => {
      const { status, body } = await call<ProblemDocument>(method, `${url}?foo=1`);
      expect([status, body.errors?.map((e) => e.field)]).toEqual([400, ['foo']]);
      expect((await admin.accounts.read(ACCOUNT))?.keys).toHaveLength(1);
    });

    it.each(['nobody', '%00', 'a%00b', '%2e%2e', 'x'.repeat(65), '%F0%9F%90%88', '__proto__'])(
      'answers 404 for an account or key that is none: %s',
      async (junk) => {
        for (const [method, url] of [
          ['GET', ''],
          ['PATCH', ''],
          ['DELETE', ''],
          ['POST', '/keys'],
          ['DELETE', '/keys/x'],
        ] as const) {
          const payload = method === 'PATCH' ? { name: 'x' } : undefined;
          expect((await call<ProblemDocument>(method, `/${junk}${url}`, payload)).body).toMatchObject({ status: 404, code: 'not_found' });
        }
        expect((await call<ProblemDocument>('DELETE', `/${ACCOUNT}/keys/${junk}`)).status).toBe(404);
      },
    );
  });

  it.each([
    ['not JSON', '{"id":', 'invalid_json'],
    ['a prototype key', '{"__proto__":{"admin":true},"id":"never","name":"x"}', 'invalid_json'],
    ['a hidden prototype key', '{"id":"never","name":"x","settings":{"__proto__":{"admin":true}}}', 'invalid_json'],
    ['an array', '[]', 'bad_request'],
    ['nothing', '', 'bad_request'],
    ['settings without end', `{"id":"never","name":"x","settings":${'{"liveperson":'.repeat(4000)}1${'}'.repeat(4001)}`, 'bad_request'],
    ['a huge name', JSON.stringify({ id: 'never', name: 'x'.repeat(60_000) }), 'bad_request'],
    ['an unknown field', JSON.stringify({ id: 'never', name: 'x', owner: 'me' }), 'bad_request'],
  ])('creates nothing from %s', async (_title, payload, code) => {
    const { status, body } = await call<ProblemDocument>('POST', '', payload);
    expect([status, body.code]).toEqual([400, code]);
    expect(await admin.accounts.read('never')).toBeNull();
  });

  it('changes no id', async () => {
    const { status, body } = await call<ProblemDocument>('PATCH', `/${ACCOUNT}`, { id: 'other' });
    expect([status, body.errors?.[0]?.field]).toEqual([400, 'id']);
  });
});
