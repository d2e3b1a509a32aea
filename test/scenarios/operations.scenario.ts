import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { pageSchemas } from '#libs/pages';
import type { OpenAPIObject } from '@nestjs/swagger';
import { documentedRequests, leftOut, misfits } from '../../libs/http/testing/documented.ts';
import { putEmptyCluster } from '../../libs/store/testing/empty-cluster.ts';
import { call, createAccount } from '../support/api.ts';
import { TestConversation, postHook } from '../support/liveperson.ts';
import { type TestPage, connectPage, openPage } from '../support/page.ts';
import { type Program, startProgram } from '../support/program.ts';

describe('those who run the bridge', () => {
  let program: Program;

  beforeAll(async () => {
    program = await startProgram({}, 'made');
  });
  afterAll(() => program.remove());

  it('are told where to go and what to click, and the admin key', () => {
    expect(program.output()).toContain(`${program.url}/demo`);
    expect(program.output()).toContain(program.adminKey);
  });

  it('see whether it lives and can work', async () => {
    expect(await call(program, 'GET', '/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await call(program, 'GET', '/health/ready')).toMatchObject({ status: 200, body: { status: 'ok', checks: { store: 'ok' } } });
  });

  it('reach a page whether or not they type a slash at its end', async () => {
    for (const path of ['/demo', '/docs', '/health/ready']) {
      expect([path, (await fetch(program.url + path)).status]).toEqual([path, 200]);
      expect([path, (await fetch(`${program.url}${path}/`)).status]).toEqual([path, 200]);
    }
  });

  it('never mean an account by an address that goes on, as that of a key called `..` does where it is tidied up on the way', async () => {
    const account = await createAccount(program);
    const deleted = await call(program, 'DELETE', `/v1/accounts/${account.id}/keys/..`, { key: program.adminKey });
    expect(deleted).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await call(program, 'GET', `/v1/accounts/${account.id}`, { key: program.adminKey })).status).toBe(200);
  });

  it('find one wide log line per outcome, and counts of it', async () => {
    const account = await createAccount(program);
    const conversation = new TestConversation();
    const page = await openPage(program, account, conversation.consumerId);
    conversation.invite();
    await postHook(program, account, conversation.notification());
    const { session } = await page.next('session.invited');
    await page.answer('decline', session.id);
    page.close();
    const lines = await program.untilLogged('session.changed', (all) => all.some((line) => line['command'] === 'decline'));
    expect(lines.filter((line) => line['sessionId'] === session.id)).toMatchObject([
      {
        accountId: account.id,
        conversationId: conversation.convId,
        command: 'invite',
        before: null,
        after: 'invited',
        ms: expect.any(Number),
      },
      { accountId: account.id, command: 'decline', before: 'invited', after: 'closed', reason: 'declined', ms: expect.any(Number) },
    ]);
    const { body, headers } = await call<string>(program, 'GET', '/metrics');
    expect(headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
    expect(body).toMatch(/^cobridge_commands_total\{command="decline",outcome="changed"\} 1$/m);
    expect(body.trimEnd()).toMatch(/# EOF$/);
  });

  it('serve the page SDK to pages of any origin, small', async () => {
    const get = (headers: Record<string, string>) => fetch(`${program.url}/sdk/v1/cobridge.js`, { headers });
    const [small, plain] = await Promise.all([get({ 'accept-encoding': 'gzip' }), get({ 'accept-encoding': 'identity' })]);
    expect(Object.fromEntries(small.headers)).toMatchObject({
      'content-encoding': 'gzip',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(Number(small.headers.get('content-length'))).toBeLessThan(20 * 1024);
    expect(await small.text()).toBe(await plain.text());
    expect((await fetch(`${program.url}/sdk/v1/package.json`)).status).toBe(404);
  });

  it('find the documents of every door', async () => {
    const openapi = await call(program, 'GET', '/openapi.json');
    const promised = [
      '/v1/hooks/liveperson/{accountId}',
      '/v1/accounts/{accountId}/sessions',
      '/v1/accounts/{accountId}/sessions/{sessionId}',
      '/v1/accounts/{accountId}/sessions/{sessionId}/events',
      '/v1/accounts/{accountId}/sessions/{sessionId}/cancel',
      '/v1/accounts/{accountId}/sessions/{sessionId}/end',
      '/v1/accounts/{accountId}/page-tokens',
      '/v1/accounts',
      '/v1/accounts/{accountId}',
      '/v1/accounts/{accountId}/keys',
      '/v1/accounts/{accountId}/keys/{keyId}',
    ];
    expect(Object.keys(openapi.body.paths)).toEqual(expect.arrayContaining(promised));
    expect((await call<string>(program, 'GET', '/docs')).status).toBe(200);
  });

  it('find in the document of the routes how each refuses a body that it does not take', async () => {
    const { body: document } = await call<OpenAPIObject>(program, 'GET', '/openapi.json');
    expect(leftOut(document)).toEqual([]);
    // A hook's body is looked at after its signature.
    const takers = documentedRequests(document).filter(({ method, path }) => /POST|PATCH/.test(method) && !path.startsWith('/v1/hooks'));
    expect(takers.map(({ path }) => path)).toContain('/v1/accounts/{accountId}/page-tokens');
    for (const { title, method, path, url } of takers) {
      for (const [status, type, body] of [
        [415, 'text/plain', 'x'],
        [400, 'application/json', '{'],
        [413, 'application/json', `"${'x'.repeat(65_536)}"`],
      ] as const) {
        const answer = await fetch(program.url + url, { method, body, headers: { 'content-type': type } });
        expect([title, answer.status]).toEqual([title, status]);
        const headers = Object.fromEntries(answer.headers);
        const told = misfits(document, { method, path }, { statusCode: answer.status, headers, body: await answer.text() });
        expect([title, told]).toEqual([title, []]);
      }
    }
  });

  it('find a document of the page socket that all which pages say and hear agrees with', async () => {
    const { body: document } = await call(program, 'GET', '/asyncapi.json');
    expect(document.components.schemas).toEqual(JSON.parse(JSON.stringify(pageSchemas)));
    const ajv = new Ajv({ strict: false, formats: { 'date-time': true } });
    ajv.addSchema(document, 'page');
    const wrong: unknown[] = [];
    const seen = new Set<string>();
    const checked = <T>(message: string, value: T): T => {
      const schema = document.channels.pages.messages[message]?.payload.$ref ?? `#/components/schemas/${message}`;
      const validate = ajv.getSchema(`page${schema}`);
      if (!validate?.(value)) wrong.push([message, value, validate ? validate.errors : 'is not documented']);
      seen.add(message);
      return value;
    };
    const account = await createAccount(program);
    const conversation = new TestConversation();
    conversation.invite();
    await postHook(program, account, conversation.notification());
    const auth = { protocol: 1, page: { id: 'tab-1', url: 'https://shop.example/', title: 'Shop', visible: true } };
    checked('Refusal', await connectPage(program.url, checked('Handshake', { token: 'none', ...auth })).catch(({ data }) => data));
    const open = async (visitorId: string): Promise<TestPage> => {
      const page = await connectPage(program.url, checked('Handshake', { token: await account.pageToken(visitorId), ...auth }));
      page.socket.onAny(checked);
      page.socket.onAnyOutgoing(checked);
      checked('sessions', page.snapshot);
      return page;
    };

    const invited = await open(conversation.consumerId);
    const { id } = invited.snapshot.events[0]!.session;
    checked('acceptAnswer', await invited.answer('accept', 'ses_unknown'));
    expect(checked('acceptAnswer', await invited.answer('accept', id))).toMatchObject({ ok: true, publish: {} });
    checked('declineAnswer', await invited.answer('decline', id));
    await invited.next('session.accepted');
    checked('endAnswer', await invited.answer('end', id));
    expect(checked('latestAnswer', await invited.latest(id))).toMatchObject({ ok: true, latest: { type: 'session.closed' } });
    checked('latestAnswer', await invited.latest('ses_unknown'));
    invited.close();

    const asking = await open('visitor-who-asks');
    expect(checked('createCodeAnswer', await asking.createCode('My order'))).toMatchObject({ ok: true });
    const requested = checked('requestAnswer', await asking.request('My order'));
    checked('withdrawAnswer', await asking.answer('withdraw', requested.ok ? requested.session.id : ''));
    asking.close();

    expect(wrong).toEqual([]);
    expect([...seen]).toEqual(expect.arrayContaining(Object.keys(document.channels.pages.messages)));
  });

  it.each([
    ['PORT', { PORT: 'eighty' }],
    ['PORT', { PORT: '70000' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://nope' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://user:hidden-password@127.0.0.1:1/none', COBRIDGE_ADMIN_KEY: 'long-enough-key' }],
    ['COBRIDGE_ADMIN_KEY', { DATABASE_URL: 'postgres://user:hidden-password@127.0.0.1:1/none' }],
    ['REDIS_URL', { REDIS_URL: 'localhost' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'bridge' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['COBRIDGE_DEMO', { COBRIDGE_DEMO: 'perhaps' }],
  ])('are told in one line when %s makes no sense: %j', (name, env) => {
    const { status, stderr } = spawnSync(process.execPath, ['dist/apps/bridge/src/main.js'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(name);
    expect(stderr).not.toContain('hidden-password');
  });

  it('are told when the port is taken, or the data folder', async () => {
    const { port } = new URL(program.url);
    const start = (env: Record<string, string>) =>
      spawnSync(process.execPath, ['dist/apps/bridge/src/main.js'], { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 20_000 });
    const other = mkdtempSync(join(tmpdir(), 'cobridge-'));
    // Where root's PostgreSQL cannot reach it, its database would be kept elsewhere, and stay there.
    chmodSync(other, 0o755);
    await putEmptyCluster(other);
    const taken = start({ PORT: port, COBRIDGE_DATA_DIR: other });
    rmSync(other, { recursive: true, force: true });
    expect(taken).toMatchObject({ status: 1, stderr: expect.stringMatching(new RegExp(`^Cobridge cannot start: PORT ${port} .*\n$`)) });
    expect(taken.stdout).toBe('');
    const folder = /embedded in (\S+?)"/.exec(program.output())?.[1] ?? '';
    const used = start({ COBRIDGE_DATA_DIR: folder });
    expect(used).toMatchObject({ status: 1, stderr: expect.stringContaining('COBRIDGE_DATA_DIR') });
    const nowhere = start({ COBRIDGE_DATA_DIR: '/proc/cobridge/data' });
    expect(nowhere).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Cobridge cannot start: .*COBRIDGE_DATA_DIR.*\n$/) });
  });

  it('stop it in good order though somebody has not sent the whole of a request, and never will', async () => {
    const { port } = new URL(program.url);
    const begun = ['POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{', 'GET /health/live HTTP/1.1\r\nHost: x\r\n', ''];
    const sockets = await Promise.all(
      begun.map(async (half) => {
        const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
        // An answer to the whole one says that the other has come, too.
        socket.write(`GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n${half}`);
        await once(socket, 'data');
        return socket;
      }),
    );
    expect(await program.stop()).toBe(0);
    sockets.forEach((socket) => socket.destroy());
  });
});
