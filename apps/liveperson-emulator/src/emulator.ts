import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { Brand } from './account.ts';
import type { AccountOptions } from './account-options.ts';
import { control } from './control.ts';
import { httpDoor } from './http-door.ts';
import { type Happening, Journal, type RecordKind } from './journal.ts';
import { Knobs } from './knobs.ts';
import { SocketDoor } from './socket-door.ts';

export interface EmulatorOptions {
  /** Without it, a free one. */
  port?: number;
  host?: string;
  /** PEM; with it everything is https and wss. */
  tls?: { key: string; cert: string };
}

/** LivePerson's messaging service in a box. See `Knobs` for all that can be turned, `Brand` for all that can happen. */
export class Emulator {
  readonly knobs = new Knobs();
  readonly journal = new Journal();
  readonly accounts = new Map<string, Brand>();
  private readonly server: Server;
  private readonly connections = new Set<Socket>();
  private readonly door: SocketDoor;

  /** Use `startEmulator`. */
  constructor(private readonly options: EmulatorOptions) {
    this.server = options.tls ? createHttpsServer(options.tls) : createHttpServer();
    this.door = new SocketDoor(this.accounts, this.knobs, this.journal);
    this.server.on('connection', (socket: Socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    this.server.on('request', (request, response) => {
      if (request.url?.startsWith('/emulator')) void control(this, request, response);
      else void httpDoor(this, request, response);
    });
    this.server.on('upgrade', (request, socket, head) => this.door.upgrade(request, socket, head));
  }

  async listen(): Promise<this> {
    this.server.listen(this.options.port ?? 0, this.options.host ?? '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The base for CSDS, without a slash at the end. */
  get url(): string {
    const { host = '127.0.0.1', tls } = this.options;
    return `${tls ? 'https' : 'http'}://${host === '0.0.0.0' ? '127.0.0.1' : host}:${this.port}`;
  }

  addAccount(options: AccountOptions): Brand {
    const brand = new Brand(options, this.knobs, this.journal);
    this.accounts.set(brand.id, brand);
    return brand;
  }

  /** Open messaging sockets. */
  get sockets(): number {
    return this.door.open.size;
  }

  /** Connection attempts so far, HTTP and sockets: `{at, kind, account, path, outcome}`, never with a token. `path` names the door. */
  get attempts(): Happening[] {
    return this.journal.of('attempt');
  }

  /** The next happening of a kind from now on. Rejects after `withinMs`. */
  next(kind: RecordKind, match?: (happening: Happening) => boolean, withinMs?: number): Promise<Happening> {
    return this.journal.next(kind, match, withinMs);
  }

  /** All happenings of a kind, once there are at least `count` since the start. */
  until(kind: RecordKind, count: number, withinMs?: number): Promise<Happening[]> {
    return this.journal.until(kind, count, withinMs);
  }

  /** Cuts every socket now: with that close code, or without any as when a line breaks. */
  drop(code?: number): void {
    this.door.drop(code);
  }

  /** Cuts the sockets of one side of one account. */
  dropSome(which: { account?: string; side?: 'agent' | 'consumer' }, code?: number): void {
    this.door.drop(code, which);
  }

  async stop(): Promise<void> {
    this.door.stop();
    await Promise.all([...this.accounts.values()].map(({ webhooks }) => webhooks.close()));
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.connections) socket.destroy();
    await closed;
  }
}

export const startEmulator = (options: EmulatorOptions = {}): Promise<Emulator> => new Emulator(options).listen();
