import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Envelope } from '#libs/protocol';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders & Record<string, string>;
  body: string;
  event: Envelope;
  /** Which connection it came on. */
  connection: number;
}

type Behaviour = (response: ServerResponse, received: Received, socket: Socket) => void;

/**
 * A brand's server that callbacks are sent to, on loopback.
 *
 * Knobs: `behave` sets what a path does with its n-th request and all after it; without, it answers 200.
 */
export class Receiver {
  readonly received: Received[] = [];
  /** Connections accepted so far. */
  connections = 0;
  private readonly behaviours = new Map<string, Behaviour[]>();
  private readonly sockets = new Map<Socket, number>();
  private seen: () => void = () => {};

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.connections += 1;
      this.sockets.set(socket, this.connections);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => void this.take(request, response));
  }

  static async listen(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** What a path does with its first request, its second, and so on; the last goes for all that follow. */
  behave(path: string, ...behaviours: Behaviour[]): void {
    this.behaviours.set(path, behaviours);
  }

  /** A path that answers nothing until what is returned is called; 200 from then on. */
  hold(path: string): () => void {
    const held: ServerResponse[] = [];
    this.behave(path, (response) => void held.push(response));
    return () => {
      this.behave(path, (response) => void response.writeHead(200).end());
      for (const response of held) response.writeHead(200).end();
    };
  }

  at(path: string): Received[] {
    return this.received.filter((received) => received.path === path);
  }

  /** The requests to a path, once there are `count`. */
  async until(path: string, count: number): Promise<Received[]> {
    while (this.at(path).length < count) {
      await new Promise<void>((resolve) => {
        const before = this.seen;
        this.seen = () => {
          before();
          resolve();
        };
      });
    }
    return this.at(path);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.keys()) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const path = request.url ?? '';
    const received: Received = {
      path,
      headers: request.headers as Received['headers'],
      body,
      event: JSON.parse(body) as Envelope,
      connection: this.sockets.get(request.socket) ?? 0,
    };
    this.received.push(received);
    const behaviours = this.behaviours.get(path) ?? [answer(200)];
    const behave = behaviours[Math.min(this.at(path).length, behaviours.length) - 1];
    const seen = this.seen;
    this.seen = () => {};
    behave?.(response, received, request.socket);
    seen();
  }
}

export const answer =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    void response.writeHead(status, headers).end();

export const hang: Behaviour = () => undefined;

export const reset: Behaviour = (_response, _received, socket) => void socket.resetAndDestroy();
