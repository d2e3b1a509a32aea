import { once } from 'node:events';
import { type IncomingHttpHeaders, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Box, openBox } from '../testing/box.ts';
import { signature } from './index.ts';

interface Posted {
  at: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
}

let server: Server;
let box: Box;
let posted: Posted[];
let answers: number[];

beforeEach(async () => {
  posted = [];
  answers = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posted.push({ at: Date.now(), headers: request.headers, bytes: Buffer.concat(chunks) });
      const status = answers.shift() ?? 200;
      if (status > 0) response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await box.emulator.stop();
  server.closeAllConnections();
  server.close();
});

const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
const event = (index: number): any => JSON.parse(posted[index]?.bytes.toString() ?? '');
const dialogStates = (): unknown[] =>
  posted.map((_, index) => event(index).body.changes[0].result.conversationDetails.dialogs[1]?.metaData.notificationKey);

describe('a webhook', () => {
  it.each([
    ['sha1', 'base64'],
    ['sha1', 'hex'],
    ['sha256', 'base64'],
    ['sha256', 'hex'],
  ] as const)('is signed over its bytes with %s in %s', async (algorithm, encoding) => {
    box = await openBox([{ url: url(), secret: 'app-s3cret', algorithm, encoding, clientId: 'app-1' }]);
    box.brand.invite(box.brand.openConversation().id);
    await box.emulator.until('webhook', 2);
    for (const { headers, bytes } of posted) {
      expect(headers).toMatchObject({ 'x-liveperson-account-id': '55500017', 'x-liveperson-client-id': 'app-1' });
      expect(headers['x-liveperson-signature']).toBe(signature(bytes, { secret: 'app-s3cret', algorithm, encoding }));
    }
  });

  it('has the shape of consumers, without subscriptionId and sentTs', async () => {
    box = await openBox([{ url: url(), secret: 's' }]);
    const { id } = box.brand.openConversation({ consumerId: 'c-1' });
    await box.emulator.until('webhook', 1);
    expect(Object.keys(event(0))).toEqual(['kind', 'type', 'body']);
    expect(Object.keys(event(0).body)).toEqual(['changes']);
    expect(event(0)).toMatchObject({
      type: 'cqm.ExConversationChangeNotification',
      body: {
        changes: [{ type: 'UPSERT', result: { convId: id, conversationDetails: { participants: [{ id: 'c-1', role: 'CONSUMER' }, {}] } } }],
      },
    });
    expect(posted[0]?.headers['x-liveperson-signature']).toMatch(/^sha1=/);
  });

  it('is dropped at once when it fails, without retry', async () => {
    answers = [500];
    box = await openBox([{ url: url(), secret: 's' }]);
    const { id } = box.brand.openConversation();
    await box.emulator.until('webhook', 1);
    box.brand.say(id, 'next');
    expect((await box.emulator.until('webhook', 2)).map(({ status }) => status)).toEqual([500, 200]);
  });

  it('is tried again by count, 30 s apart, and others do not wait for it', async () => {
    answers = [503, 200, 503, 204];
    box = await openBox([{ url: url(), secret: 's', retry: { count: 2 } }]);
    box.emulator.knobs.webhookTimeScale = 0.003;
    const { id } = box.brand.openConversation();
    await box.emulator.until('webhook', 1);
    box.brand.say(id, 'next');
    expect((await box.emulator.until('webhook', 4)).map(({ status }) => status)).toEqual([503, 200, 503, 204]);
    expect((posted[2]?.at ?? 0) - (posted[0]?.at ?? 0)).toBeGreaterThanOrEqual(85);
  });

  it('waits in line by retention, 2, 4, 8 s apart, and the order is kept', async () => {
    answers = [200, 500, 500, 500];
    box = await openBox([{ url: url(), secret: 's', retry: { retentionSeconds: 3600 } }]);
    box.emulator.knobs.webhookTimeScale = 0.01;
    const { id } = box.brand.openConversation();
    await box.emulator.until('webhook', 1);
    const dialogId = box.brand.invite(id);
    box.brand.accept(id, dialogId);
    box.brand.join(id, dialogId);
    await box.emulator.until('webhook', 7);
    expect(dialogStates()).toEqual([undefined, 'invited', 'invited', 'invited', 'invited', 'accepted', 'joined']);
    const pauses = [2, 3, 4].map((index) => (posted[index]?.at ?? 0) - (posted[index - 1]?.at ?? 0));
    expect(pauses[0]).toBeGreaterThanOrEqual(19);
    expect(pauses[1]).toBeGreaterThanOrEqual(39);
    expect(pauses[2]).toBeGreaterThanOrEqual(79);
  });

  it('overtakes while a backlog drains, when told so', async () => {
    answers = [200, 500];
    box = await openBox([{ url: url(), secret: 's', retry: { retentionSeconds: 3600 } }]);
    Object.assign(box.emulator.knobs, { webhookTimeScale: 0.01, drainOvertakes: true });
    const { id } = box.brand.openConversation();
    await box.emulator.until('webhook', 1);
    const dialogId = box.brand.invite(id);
    box.brand.accept(id, dialogId);
    await box.emulator.until('webhook', 4);
    expect(dialogStates()).toEqual([undefined, 'invited', 'accepted', 'invited']);
  });

  it('is given up when the endpoint does not answer in time', async () => {
    answers = [0, 200];
    box = await openBox([{ url: url(), secret: 's', retry: { count: 1 } }]);
    Object.assign(box.emulator.knobs, { webhookTimeScale: 0, webhookTimeoutMs: 500 });
    box.brand.openConversation();
    expect((await box.emulator.until('webhook', 2)).map(({ status }) => status)).toEqual([null, 200]);
  });

  it('comes twice when told so', async () => {
    box = await openBox([{ url: url(), secret: 's' }]);
    box.emulator.knobs.duplicate = 1;
    box.brand.openConversation();
    await box.emulator.until('webhook', 2);
    expect(posted[0]?.bytes.equals(posted[1]?.bytes ?? Buffer.alloc(0))).toBe(true);
  });
});
