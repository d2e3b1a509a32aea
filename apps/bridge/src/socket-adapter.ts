import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { MessageMappingProperties } from '@nestjs/websockets';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Redis } from 'ioredis';
import { type Observable, lastValueFrom } from 'rxjs';
import type { Server, ServerOptions, Socket } from 'socket.io';

/** A page says little: an answer is a hundred bytes. */
const LARGEST_MESSAGE_BYTES = 16 * 1024;

/** A connection that has not asked to be let in by then is cut. */
const KNOCK_WITHIN_MS = 10_000;

type Transform = (answer: unknown) => Observable<unknown>;

/** Socket.IO as pages need it. With Redis, events reach the pages of every bridge. */
export class SocketAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly redis: Redis | undefined,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const ours: Partial<ServerOptions> = {
      // Whether an origin is allowed is the account's matter, and only the token says which account: every origin may ask, and is
      // told in `connect_error` when it is refused. There are no cookies that a foreign page could ride on.
      cors: { origin: true, credentials: false },
      maxHttpBufferSize: LARGEST_MESSAGE_BYTES,
      connectTimeout: KNOCK_WITHIN_MS,
      serveClient: false,
      perMessageDeflate: false,
      httpCompression: false,
      ...(this.redis ? { adapter: createAdapter(this.redis) } : {}),
    };
    const server: Server = super.createIOServer(port, { ...options, ...ours } as ServerOptions);
    // Pages have a namespace of their own, whose handshake asks for a token. Into the other one nobody is let.
    server.use((_socket, next) => next(new Error('Connect to the namespace /pages.')));
    return server;
  }

  /**
   * A page says little and stays for long. Nest's own adapter keeps a pipeline of observables ready for each message of each page, 4 KB
   * apiece; here a listener waits, and there is something to observe only while an answer is made. What a handler gives is the acknowledgement.
   */
  override bindMessageHandlers(socket: Socket, handlers: MessageMappingProperties[], transform: Transform): void {
    for (const { message, callback } of handlers) {
      socket.on(message, (...said: unknown[]) => void this.answer(said, callback, transform));
    }
  }

  private async answer(said: unknown[], callback: MessageMappingProperties['callback'], transform: Transform): Promise<void> {
    try {
      const { data, ack } = this.mapPayload(said.length > 1 ? said : said[0]);
      const answer = await lastValueFrom(transform(callback(data, ack)), { defaultValue: undefined });
      if (answer !== undefined) ack?.(answer);
    } catch (error) {
      this.logger.error(error);
    }
  }
}
