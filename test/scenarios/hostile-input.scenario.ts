import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { io } from 'socket.io-client';
import { type TestAccount, call, createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { connectPage, openPage } from '../support/page.ts';
import { type Program, startProgram } from '../support/program.ts';
import { sendRaw } from '../support/raw-http.ts';
import { startReceiver } from '../support/receiver.ts';

describe('bad input', () => {
  let program: Program;
  let account: TestAccount;
  let invited: object;

  beforeAll(async () => {
    program = await startProgram({ COBRIDGE_CALLBACKS_ALLOW_PRIVATE: 'false' });
    account = await createAccount(program);
  });
  beforeEach(() => {
    const conversation = new TestConversation();
    conversation.invite();
    invited = conversation.notification();
  });
  afterAll(() => program.remove());

  const stored = async (): Promise<number> => (await account.call('GET', '/sessions?limit=200')).body.items.length;
  const problem = (status: number, code: string) => ({
    status,
    body: { type: expect.any(String), title: expect.any(String), status, detail: expect.any(String), code },
  });

  describe('at the LivePerson hook', () => {
    it.each([
      ['not signed', () => ''],
      ['signed with another secret', (raw: string) => `sha256=${createHmac('sha256', 'wrong').update(raw).digest('base64')}`],
      ['signed over other bytes', () => `sha1=${createHmac('sha1', account.appSecret).update('{}').digest('base64')}`],
      ['signed by an unknown algorithm', (raw: string) => `md5=${createHmac('md5', account.appSecret).update(raw).digest('base64')}`],
    ])('%s is 401, before anything is parsed, and nothing is stored', async (_, sign) => {
      const before = await stored();
      const raw = JSON.stringify(invited);
      expect(await postHook(program, account, raw, sign(raw))).toMatchObject(problem(401, 'unauthorized'));
      expect(await postHook(program, account, '{ this is not JSON', sign('{'))).toMatchObject(problem(401, 'unauthorized'));
      expect(await stored()).toBe(before);
    });

    it('that is not JSON is 400', async () => {
      expect(await postHook(program, account, '{"kind":"notification",')).toMatchObject(problem(400, 'invalid_json'));
    });

    it('of another account is 401 by signature and 404 by key', async () => {
      const other = await createAccount(program);
      expect(await postHook(program, { ...account, appSecret: other.appSecret }, invited)).toMatchObject(problem(401, 'unauthorized'));
      expect(await call(program, 'POST', `/v1/hooks/liveperson/${account.id}`, { key: other.platformKey, body: invited })).toMatchObject(
        problem(404, 'not_found'),
      );
    });

    it('over 16 MB is 413, and a large one below is taken', async () => {
      const padded = (bytes: number): string => JSON.stringify({ ...invited, padding: 'x'.repeat(bytes) });
      expect(await postHook(program, account, padded(16 * 1024 * 1024))).toMatchObject(problem(413, 'payload_too_large'));
      expect(await postHook(program, account, padded(15 * 1024 * 1024))).toMatchObject({
        status: 200,
        body: { results: [{ outcome: 'invited' }] },
      });
    });

    it('with prototype keys changes nobody else', async () => {
      const raw = JSON.stringify(invited).replace(
        '"kind"',
        '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"kind"',
      );
      expect((await postHook(program, account, raw)).status).toBe(200);
      const { body } = await account.call('GET', '/sessions?limit=1');
      expect(JSON.stringify(body)).not.toContain('polluted');
      expect((await call(program, 'GET', '/health/ready')).status).toBe(200);
    });

    it('with 20,000 dialogs in one change is refused whole and quickly', async () => {
      const before = await stored();
      const notification = structuredClone(invited) as { body: { changes: [{ result: { conversationDetails: { dialogs: object[] } } }] } };
      const { dialogs } = notification.body.changes[0].result.conversationDetails;
      const cobrowse = dialogs[1] as object;
      while (dialogs.length < 20_000) dialogs.push({ ...cobrowse, dialogId: `dialog-${dialogs.length}` });
      expect(await postHook(program, account, notification)).toMatchObject(problem(400, 'bad_request'));
      expect(await stored()).toBe(before);
    });

    it('one bad change or dialog never spoils the others', async () => {
      const notification = structuredClone(invited) as { body: { changes: any[] } };
      notification.body.changes[0].result.conversationDetails.dialogs.unshift(
        null,
        7,
        { channelType: 'COBROWSE' },
        { channelType: 'COBROWSE', dialogId: {}, metaData: { sessionState: 'INVITED' } },
      );
      notification.body.changes.unshift(null, 'x', { type: 'UPSERT' }, { type: 'UPSERT', result: { convId: [] } });
      const { status, body } = await postHook(program, account, notification);
      expect(status).toBe(200);
      expect(body.results.filter((r) => r.outcome === 'invited')).toHaveLength(1);
    });
  });

  describe('at our own REST', () => {
    it('names the field that is wrong', async () => {
      const invite = { conversationId: 'c', visitorId: 'v', agentId: 'a' };
      expect(await account.call('POST', '/sessions', { ...invite, mode: 'everything' })).toMatchObject({
        status: 400,
        body: { code: 'bad_request', errors: [{ field: 'mode' }] },
      });
      expect(await account.call('POST', '/sessions', { ...invite, colour: 'red' })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'colour' }] },
      });
      expect(await account.call('POST', '/sessions', { visitorId: 'v', agentId: 'a' })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'conversationId' }] },
      });
      expect(
        await account.call('POST', '/sessions', '{"__proto__":{"x":1},"conversationId":"c","visitorId":"v","agentId":"a"}'),
      ).toMatchObject({ status: 400 });
    });

    it.each([
      ['no key', () => ({})],
      ['a wrong key', () => ({ key: 'cbk_wrong_wrong' })],
      ['a revoked key', () => ({ key: account.platformKey.slice(0, -1) })],
    ])('with %s is 401', async (_, options) => {
      expect(await call(program, 'GET', `/v1/accounts/${account.id}/sessions`, options())).toMatchObject(problem(401, 'unauthorized'));
    });

    it('with a key that was revoked is 401 at once', async () => {
      const brand = await createAccount(program);
      const { body } = await call(program, 'GET', `/v1/accounts/${brand.id}`, { key: program.adminKey });
      expect((await brand.call('GET', '/sessions')).status).toBe(200);
      await call(program, 'DELETE', `/v1/accounts/${brand.id}/keys/${body.keys[0].id}`, { key: program.adminKey });
      expect(await brand.call('GET', '/sessions')).toMatchObject(problem(401, 'unauthorized'));
    });

    it('for another account or an unknown session is 404', async () => {
      const other = await createAccount(program);
      expect(await call(program, 'GET', `/v1/accounts/${other.id}/sessions`, { key: account.platformKey })).toMatchObject(
        problem(404, 'not_found'),
      );
      expect(await account.call('GET', '/sessions/ses_nowhere')).toMatchObject(problem(404, 'not_found'));
      expect(await account.call('POST', '/sessions/ses_nowhere/cancel')).toMatchObject(problem(404, 'not_found'));
      expect(await call(program, 'GET', '/no/such/address')).toMatchObject(problem(404, 'not_found'));
    });

    it('never shows a secret, a stack or a database message', async () => {
      const { body } = await call(program, 'GET', `/v1/accounts/${account.id}`, { key: program.adminKey });
      expect(JSON.stringify(body)).not.toContain(account.appSecret);
      const { body: strange } = await account.call('GET', `/sessions/${encodeURIComponent("ses_'; DROP TABLE session; --")}`);
      expect(JSON.stringify(strange)).not.toMatch(/sql|syntax|node_modules|postgres/i);
      expect(program.output()).not.toContain(account.appSecret);
      expect(program.output()).not.toContain(account.platformKey);
    });
  });

  describe('as the address of callbacks', () => {
    it('a private one is not called unless it is allowed: nothing is sent', async () => {
      const receiver = await startReceiver();
      const url = `https://127.0.0.1:${new URL(receiver.url).port}/`;
      const brand = await createAccount(program, { callbacks: [{ url, secret: receiver.secret }] });
      await postHook(program, brand, invited);
      const tried = await program.untilLogged('callback.attempted', (all) => all.length > 0);
      expect(tried[0]).toMatchObject({ accountId: brand.id, outcome: 'failed', status: null });
      expect(receiver.received).toEqual([]);
      await receiver.close();
    });
  });

  describe('in an address', () => {
    it.each([
      ['GET', '/v1/accounts/LONG'],
      ['GET', '/v1/accounts/ACCOUNT/sessions/LONG'],
      ['GET', '/v1/accounts/ACCOUNT/sessions/LONG/events'],
      ['DELETE', '/v1/accounts/ACCOUNT/keys/LONG'],
      ['DELETE', '/v1/accounts/ACCOUNT/liveperson/streams/LONG'],
      ['POST', '/v1/hooks/liveperson/LONG'],
    ])('an id too long to be one is not found, and wants a key like any other: %s %s', async (method, path) => {
      const at = (length: number): string => path.replace('LONG', 'x'.repeat(length)).replace('ACCOUNT', account.id);
      expect(await call(program, method, at(101), { key: program.adminKey })).toMatchObject(problem(404, 'not_found'));
      expect(await call(program, method, at(101))).toMatchObject(problem(401, 'unauthorized'));
      expect(await call(program, method, at(10_000), { key: program.adminKey })).toMatchObject(problem(404, 'not_found'));
    });

    it('the longest visitor there can be is found all the same', async () => {
      const visitorId = '\u{1f600}'.repeat(256);
      const brand = await createAccount(program, { liveperson: { stream: { kind: 'consumer' } } });
      const token = ['{"alg":"none"}', '{"sub":"x"}', ''].map((part) => Buffer.from(part).toString('base64url')).join('.');
      expect((await brand.call('POST', '/liveperson/streams', { visitorId, token })).status).toBe(201);
      expect((await brand.call('DELETE', `/liveperson/streams/${encodeURIComponent(visitorId)}`)).status).toBe(204);
    });

    it.each(['/../x', '/%2e%2e/x', '/%00', '/a%5c..%5c', '///'])('a path that leads nowhere is not found: %s', async (path) => {
      for (const place of ['/docs', '/demo', '/sdk/v1']) {
        expect([place, await sendRaw(program, `GET ${place}${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)]).toEqual([
          place,
          { ...problem(404, 'not_found'), type: 'application/problem+json' },
        ]);
      }
      expect(program.output()).not.toContain('Error');
    });
  });

  describe('below the router', () => {
    const post = 'POST /v1/accounts HTTP/1.1\r\nHost: x\r\n';
    it.each([
      ['a length that is no number', `${post}Content-Length: x\r\n\r\n`],
      ['a length and chunks', `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
      ['a chunk of no length', `${post}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`],
      ['an unknown method', 'FETCH / HTTP/1.1\r\nHost: x\r\n\r\n'],
      ['garbage', '\u0016\u0003\u0001\u0002\r\n\r\n'],
      ['headers without end', `${post}X: ${'x'.repeat(20_000)}`],
    ])('%s is a problem like any other, and the end of the connection', async (_, bytes) => {
      expect(await sendRaw(program, bytes)).toEqual({ ...problem(400, 'bad_request'), type: 'application/problem+json' });
    });
  });

  describe('at the page socket', () => {
    const refusal = (auth: object, origin?: string): Promise<unknown> =>
      connectPage(program.url, auth, origin === undefined ? {} : { extraHeaders: { origin } }).then(
        (page) => page.close(),
        (error: unknown) => (error as { data?: unknown }).data,
      );

    it('a missing, forged or foreign token is refused with a code', async () => {
      const token = await account.pageToken('visitor-1');
      expect(await refusal({ protocol: 1 })).toEqual({ code: 'token_missing' });
      expect(await refusal({ protocol: 1, token: `${token}x` })).toEqual({ code: 'token_invalid' });
      const [, payload] = token.split('.');
      const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
      expect(await refusal({ protocol: 1, token: none })).toEqual({ code: 'token_invalid' });
      expect(await refusal({ protocol: 2, token })).toEqual({ code: 'bad_request' });
      expect(await refusal({ protocol: 1, token, page: { id: 'x'.repeat(1000) } })).toEqual({ code: 'bad_request' });
    });

    it('an origin that is not listed exactly is refused', async () => {
      const brand = await createAccount(program, { allowedOrigins: ['https://shop.example'] });
      const token = await brand.pageToken('visitor-1');
      for (const origin of [
        'https://shop.example.evil.test',
        'http://shop.example',
        'https://shop.example:8443',
        'https://www.shop.example',
        'null',
        'https://shop.example@evil.test',
      ]) {
        expect(await refusal({ protocol: 1, token }, origin)).toEqual({ code: 'origin_not_allowed' });
      }
      expect(await refusal({ protocol: 1, token }, 'https://shop.example')).toBeUndefined();
      expect(await refusal({ protocol: 1, token }, program.url)).toBeUndefined();
    });

    it('nobody is let in by another namespace, where no token is asked for', async () => {
      const socket = io(program.url, { transports: ['websocket'], reconnection: false });
      const answer = await new Promise((resolve) => {
        socket.once('connect', () => resolve('connected'));
        socket.once('connect_error', (error) => resolve(error.message));
      });
      socket.close();
      expect(answer).toBe('Connect to the namespace /pages.');
    });

    it('questions without sense are answered, not obeyed', async () => {
      const page = await openPage(program, account, 'visitor-1');
      const ask = (question: unknown): Promise<unknown> =>
        page.socket.timeout(5000).emitWithAck('accept', question as { sessionId: string });
      for (const question of [
        null,
        'x',
        [],
        {},
        { sessionId: 7 },
        { sessionId: { toString: 'x' } },
        { sessionId: 'a'.repeat(10_000) },
        { sessionId: 'ses_x', more: 1 },
      ]) {
        expect(await ask(question)).toMatchObject({ ok: false, error: { code: 'bad_request' } });
      }
      expect(await ask({ sessionId: 'ses_unknown' })).toMatchObject({ ok: false, error: { code: 'not_found' } });
      page.close();
    });

    it('a flood is bounded per connection and harms nobody else', async () => {
      const flooding = await openPage(program, account, 'visitor-flood', { reconnection: false });
      const cutOff = new Promise((resolve) => flooding.socket.once('disconnect', resolve));
      const answers = await Promise.all(Array.from({ length: 60 }, () => flooding.answer('accept', 'ses_unknown')));
      const codes = answers.map((a) => (a.ok ? 'ok' : a.error.code));
      expect(codes.filter((code) => code === 'too_many_requests').length).toBeGreaterThanOrEqual(20);
      const calm = await openPage(program, account, 'visitor-flood');
      expect(await calm.answer('accept', 'ses_unknown')).toMatchObject({ error: { code: 'not_found' } });
      for (let i = 0; i < 300; i++) flooding.socket.emit('accept', { sessionId: 'ses_unknown' }, () => {});
      await cutOff;
      calm.close();
    });

    it('frames that are no Socket.IO at all close that connection and nothing else', async () => {
      const { port } = new URL(program.url);
      for (const junk of ['42[{"toString":"x"}]', '4'.repeat(100_000), '\u0000\u0001', '451-["accept",{"_placeholder":true,"num":0}]']) {
        const socket = connect(Number(port), '127.0.0.1');
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.once('error', () => {});
        socket.write(
          `POST /socket.io/?EIO=4&transport=polling&sid=none HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(junk)}\r\n\r\n${junk}`,
        );
        socket.resume();
        await closed;
      }
      expect((await call(program, 'GET', '/health/live')).status).toBe(200);
    });
  });
});
