import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Server, type Socket } from 'socket.io';
import type {
  Answer,
  AnswerCode,
  ConnectCode,
  Envelope,
  FromPage,
  PageHandshake,
  Publish,
  Refused,
  SessionView,
  ToPage,
} from '#libs/protocol';

/**
 * A bridge as a page sees it: `/sdk/v1/*` as built, and a real Socket.IO server that speaks the wire of `/pages` for one visitor.
 *
 * Knobs, to be turned at any time:
 * - `refuse`: every connection is refused with this code.
 * - `expiredTokens`: tokens that are refused as expired.
 * - `aheadMs`: how far the bridge's clock is ahead of the browser's.
 * - `loseAnswers`: so many answers are acted upon, but the connection is cut before they are acknowledged.
 * - `busy`: answers are refused with `unavailable`.
 * - `mute`: answers are neither acted upon nor acknowledged.
 * - `transports`, at the start: what the network lets through.
 */
export class PagesPeer {
  refuse: ConnectCode | undefined;
  readonly expiredTokens = new Set<string>();
  aheadMs = 0;
  loseAnswers = 0;
  mute = false;
  busy = false;

  /** Handshakes of every page that was let in, oldest first. */
  readonly handshakes: PageHandshake[] = [];
  /** Answers as they came, oldest first. */
  readonly answers: { kind: keyof FromPage; sessionId: string; page: string }[] = [];

  readonly #happenings = new EventTarget();
  readonly #sessions = new Map<string, SessionView>();
  readonly #answeredBy = new Map<string, string>();
  readonly #http = createServer((request, response) => void serveSdk(request.url ?? '/', response));
  readonly #io: Server<FromPage, ToPage>;

