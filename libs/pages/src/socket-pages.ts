import type { Namespace } from 'socket.io';
import { Pages, type SessionEvent } from '#libs/core';
import { envelope } from '#libs/protocol';
import type { Visit } from './handshake.ts';

/** Tells the other bridges of events, so that they push them to the pages that they hold. */
export interface FanOut {
  publish(events: readonly SessionEvent[]): void;
  subscribe(push: (events: readonly SessionEvent[]) => void): void;
}

export const roomOf = (accountId: string, visitorId: string): string => `${accountId}\n${visitorId}`;

const EXPIRY_CHECK_MS = 15_000;

/** Pushes events to the visitor's pages: those on this bridge directly, those on others through the fan-out. */
export class SocketPages extends Pages {
  private namespace: Namespace | undefined;
  private expiryCheck: NodeJS.Timeout | undefined;

  /** Without a fan-out the Socket.IO adapter reaches every bridge, or there is only one. */
  constructor(private readonly fanOut?: FanOut) {
    super();
  }

  open(namespace: Namespace): void {
    this.namespace = namespace;
    this.fanOut?.subscribe((events) => this.emit(events));
    this.expiryCheck = setInterval(() => this.letGoOfExpired(), EXPIRY_CHECK_MS).unref();
  }

  close(): void {
    clearInterval(this.expiryCheck);
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
      if ((socket.data as { visit: Visit }).visit.expiresAt <= now) socket.conn.close();
    }
  }
}
