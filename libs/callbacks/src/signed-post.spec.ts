import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { envelope } from '#libs/protocol';
import { endpoint, event } from '../testing/events.ts';
import { Receiver, answer, hang, reset } from '../testing/receiver.ts';
import { SignedPost } from './signed-post.ts';

describe('a signed post', () => {
  let receiver: Receiver;
  let post: SignedPost;

  beforeEach(async () => {
    receiver = await Receiver.listen();
    post = new SignedPost({ allowPrivate: true, patienceMs: 300 });
  });

  afterEach(async () => {
    post.close();
    await receiver.close();
  });

  const send = (path: string): ReturnType<SignedPost['send']> => post.send(endpoint(receiver.url(path)), event('a'));

  it("brings the event in its envelope, with a signature that Standard Webhooks' own library accepts", async () => {
    const told = event('a', 3, 'closed');
    const to = endpoint(receiver.url('/events?token=t'));
    await expect(post.send(to, told)).resolves.toEqual({ status: 200, error: null, retryAfterMs: null });
    const [{ body, headers, event: heard } = { body: '', headers: {} as Record<string, string>, event: null }] = receiver.received;
    expect(new Webhook(to.secret).verify(body, headers)).toEqual(envelope(told));
    expect(heard).toEqual(envelope(told));
    expect(headers['webhook-id']).toBe(told.id);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['user-agent']).toBe('Cobridge-Callbacks/1');
    expect(() => new Webhook(endpoint(to.url).secret).verify(body, headers)).toThrow('No matching signature');
    expect(() => new Webhook(to.secret).verify(body.replace('closed', 'active'), headers)).toThrow('No matching signature');
  });

  it.each([200, 201, 204, 400, 401, 404, 410, 500, 503])('tells the answer %i', async (status) => {
    receiver.behave('/', answer(status));
    await expect(send('/')).resolves.toEqual({ status, error: null, retryAfterMs: null });
  });

  it('tells for how long the receiver wants to be left alone', async () => {
    receiver.behave('/', answer(429, { 'retry-after': '90' }));
    await expect(send('/')).resolves.toEqual({ status: 429, error: null, retryAfterMs: 90_000 });
  });

  it("goes by the store's clock, not by this machine's", async () => {
    const now = Date.UTC(2026, 10, 21, 10);
    const elsewhere = new SignedPost({ allowPrivate: true, now: () => now });
    const to = endpoint(receiver.url('/'));
    receiver.behave('/', answer(503, { 'retry-after': new Date(now + 90_000).toUTCString() }));
    await expect(elsewhere.send(to, event('a'))).resolves.toMatchObject({ retryAfterMs: 90_000 });
    const [{ body, headers } = { body: '', headers: {} as Record<string, string> }] = receiver.received;
    expect(headers['webhook-timestamp']).toBe(String(now / 1000));
    expect(headers['webhook-signature']).toBe(new Webhook(to.secret).sign(event('a').id, new Date(now), body));
    elsewhere.close();
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect (%i)', async (status) => {
    receiver.behave('/', answer(status, { location: receiver.url('/elsewhere') }));
    await expect(send('/')).resolves.toMatchObject({ status });
    expect(receiver.at('/elsewhere')).toEqual([]);
  });

  it('gives up on a receiver that does not answer', async () => {
    receiver.behave('/', hang);
    await expect(send('/')).resolves.toEqual({ status: null, error: 'timeout', retryAfterMs: null });
  });

  it('tells of a connection that is reset, refused or not what it should be', async () => {
    receiver.behave('/', reset);
    await expect(send('/')).resolves.toMatchObject({ status: null, error: 'connection_reset' });
    const secure = receiver.url('/').replace('http:', 'https:');
    await expect(post.send(endpoint(secure), event('a'))).resolves.toMatchObject({ status: null, error: 'eproto' });
    const gone = await Receiver.listen();
    const url = gone.url('/');
    await gone.close();
    await expect(post.send(endpoint(url), event('a'))).resolves.toMatchObject({ status: null, error: 'connection_refused' });
  });

  it('does not wait for a body, and hangs up when it does not end', async () => {
    const closed = new Promise<void>((resolve) => {
      receiver.behave('/', (response, _received, socket) => {
        socket.once('close', () => resolve());
        response.writeHead(200).write('a');
      });
    });
    await expect(send('/')).resolves.toMatchObject({ status: 200 });
    await closed;
  });

  it('reads little of a huge body and hangs up', async () => {
    const written = new Promise<number>((resolve) => {
      receiver.behave('/', (response, _received, socket) => {
        const chunk = Buffer.alloc(64 * 1024);
        const more = (): void => {
          while (!response.destroyed && response.write(chunk));
        };
        response.writeHead(200).on('drain', more);
        socket.once('close', () => resolve(socket.bytesWritten));
        more();
      });
    });
    const patient = new SignedPost({ allowPrivate: true });
    await expect(patient.send(endpoint(receiver.url('/')), event('a'))).resolves.toMatchObject({ status: 200 });
    expect(await written).toBeLessThan(20 * 1024 * 1024);
    patient.close();
  });

  it('uses a connection again', async () => {
    receiver.behave('/', (response) => void response.writeHead(200).end('thank you'));
    await send('/');
    await new Promise(setImmediate);
    await send('/');
    expect(receiver.received.map((received) => received.connection)).toEqual([1, 1]);
  });

  it('ends early when it is told to stop', async () => {
    const stop = new AbortController();
    const patient = new SignedPost({ allowPrivate: true });
    receiver.behave('/', hang);
    const sending = patient.send(endpoint(receiver.url('/')), event('a'), stop.signal);
    await receiver.until('/', 1);
    stop.abort();
    await expect(sending).resolves.toMatchObject({ status: null });
    await expect(patient.send(endpoint(receiver.url('/')), event('a'), stop.signal)).resolves.toMatchObject({ status: null });
    expect(receiver.received).toHaveLength(1);
    patient.close();
  });

  it('does not go through a proxy that the environment names', async () => {
    const proxy = await Receiver.listen();
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = proxy.url('');
    try {
      await expect(send('/')).resolves.toMatchObject({ status: 200 });
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
      await proxy.close();
    }
    expect(proxy.connections).toBe(0);
    expect(receiver.received).toHaveLength(1);
  });

  it('says nothing of the address or the secret when something goes wrong', async () => {
    const to = { url: 'http://unknown.invalid/hooks/T0PS3CRET', secret: 'not base64: T0PS3CRET' };
    const answers = [await post.send(to, event('a')), await post.send({ ...endpoint(''), url: to.url }, event('a'))];
    expect(answers.map(({ status }) => status)).toEqual([null, null]);
    expect(JSON.stringify(answers)).not.toMatch(/T0PS3CRET|unknown\.invalid/);
  });
});

