import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Redis } from 'ioredis';
import type { Server, ServerOptions } from 'socket.io';

/** A page says little: an answer is a hundred bytes. */
const LARGEST_MESSAGE_BYTES = 16 * 1024;

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
      serveClient: false,
      perMessageDeflate: false,
      httpCompression: false,
      ...(this.redis ? { adapter: createAdapter(this.redis) } : {}),
    };
    return super.createIOServer(port, { ...options, ...ours } as ServerOptions);
  }
}
