import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { Envelope } from '#libs/protocol';

/** A callback that came in with a good signature. */
export interface Received {
  id: string;
  event: Envelope;
  at: number;
}

/**
 * A brand's callback endpoint at the wire.
 *
 * Knobs: `answer` decides how each call is answered (default 204); answering nothing at all is allowed.
 */
export interface Receiver {
  url: string;
  secret: string;
  received: Received[];
  /** Calls whose signature was not good. */
  forged: number;
  answer: (call: Received, response: ServerResponse) => void;
  /** Resolves when as many were received, in all. */
  count(n: number): Promise<Received[]>;
  close(): Promise<void>;
}

const WAIT_MS = 20_000;

export async function startReceiver(): Promise<Receiver> {
  const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;
  const webhook = new Webhook(secret);
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      try {
        webhook.verify(body, request.headers as Record<string, string>);
      } catch {
        receiver.forged += 1;
        response.writeHead(401).end();
        return;
      }
      const call = { id: String(request.headers['webhook-id']), event: JSON.parse(body) as Envelope, at: Date.now() };
      receiver.received.push(call);
      receiver.answer(call, response);
      for (const look of waiting) look();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/callbacks`,
    secret,
    received: [],
    forged: 0,
    answer: (_call, response) => void response.writeHead(204).end(),
    count: (n) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (receiver.received.length < n) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(receiver.received);
        };
        const timer = setTimeout(() => reject(new Error(`${receiver.received.length} of ${n} callbacks came`)), WAIT_MS);
        waiting.add(look);
        look();
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
