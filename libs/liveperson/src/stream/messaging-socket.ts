import { WebSocket } from 'ws';
import { asText, asWire, type Wire } from '../wire.ts';
import { concernsCobrowsing } from './concerns-cobrowsing.ts';
import { troubleOfStatus } from './liveperson-http.ts';
import { StreamTrouble, type TroubleCode } from './trouble.ts';

/** Above any message that was seen, and what the memory can bear once. */
const MOST_FRAME_BYTES = 64 * 1024 * 1024;

export interface SocketTimes {
  /** To open, and to answer a request. */
  answerMs: number;
  /** Between two signs of life that are asked for; LivePerson wants one a minute. */
  keepAliveMs: number;
}

const SOCKET_TIMES: SocketTimes = { answerMs: 10_000, keepAliveMs: 30_000 };

/** What LivePerson's close codes mean (protocol overview). Its agent SDK takes 1011 for a lost login; every connection logs in anew. */
const BY_CLOSE_CODE: Record<number, TroubleCode> = {
  1009: 'frame_too_large',
  1011: 'platform_error',
  4401: 'token_expired',
  4407: 'identity_expired',
};

export interface SocketOptions {
  url: string;
  /** What this kind of socket calls the request that asks for the time. */
  clockRequest: string;
  /** A frame that may concern cobrowsing, parsed. Frames wait for the promise, and so does LivePerson. */
  onFrame: (frame: unknown) => Promise<void>;
  /** Any frame, its bytes: for counting, and as a sign of life. */
  onBytes?: (frame: Buffer, concerns: boolean) => void;
  times?: Partial<SocketTimes>;
}

/**
 * One connection to LivePerson's messaging service. It asks for the time again and again, so that a connection that is open and dead is
 * noticed. `ended` rejects with the `StreamTrouble` that ended it, at most once; no message of it holds the address, which holds the bearer.
 */
export class MessagingSocket {
  readonly ended: Promise<never>;
  private readonly times: SocketTimes;
  private readonly waiting = new Map<string, { resolve: (body: Wire) => void; reject: (trouble: StreamTrouble) => void }>();
  private fail!: (trouble: StreamTrouble) => void;
  private keepAlive: NodeJS.Timeout | undefined;
  private requests = 0;
  private trouble: StreamTrouble | undefined;
  private unread = 0;
  private unreadBytes = 0;
  private heardAt = 0;

  private constructor(
    private readonly socket: WebSocket,
    private readonly options: SocketOptions,
  ) {
    this.times = { ...SOCKET_TIMES, ...options.times };
    this.ended = new Promise((_resolve, reject) => {
      this.fail = reject;
    });
    // Whoever waits for it hears of it; that nobody does is not an error.
    this.ended.catch(() => undefined);
    socket.on('message', (data: Buffer) => this.hear(data));
    socket.on('unexpected-response', (_request, response) =>
      this.end(troubleOfStatus(response.statusCode ?? 0, response.headers['retry-after'], ON_SOCKET)),
    );
    socket.on('error', (error: Error & { code?: string }) =>
      this.end(new StreamTrouble(error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'frame_too_large' : 'unreachable')),
    );
    socket.on('close', (code) => this.end(new StreamTrouble(BY_CLOSE_CODE[code] ?? 'connection_lost')));
  }

