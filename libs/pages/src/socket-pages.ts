import type { Namespace, Socket } from 'socket.io';
import { type Accounts, Pages, type SessionEvent } from '#libs/core';
import { envelope } from '#libs/protocol';
import type { Visit } from './handshake.ts';
import { isOf } from './page-tokens.ts';

/** Tells the other bridges of events, so that they push them to the pages that they hold. */
export interface FanOut {
  publish(events: readonly SessionEvent[]): void;
  subscribe(push: (events: readonly SessionEvent[]) => void): void;
}

export const roomOf = (accountId: string, visitorId: string): string => `${accountId}\n${visitorId}`;

/** A token's end is kept to the second; whether accounts are still there is asked less often, since the bridge that deletes one knows. */
const EXPIRY_CHECK_MS = 1000;
const ORPHANS_CHECK_MS = 15_000;

/** Pushes events to the visitor's pages: those on this bridge directly, those on others through the fan-out. */
export class SocketPages extends Pages {
  private namespace: Namespace | undefined;
  private checks: NodeJS.Timeout[] = [];

  /** Without a fan-out the Socket.IO adapter reaches every bridge, or there is only one. */
  constructor(
    private readonly accounts: Pick<Accounts, 'find'>,
    private readonly fanOut?: FanOut,
  ) {
    super();
  }

  open(namespace: Namespace): void {
    this.namespace = namespace;
    this.fanOut?.subscribe((events) => this.emit(events));
    this.checks = [
      setInterval(() => this.letGoOfExpired(), EXPIRY_CHECK_MS).unref(),
      setInterval(() => void this.letGoOfOrphans(), ORPHANS_CHECK_MS).unref(),
    ];
  }

  close(): void {
    this.checks.forEach(clearInterval);
    this.namespace = undefined;
  }

  /** Pages connected to this bridge. */
  get connected(): number {
    return this.namespace?.sockets.size ?? 0;
  }

  push(events: readonly SessionEvent[]): void {
    this.emit(events);
    this.fanOut?.publish(events);
  }

  /** Cuts off the pages of this bridge whose account is gone: all of them, or those of one id. The handshake refuses them then. */
  async letGoOfOrphans(accountId?: string): Promise<void> {
    try {
      for (const socket of this.namespace?.sockets.values() ?? []) {
        if (accountId === undefined || visitOf(socket).accountId === accountId) await this.keeps(socket);
      }
    } catch {
      // A database that is away says nothing against a page; the next check asks again.
    }
  }

  /** Whether the page's token is good still, and its account the one that let it in. A page of which that is not so is cut off. */
  async keeps(socket: Socket): Promise<boolean> {
    const visit = visitOf(socket);
    const kept = visit.expiresAt > Date.now() && isOf(await this.accounts.find(visit.accountId), visit);
    if (!kept) socket.conn.close();
    return kept;
  }

  private emit(events: readonly SessionEvent[]): void {
    for (const event of events) {
      const { accountId, visitor } = event.session;
      if (visitor.id !== null) this.namespace?.to(roomOf(accountId, visitor.id)).emit('session', envelope(event));
    }
  }

  /** A connection lives no longer than the token that opened it; a page with a fresh one comes right back. */
  private letGoOfExpired(): void {
    const now = Date.now();
    for (const socket of this.namespace?.sockets.values() ?? []) {
      if (visitOf(socket).expiresAt <= now) socket.conn.close();
    }
  }
}

const visitOf = ({ data }: Socket): Visit => (data as { visit: Visit }).visit;
