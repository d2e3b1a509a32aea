import { type Box, PID, openBox } from '../testing/box.ts';
import { Client } from '../testing/client.ts';

let box: Box;
beforeEach(async () => {
  box = await openBox();
});
afterEach(() => box.emulator.stop());

interface Got {
  status: number;
  headers: Headers;
  // eslint-disable-next-line typescript/no-explicit-any -- answers are looked at as they come
  body: any;
}

const call = async (
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  method = body === undefined ? 'GET' : 'POST',
): Promise<Got> => {
  const response = await fetch(`${box.emulator.url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
};
const account = '/api/account/55500017';

describe('CSDS', () => {
  it('names services at the address that was asked', async () => {
    const { host } = new URL(box.emulator.url);
    const { body } = await call(`${account}/service/baseURI.json?version=1.0`);
    expect(body.baseURIs).toContainEqual({ service: 'asyncMessagingEnt', account: '55500017', baseURI: host });
    expect(body.baseURIs.map(({ service }: { service: string }) => service)).toEqual(expect.arrayContaining(['agentVep', 'idp']));
    const one = await call(`${account}/service/agentVep/baseURI.json?version=1.0`);
    expect(one.body).toMatchObject({ baseURI: host, baseURIs: [{ service: 'agentVep', account: '55500017', baseURI: host }] });
  });

  it('knows no other account or service', async () => {
    expect((await call('/api/account/1/service/baseURI.json')).status).toBe(404);
    expect((await call(`${account}/service/teaKitchen/baseURI.json`)).status).toBe(404);
    expect((await call('/api/elsewhere')).status).toBe(404);
  });
});

describe('login', () => {
  const credentials = { username: 'watcher', password: 'pw-of-watcher' };

  it('gives a bearer that opens a socket, and a session to refresh', async () => {
    const { status, body, headers } = await call(`${account}/login?v=1.3`, credentials);
    expect([status, body]).toMatchObject([200, { csrf: expect.any(String), config: { userId: '7001', userPid: PID } }]);
    const client = await Client.open(box.emulator, `55500017/messaging/brand/${body.bearer}?v=2.1`);
    expect(await client.ask('.GetClock')).toMatchObject({ code: 200 });
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await call(`${account}/refresh?v=1.3`, { csrf: body.csrf }, { cookie })).status).toBe(200);
    expect((await call(`${account}/refresh?v=1.3`, { csrf: body.csrf })).status).toBe(401);
    expect((await call(`${account}/refresh?v=1.3`, { csrf: 'another' }, { cookie })).status).toBe(401);
    expect(box.emulator.journal.of('refresh').map(({ outcome }) => outcome)).toEqual([200, 401, 401]);
  });

  it.each([
    ['a wrong password', { ...credentials, password: 'pw' }, 401],
    ['an unknown user', { ...credentials, username: 'nobody' }, 401],
    ['keys of OAuth for a user without', { username: 'watcher', appKey: 'a', secret: 'b', accessToken: 'c', accessTokenSecret: 'd' }, 401],
    ['nothing', {}, 401],
    ['an assertion', { jwt: 'dummy', assertion: 'PHNhbWw+' }, 403],
  ])('refuses %s', async (_, body, status) => {
    expect(await call(`${account}/login`, body)).toMatchObject({
      status,
      body: { error: expect.any(String), internalCode: String(status) },
    });
  });

  it('says what the knobs tell it to say', async () => {
    Object.assign(box.emulator.knobs, { loginStatus: 451, retryAfterSeconds: 7 });
    const { status, body, headers } = await call(`${account}/login`, credentials);
    expect([status, headers.get('retry-after'), body.internalCode]).toEqual([451, '7', '451']);
    Object.assign(box.emulator.knobs, { csdsStatus: 503, refreshStatus: 500, signupStatus: 429, httpDelayMs: 30 });
    const asked = Date.now();
    expect((await call(`${account}/service/baseURI.json`)).status).toBe(503);
    expect(Date.now() - asked).toBeGreaterThanOrEqual(29);
    expect((await call(`${account}/refresh`, {})).status).toBe(500);
    expect((await call(`${account}/signup`, {})).status).toBe(429);
  });
});

describe('sign-up', () => {
  it('gives a JWT whose sub is the consumer', async () => {
    const { body } = await call(`${account}/signup`, {});
    const { sub } = JSON.parse(Buffer.from(body.jwt.split('.')[1], 'base64url').toString()) as { sub: string };
    const client = await Client.open(box.emulator, '55500017/messaging/consumer', { authorization: `jwt ${body.jwt}` });
    await client.ask('cm.ConsumerRequestConversation', {});
    expect([...box.brand.conversations.values()]).toMatchObject([{ consumerId: sub }]);
  });
});

describe('the control door', () => {
  it('leads an invitation from first to last', async () => {
    const door = '/emulator/accounts/55500017';
    const { body: conversation } = await call(`${door}/conversations`, { consumerId: 'c-7' });
    const { body: invited } = await call(`${door}/conversations/${conversation.id}/invite`, { mode: 'shared' });
    const dialog = `${door}/conversations/${conversation.id}/dialogs/${invited.dialogId}`;
    const state = (): unknown => box.brand.dialog(conversation.id, invited.dialogId).metaData?.['notificationKey'];
    expect(state()).toBe('invited');
    for (const [verb, key] of [
      ['accept', 'accepted'],
      ['join', 'joined'],
      ['cancel', 'cancel_invitation'],
    ] as const) {
      expect((await call(`${dialog}/${verb}`, {})).status).toBe(200);
      expect(state()).toBe(key);
    }
    await call(`${door}/conversations/${conversation.id}/close`, {});
    expect((await call('/emulator')).body.accounts[0].conversations).toMatchObject([
      { id: conversation.id, consumerId: 'c-7', stage: 'CLOSE', dialogs: [{}, { state: 'CLOSE', sessionState: 'CLOSED' }] },
    ]);
  });

  it('turns knobs, and says why not', async () => {
    expect((await call('/emulator/knobs', { duplicate: 2 }, {}, 'PATCH')).body).toMatchObject({ duplicate: 2 });
    expect(await call('/emulator/knobs', { colour: 2 }, {}, 'PATCH')).toMatchObject({
      status: 400,
      body: { error: 'There is no knob "colour".' },
    });
    expect(box.emulator.knobs.duplicate).toBe(2);
  });

  it('is not for pages, and shows no password and no token', async () => {
    expect((await call('/emulator', undefined, { origin: 'https://shop.example' })).status).toBe(403);
    expect(JSON.stringify((await call('/emulator')).body)).not.toContain('pw-of-');
  });
});
