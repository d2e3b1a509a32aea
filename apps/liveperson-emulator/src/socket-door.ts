import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Brand } from './account.ts';
import { Connection, type Identity } from './connection.ts';
import type { Journal } from './journal.ts';
import type { Knobs } from './knobs.ts';
import { STATUS_WORDS } from './refusal.ts';
import type { Side } from './shapes.ts';
import { pathOf } from './text.ts';

const AGENT = /^\/ws_api\/account\/([^/]+)\/messaging\/brand\/([^/]+)$/;
const CONSUMER = /^\/ws_api\/account\/([^/]+)\/messaging\/consumer$/;

/** Lets messaging sockets in, or not. */
export class SocketDoor {
  readonly open = new Set<Connection>();
  private readonly server = new WebSocketServer({ noServer: true, autoPong: false });

  constructor(
    private readonly accounts: ReadonlyMap<string, Brand>,
    private readonly knobs: Knobs,
    private readonly journal: Journal,
  ) {}

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined);
    const pathname = pathOf(request.url);
    const agent = AGENT.exec(pathname);
    const match = agent ?? CONSUMER.exec(pathname);
    const side: Side = agent ? 'agent' : 'consumer';
    const account = match?.[1];
    const finish = (code: number, then?: Connection): void =>
      this.journal.add('attempt', { account, path: match ? `${side}-socket` : 'unknown', outcome: then ? 'open' : code });
    const brand = account === undefined ? undefined : this.accounts.get(account);
    if (!brand) return refuse(socket, finish, 404);
    if (this.knobs.refuse !== null) return this.refuseWith(this.knobs.refuse, request, socket, head, finish);
    const identity = agent ? agentIdentity(brand, agent[2] ?? '') : consumerIdentity(brand, request);
    if (identity === undefined)
      return this.refuseWith(agent ? this.knobs.badBearer : this.knobs.badConsumerToken, request, socket, head, finish);
    this.server.handleUpgrade(request, socket, head, (ws) => {
      const connection = new Connection(ws, brand, side, identity, this.knobs, this.journal);
      this.open.add(connection);
      ws.once('close', () => this.open.delete(connection));
      finish(101, connection);
    });
  }

  drop(code?: number, which: { account?: string; side?: Side } = {}): void {
    for (const { ws, brand, side } of this.open) {
      if ((which.account ?? brand.id) !== brand.id || (which.side ?? side) !== side) continue;
      if (code === undefined) ws.terminate();
      else ws.close(code);
    }
  }

  stop(): void {
    this.drop();
    this.server.close();
  }

  /** Below 1000 an HTTP status instead of the upgrade, from there on a close code right after it. */
  private refuseWith(code: number, request: IncomingMessage, socket: Duplex, head: Buffer, finish: (code: number) => void): void {
    if (code < 1000) return refuse(socket, finish, code, this.knobs.retryAfterSeconds);
    this.server.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => undefined);
      ws.close(code);
      finish(code);
    });
  }
}

function refuse(socket: Duplex, finish: (code: number) => void, code: number, retryAfter: number | null = null): void {
  const after = retryAfter === null ? '' : `Retry-After: ${retryAfter}\r\n`;
  socket.end(`HTTP/1.1 ${code} ${STATUS_WORDS[code] ?? 'Refused'}\r\nConnection: close\r\nContent-Length: 0\r\n${after}\r\n`);
  finish(code);
}

function agentIdentity({ bearers }: Brand, bearer: string): Identity | undefined {
  const session = bearers.find(bearer);
  return session && { id: session.userName, endsAt: () => session.endsAt };
}

/** `null` when no token came yet: then it has to come with InitConnection. */
function consumerIdentity({ tokens }: Brand, { headers }: IncomingMessage): Identity | null | undefined {
  if (headers.authorization === undefined) return null;
  const [scheme = '', token = ''] = headers.authorization.split(' ');
  const checked = scheme.toLowerCase() === 'jwt' ? tokens.check(token) : undefined;
  return checked && { id: checked.consumerId, endsAt: () => checked.endsAt };
}
