import { Logger } from '@nestjs/common';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Namespace, Socket } from 'socket.io';
import { Contended, Sessions } from '#libs/core';
import {
  type Answer,
  type CodeAnswer,
  type FromPage,
  type LatestAnswer,
  Problem,
  type Refused,
  type ToPage,
  envelope,
} from '#libs/protocol';
import { Answers, refused } from './answers.ts';
import { Handshake, type Visit } from './handshake.ts';
import { HelpRequests } from './help-requests.ts';
import { Latest } from './latest.ts';
import { SocketPages, roomOf } from './socket-pages.ts';

type PageSocket = Socket<FromPage, ToPage, Record<string, never>, { visit: Visit; acknowledged: Set<string> }>;
type Acknowledge = (answer: Answer) => void;

/** Messages one page may send in ten seconds. A person clicks; more is a loop gone wild. */
const MESSAGES_IN_TEN_SECONDS = 30;

/** A page that goes on after this many refusals is cut off. */
const PATIENCE = 100;

/** The door for pages: Socket.IO, namespace `/pages`. */
@WebSocketGateway({ namespace: '/pages' })
export class PagesGateway implements OnGatewayInit<Namespace>, OnGatewayConnection<PageSocket> {
  private readonly logger = new Logger('pages');
  private readonly limiter = new RateLimiterMemory({ points: MESSAGES_IN_TEN_SECONDS, duration: 10 });

  constructor(
    private readonly handshake: Handshake,
    private readonly answers: Answers,
    private readonly requests: HelpRequests,
    private readonly history: Latest,
    private readonly sessions: Sessions,
    private readonly pages: SocketPages,
  ) {}

  afterInit(namespace: Namespace): void {
    this.pages.open(namespace);
    namespace.use((socket, next) => {
      this.handshake.admit({ auth: socket.handshake.auth, origin: socket.handshake.headers.origin }).then(
        (visit) => {
          Object.assign(socket.data, { visit, acknowledged: new Set() });
          next();
        },
        (error: unknown) => next(refusal(error)),
      );
    });
  }

  async handleConnection(socket: PageSocket): Promise<void> {
    const { visit } = socket.data;
    this.bound(socket);
    // Joined before the record is read: what is decided in between arrives as an event, and its version tells which is newer.
    await socket.join(roomOf(visit.accountId, visit.visitorId));
    try {
      const events = await this.sessions.ofVisitor(visit.accountId, visit.visitorId);
      socket.emit('sessions', { serverNow: new Date(this.sessions.now()).toISOString(), events: events.map(envelope) });
    } catch {
      // Without the snapshot the page would show nothing and wait for nothing; dropped, it comes back for it.
      socket.conn.close();
    }
  }

  @SubscribeMessage('accept')
  accept(@ConnectedSocket() socket: PageSocket, @MessageBody() request: unknown, @Ack() acknowledge?: Acknowledge): Promise<void> {
    return this.decide('accept', socket, request, acknowledge);
  }

  @SubscribeMessage('decline')
  decline(@ConnectedSocket() socket: PageSocket, @MessageBody() request: unknown, @Ack() acknowledge?: Acknowledge): Promise<void> {
    return this.decide('decline', socket, request, acknowledge);
  }

  @SubscribeMessage('end')
  end(@ConnectedSocket() { data }: PageSocket, @MessageBody() request: unknown): Promise<Answer> {
    return this.take(() => this.answers.answer('end', request, data.visit, data.acknowledged));
  }

  @SubscribeMessage('withdraw')
  withdraw(@ConnectedSocket() { data }: PageSocket, @MessageBody() request: unknown): Promise<Answer> {
    return this.take(() => this.answers.answer('withdraw', request, data.visit, data.acknowledged));
  }

  @SubscribeMessage('request')
  request(@ConnectedSocket() { data }: PageSocket, @MessageBody() request: unknown): Promise<Answer> {
    return this.take(() => this.requests.ask(request, data.visit));
  }

  @SubscribeMessage('createCode')
  createCode(@ConnectedSocket() { data }: PageSocket, @MessageBody() request: unknown): Promise<CodeAnswer> {
    return this.take(() => this.requests.askByCode(request, data.visit));
  }

  @SubscribeMessage('latest')
  latest(@ConnectedSocket() { data }: PageSocket, @MessageBody() request: unknown): Promise<LatestAnswer> {
    return this.take(() => this.history.read(request, data.visit));
  }

  /** A page that waits for no acknowledgement is told nothing, so what it has to publish stays to be told. */
  private async decide(
    ask: 'accept' | 'decline',
    { data }: PageSocket,
    request: unknown,
    acknowledge: Acknowledge | undefined,
  ): Promise<void> {
    const told = acknowledge ? data.acknowledged : new Set<string>();
    const answer = await this.take(() => this.answers.answer(ask, request, data.visit, told));
    acknowledge?.(answer);
  }

  private async take<T>(work: () => Promise<T>): Promise<T | Refused> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Contended)) this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return refused('unavailable');
    }
  }

  /** Every message counts, whatever its name, and none is taken from a page whose token has ended or whose account is gone. */
  private bound(socket: PageSocket): void {
    let refusals = 0;
    socket.use((packet, next) => {
      this.limiter.consume(socket.id).then(
        async () => {
          const kept = await this.pages.keeps(socket).catch(() => true);
          if (kept) next();
        },
        () => {
          refusals += 1;
          if (refusals > PATIENCE) return socket.conn.close();
          const acknowledge: unknown = packet.at(-1);
          if (typeof acknowledge === 'function') acknowledge(refused('too_many_requests'));
        },
      );
    });
  }
}

/** Socket.IO tells the page an error's message and its `data`, nothing else. */
function refusal(error: unknown): Error {
  const problem =
    error instanceof Problem ? error : new Problem('unavailable', 'The bridge cannot let pages in right now. It is worth trying again.');
  return Object.assign(new Error(problem.message), { data: { code: problem.code } });
}