  /** Resolves when the connection is open. Throws a `StreamTrouble`. */
  static async open(options: SocketOptions, signal: AbortSignal): Promise<MessagingSocket> {
    signal.throwIfAborted();
    const { answerMs } = { ...SOCKET_TIMES, ...options.times };
    const ws = new WebSocket(options.url, {
      headers: { 'user-agent': 'Cobridge/1' },
      handshakeTimeout: answerMs,
      maxPayload: MOST_FRAME_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const socket = new MessagingSocket(ws, options);
    const abort = (): void => socket.close();
    signal.addEventListener('abort', abort, { once: true });
    ws.once('close', () => signal.removeEventListener('abort', abort));
    await Promise.race([new Promise((resolve) => ws.once('open', resolve)), socket.ended]);
    // Its first bytes may have been its last.
    if (socket.trouble) throw socket.trouble;
    socket.stayAlive();
    return socket;
  }

  /** Sends a request and resolves with the body of its answer. Throws a `StreamTrouble` for a refusal, and when none comes. */
  async request(type: string, body: object, extra: object = {}): Promise<Wire> {
    if (this.trouble) throw this.trouble;
    const id = String((this.requests += 1));
    const late = this.expectAnswer();
    try {
      return await new Promise<Wire>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        this.socket.send(JSON.stringify({ kind: 'req', id, type, body, ...extra }));
      });
    } finally {
      clearInterval(late);
      this.waiting.delete(id);
    }
  }

  /** Hangs up at once and leaves nothing behind. */
  close(): void {
    this.end(new StreamTrouble('connection_lost'));
  }

  /** An answer may stand behind much else: only when nothing came at all is the line dead. While we read nothing ourselves, it is our fault. */
  private expectAnswer(): NodeJS.Timeout {
    return setInterval(() => {
      if (this.socket.isPaused) this.end(new StreamTrouble('store_unavailable'));
      else if (performance.now() - this.heardAt >= this.times.answerMs) this.end(new StreamTrouble('silent'));
    }, this.times.answerMs);
  }

  private stayAlive(): void {
    this.keepAlive = setInterval(() => {
      this.request(this.options.clockRequest, {}).catch(() => undefined);
    }, this.times.keepAliveMs);
  }

  private hear(data: Buffer): void {
    if (this.trouble) return;
    this.heardAt = performance.now();
    const concerns = concernsCobrowsing(data);
    this.options.onBytes?.(data, concerns);
    if (!concerns && this.waiting.size === 0) return;
    const frame = parse(data);
    const { kind, reqId, code, body } = asWire(frame);
    if (kind === 'resp') return this.answer(asText(reqId), code, body);
    if (concerns) this.deliver(frame, data.length);
  }

  /** Reads no further while frames wait for the store: LivePerson waits with them, and the memory does not grow. */
  private deliver(frame: unknown, bytes: number): void {
    this.unread += 1;
    this.unreadBytes += bytes;
    if (this.isFull()) this.socket.pause();
    this.options
      .onFrame(frame)
      .catch((error: unknown) => this.end(error instanceof StreamTrouble ? error : new StreamTrouble('store_unavailable')))
      .finally(() => {
        this.unread -= 1;
        this.unreadBytes -= bytes;
        if (this.socket.isPaused && !this.isFull()) this.socket.resume();
      });
  }

  private isFull(): boolean {
    return this.unread >= MOST_UNREAD || this.unreadBytes >= MOST_UNREAD_BYTES;
  }

  private answer(id: string | null, code: unknown, body: unknown): void {
    const asked = this.waiting.get(id ?? '');
    const status = typeof code === 'number' ? code : 200;
    if (status < 400) asked?.resolve(asWire(body));
    else asked?.reject(troubleOfStatus(status, undefined, ON_SOCKET));
  }

  private end(trouble: StreamTrouble): void {
    if (this.trouble) return;
    this.trouble = trouble;
    clearInterval(this.keepAlive);
    this.socket.terminate();
    for (const { reject } of this.waiting.values()) reject(trouble);
    this.fail(trouble);
  }
}

const MOST_UNREAD = 64;
const MOST_UNREAD_BYTES = 16 * 1024 * 1024;

/** On a socket the token stands for the credentials, and a request that is not liked is not about them. */
const ON_SOCKET: Record<number, TroubleCode> = { 400: 'unexpected_answer', 401: 'token_expired', 404: 'unexpected_answer' };

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    // A frame that cannot be read is none of those that we wait for; the next one may be.
    return null;
  }
}