describe('a signed post to public addresses only', () => {
  let inside: Server;
  let port: number;
  let post: SignedPost;
  const connections: Socket[] = [];

  beforeAll(async () => {
    inside = createServer((socket) => connections.push(socket));
    inside.listen(0);
    await once(inside, 'listening');
    ({ port } = inside.address() as AddressInfo);
    post = new SignedPost({ allowPrivate: false, patienceMs: 2000 });
  });

  afterAll(async () => {
    post.close();
    for (const socket of connections) socket.destroy();
    inside.close();
    await once(inside, 'close');
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.9.9.9'],
    ['loopback, IPv6', '[::1]'],
    ['loopback, mapped into IPv6', '[::ffff:127.0.0.1]'],
    ['loopback, mapped in hexadecimal', '[::ffff:7f00:1]'],
    ['loopback as a number', '2130706433'],
    ['loopback in hexadecimal', '0x7f000001'],
    ['loopback in octal', '0177.0.0.1'],
    ['loopback in short', '127.1'],
    ['loopback by name', 'localhost'],
    ['this host', '0.0.0.0'],
    ['this host, IPv6', '[::]'],
    ['the metadata service', '169.254.169.254'],
    ['a private network', '10.0.0.1'],
    ['another private network', '172.16.0.1'],
    ['a home network', '192.168.1.1'],
    ['a carrier network', '100.64.0.1'],
    ['a benchmark network', '198.18.0.1'],
    ['a unique local address', '[fd00::1]'],
    ['a link-local address', '[fe80::1]'],
    ['loopback behind NAT64', '[64:ff9b::7f00:1]'],
    ['loopback behind 6to4', '[2002:7f00:1::]'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
  ])('does not reach %s', async (_name, host) => {
    const sent = await post.send(endpoint(`https://${host}:${port}/`), event('a'));
    expect(sent).toEqual({ status: null, error: 'address_not_allowed', retryAfterMs: null });
    expect(connections).toHaveLength(0);
  });

  it('reaches none by plain http', async () => {
    const sent = await post.send(endpoint(`http://example.com:${port}/`), event('a'));
    expect(sent).toEqual({ status: null, error: 'address_not_allowed', retryAfterMs: null });
  });

  it('would have reached what listens here', async () => {
    const reckless = new SignedPost({ allowPrivate: true, patienceMs: 200 });
    await reckless.send(endpoint(`https://127.0.0.1:${port}/`), event('a'));
    expect(connections).toHaveLength(1);
    reckless.close();
  });
});
