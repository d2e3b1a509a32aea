import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios from 'axios';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { Webhook } from 'standardwebhooks';
import type { CallbackEndpoint, Instant, SessionEvent } from '#libs/core';
import { envelope } from '#libs/protocol';
import { checkEndpointUrl } from './endpoint-address.ts';
import { retryAfterMs } from './retry-schedule.ts';

/** From the look-up of the name to the end of the answer. */
const PATIENCE_MS = 15_000;

/** Of an answer's body nothing is kept; more than this is not even read. */
const BODY_LIMIT = 64 * 1024;

/** Sockets are kept for less time than most servers keep theirs (Node's own: 5 s), so that none is used just as it is closed. */
const AGENT = { keepAlive: true, timeout: 4000, maxFreeSockets: 16 };

/** What came of a request. `error` says why there was no answer; `retryAfterMs` is the pause that the receiver asked for. */
export interface Answer {
  status: number | null;
  error: string | null;
  retryAfterMs: number | null;
}

export interface SignedPostOptions {
  /** Whether callbacks may go to private and loopback addresses and over plain http. */
  allowPrivate: boolean;
  patienceMs?: number;
  /** The store's clock: receivers refuse what is stamped some minutes off, as this machine's clock may be. */
  now?: () => Instant;
}

/** Sends events to endpoints, signed by Standard Webhooks; follows no redirect and, unless allowed, calls public addresses only. */
export class SignedPost {
  private readonly agents: { httpAgent: HttpAgent; httpsAgent: HttpsAgent };
  private readonly options: Required<SignedPostOptions>;

  constructor({ allowPrivate, patienceMs = PATIENCE_MS, now = Date.now }: SignedPostOptions) {
    this.options = { allowPrivate, patienceMs, now };
    this.agents = allowPrivate
      ? { httpAgent: new HttpAgent(AGENT), httpsAgent: new HttpsAgent(AGENT) }
      : { httpAgent: new RequestFilteringHttpAgent(AGENT), httpsAgent: new RequestFilteringHttpsAgent(AGENT) };
  }

  /** Never rejects for what the receiver does. `stop` ends it early. */
  async send({ url, secret }: CallbackEndpoint, event: SessionEvent, stop?: AbortSignal): Promise<Answer> {
    if (checkEndpointUrl(url, this.options) !== null) return unanswered('address_not_allowed');
    const body = Buffer.from(JSON.stringify(envelope(event)));
    const stamp = new Date(this.options.now());
    const cut = new AbortController();
    const abort = (): void => cut.abort();
    const patience = setTimeout(abort, this.options.patienceMs);
    if (stop?.aborted) abort();
    stop?.addEventListener('abort', abort);
    const release = (): void => {
      clearTimeout(patience);
      stop?.removeEventListener('abort', abort);
    };
    try {
      const { status, headers, data } = await axios.post<Readable>(url, body, {
        ...this.agents,
        adapter: 'http',
        proxy: false,
        maxRedirects: 0,
        decompress: false,
        responseType: 'stream',
        validateStatus: () => true,
        signal: cut.signal,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Cobridge-Callbacks/1',
          'webhook-id': event.id,
          'webhook-timestamp': String(Math.floor(stamp.getTime() / 1000)),
          'webhook-signature': new Webhook(secret).sign(event.id, stamp, body.toString()),
        },
      });
      discard(data.once('close', release));
      return { status, error: null, retryAfterMs: retryAfterMs(headers['retry-after'], this.options.now()) };
    } catch (error) {
      release();
      return unanswered(cut.signal.aborted ? 'timeout' : wordFor(error as { code?: unknown; message?: unknown }));
    }
  }

  close(): void {
    this.agents.httpAgent.destroy();
    this.agents.httpsAgent.destroy();
  }
}

const unanswered = (error: string): Answer => ({ status: null, error, retryAfterMs: null });

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_reset',
  EPIPE: 'connection_reset',
  ENOTFOUND: 'unknown_host',
  EAI_AGAIN: 'unknown_host',
  ETIMEDOUT: 'timeout',
};

/** A word for the record and the log; never the error's own text, which may quote the address. */
function wordFor({ code, message }: { code?: unknown; message?: unknown }): string {
  if (typeof message === 'string' && message.includes('is not allowed. Because')) return 'address_not_allowed';
  return typeof code === 'string' ? (WORDS[code] ?? code.toLowerCase()) : 'unexpected';
}

/** Reads a body to its end, so that its socket can be used again, unless it is too long. */
function discard(body: Readable): void {
  let left = BODY_LIMIT;
  body.on('error', () => undefined);
  body.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) body.destroy();
  });
}