  private constructor(transports: ('websocket' | 'polling')[]) {
    this.#io = new Server(this.#http, { cors: { origin: '*' }, transports, serveClient: false });
    const pages = this.#io.of('/pages');
    pages.use((socket, next) => {
      const { token } = socket.handshake.auth as PageHandshake;
      const code = this.refuse ?? (this.expiredTokens.has(token) ? 'token_expired' : token ? undefined : 'token_missing');
      if (code) this.#happenings.dispatchEvent(new Event('refusal'));
      next(code && Object.assign(new Error(code), { data: { code } }));
    });
    pages.on('connection', (socket) => this.#welcome(socket));
  }

  static async open(transports: ('websocket' | 'polling')[] = ['websocket', 'polling'], port = 0): Promise<PagesPeer> {
    const peer = new PagesPeer(transports);
    peer.#http.listen(port, '127.0.0.1');
    await once(peer.#http, 'listening');
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  now(): number {
    return Date.now() + this.aheadMs;
  }

  /** An invitation, pushed to the visitor's pages. */
  invite(about: Partial<SessionView> = {}, seconds = 120): SessionView {
    const number = this.#sessions.size + 1;
    const id = `ses_${number}`;
    return this.#tell({
      id,
      accountId: '12345678',
      status: 'invited',
      mode: 'view',
      version: 1,
      source: 'liveperson',
      conversationId: `conversation-${number}`,
      dialogId: `dialog-${number}`,
      serviceId: `visitor-1#conversation-${number}`,
      visitor: { id: 'visitor-1', name: 'visitor' },
      agent: { id: '12345678.9', name: 'Alex' },
      invitedAt: this.#iso(),
      expiresAt: this.#iso(seconds * 1000),
      acceptedAt: null,
      activeAt: null,
      closedAt: null,
      reason: null,
      ...about,
    });
  }

  join(id: string): SessionView {
    return this.#tell({ ...this.#following(id), status: 'active', activeAt: this.#iso() });
  }

  close(id: string, reason: SessionView['reason']): SessionView {
    return this.#tell({ ...this.#following(id), status: 'closed', closedAt: this.#iso(), reason });
  }

  /** Says an event again, or one that was never true. */
  push(event: Envelope): void {
    this.#io.of('/pages').emit('session', event);
  }

  /** Closes without a word, as if it happened while nobody was connected. */
  closeUnheard(id: string, reason: SessionView['reason']): void {
    this.#sessions.set(id, { ...this.#following(id), status: 'closed', reason });
  }

  /** Resolves when the next page has come, and has its snapshot. */
  nextArrival(): Promise<void> {
    return new Promise((resolve) => this.#io.of('/pages').once('connection', () => resolve()));
  }

  /** Resolves when the next connection is refused. */
  nextRefusal(): Promise<void> {
    return this.#next('refusal');
  }

  /** Resolves when the next answer of a page comes. */
  nextAnswer(): Promise<void> {
    return this.#next('answer');
  }

  /** Resolves when the next page has gone. */
  nextDeparture(): Promise<void> {
    return new Promise((resolve) => {
      for (const socket of this.#io.of('/pages').sockets.values()) socket.once('disconnect', () => resolve());
    });
  }

  /** Cuts every connection, as a network does. */
  cut(): void {
    for (const { conn } of this.#io.of('/pages').sockets.values()) conn.close();
  }

  async stop(): Promise<void> {
    await this.#io.close();
  }

  envelope(session: SessionView): Envelope {
    const event: Envelope = {
      id: `evt_${session.id}_${session.version}`,
      type: `session.${session.status}`,
      occurredAt: this.#iso(),
      session,
    };
    return session.status === 'invited' ? { ...event, publish: publish(session, 'cobrowseOffered') } : event;
  }

  #next(happening: 'refusal' | 'answer'): Promise<void> {
    return new Promise((resolve) => this.#happenings.addEventListener(happening, () => resolve(), { once: true }));
  }

  #tell(session: SessionView): SessionView {
    this.#sessions.set(session.id, session);
    this.push(this.envelope(session));
    return session;
  }

  #following(id: string): SessionView {
    const session = this.#sessions.get(id);
    if (!session) throw new Error(`There is no session ${id}`);
    return { ...session, version: session.version + 1 };
  }

  #welcome(socket: Socket<FromPage, ToPage>): void {
    this.handshakes.push(socket.handshake.auth as PageHandshake);
    const live = [...this.#sessions.values()].filter(({ status }) => status !== 'closed');
    socket.emit('sessions', { serverNow: this.#iso(), events: live.map((session) => this.envelope(session)) });
    socket.on('latest', ({ sessionId }, acknowledge) => {
      const session = this.#sessions.get(sessionId);
      acknowledge(session ? { ok: true, latest: this.envelope(session) } : refusal('not_found'));
    });
    for (const kind of ['accept', 'decline', 'end'] as const) {
      socket.on(kind, ({ sessionId }, acknowledge) => {
        const page = (socket.handshake.auth as PageHandshake).page?.id ?? '';
        this.answers.push({ kind, sessionId, page });
        this.#happenings.dispatchEvent(new Event('answer'));
        if (this.mute) return;
        if (this.busy) return acknowledge(refusal('unavailable'));
        const answer = this.#answer(kind, sessionId, page);
        if (this.loseAnswers === 0) return acknowledge(answer);
        this.loseAnswers--;
        socket.conn.close();
      });
    }
  }

  #answer(kind: keyof FromPage, id: string, page: string): Answer {
    const session = this.#sessions.get(id);
    if (!session) return refusal('not_found');
    const repeated = this.#answeredBy.get(id) === `${kind} ${page}`;
    if (kind === 'end') {
      if (session.status === 'closed') return repeated ? { ok: true, session } : refusal('session_closed');
      this.#answeredBy.set(id, `end ${page}`);
      return { ok: true, session: this.close(id, 'visitor_ended') };
    }
    const told = publish(session, kind === 'accept' ? 'cobrowseAccepted' : 'cobrowseDeclined');
    if (repeated) return { ok: true, session, publish: told };
    if (session.status === 'closed') return refusal(session.reason === 'expired' ? 'session_expired' : 'session_closed');
    if (session.status !== 'invited') return refusal('already_accepted');
    if (Date.parse(session.expiresAt ?? '') <= this.now()) return refusal('session_expired');
    this.#answeredBy.set(id, `${kind} ${page}`);
    if (kind === 'decline') return { ok: true, session: this.close(id, 'declined'), publish: told };
    return { ok: true, session: this.#tell({ ...this.#following(id), status: 'accepted', acceptedAt: this.#iso() }), publish: told };
  }

  #iso(later = 0): string {
    return new Date(this.now() + later).toISOString();
  }
}

const refusal = (code: AnswerCode): Refused => ({ ok: false, error: { code, message: `refused: ${code}` } });

const publish = ({ serviceId, agent, visitor, mode, id }: SessionView, event: Publish['event']): Publish => ({
  app: 'lpCoBrowse',
  event,
  data: { serviceId: serviceId ?? '', agentId: agent.id ?? '', visitorName: visitor.name, mode, ssid: id, svid: visitor.id ?? '' },
});

async function serveSdk(path: string, response: ServerResponse): Promise<void> {
  const file = /^\/sdk\/v1\/(cobridge\.m?js|(?:languages|dialects|view)\/[a-z]+\.mjs)(?:\?|$)/.exec(path)?.[1];
  const code = file && (await readFile(join(import.meta.dirname, '../../dist/sdk/v1', file)).catch(() => undefined));
  if (!code) return void response.writeHead(404, { 'access-control-allow-origin': '*' }).end();
  // A module from another origin needs the leave of that origin.
  response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'access-control-allow-origin': '*' });
  response.end(code);
}
