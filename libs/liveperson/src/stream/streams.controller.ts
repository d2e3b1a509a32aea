import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { decodeJwt } from 'jose';
import { type Account, Accounts, Streams } from '#libs/core';
import { AccountGuard, ApiProblems, BODY_PROBLEMS, Nothing, PLATFORM_KEY, noAccount, wrongFields } from '#libs/http';
import { Problem } from '#libs/protocol';
import { asText } from '../wire.ts';
import { LivePersonBase } from './liveperson-base.ts';
import { NewVisitorStreamDto, StreamList, StreamView, TriedView } from './stream.dto.ts';
import { StreamSupervisor } from './stream-supervisor.ts';
import type { Listener } from './subscription.ts';
import { type Tried, tryStream } from './try-stream.ts';

const HOUR = 3600;

/** Listening to LivePerson's messaging sockets: what is heard, and for whom. */
@ApiTags('streams')
@ApiBearerAuth(PLATFORM_KEY)
@ApiParam({ name: 'accountId', example: '12345678' })
@ApiProblems('bad_request', 'unauthorized', 'not_found', 'unavailable')
@UseGuards(AccountGuard)
@Controller('v1/accounts/:accountId/liveperson/streams')
export class StreamsController {
  private readonly trying = new Map<string, Promise<Tried>>();

  constructor(
    private readonly accounts: Accounts,
    private readonly streams: Streams,
    private readonly supervisor: StreamSupervisor,
    private readonly base: LivePersonBase,
  ) {}

  @Get()
  @ApiOperation({ summary: "List the account's streams and how they are" })
  @ApiOkResponse({ type: StreamList })
  async list(@Param('accountId') accountId: string): Promise<StreamList> {
    return { items: (await this.streams.list(accountId)).map((record) => StreamView.of(record)) };
  }

  @Post()
  @ApiOperation({
    summary: 'Listen for one visitor',
    description: 'With the token that the brand got for the visitor. Another token for the same visitor takes the place of the first.',
  })
  @ApiCreatedResponse({ type: StreamView })
  @ApiProblems(...BODY_PROBLEMS, 'too_many_requests')
  async listen(@Param('accountId') accountId: string, @Body() { token, ...wish }: NewVisitorStreamDto): Promise<StreamView> {
    if ((await this.account(accountId)).settings.liveperson.stream?.kind !== 'consumer') {
      throw new Problem(
        'bad_request',
        'The account does not listen per visitor: set settings.liveperson.stream to { "kind": "consumer" }.',
      );
    }
    const { visitorId, expiresAt } = readToken(token, wish);
    if (!(await this.streams.listen(accountId, visitorId, token, expiresAt))) {
      throw new Problem('too_many_requests', 'The account listens for as many visitors as it may. Delete those who have left.');
    }
    void this.supervisor.refresh();
    return StreamView.of({ accountId, visitorId, status: null, expiresAt });
  }

  @Delete(':visitorId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Listen no more for a visitor' })
  @ApiParam({ name: 'visitorId', example: '33333333-aaaa-4bbb-8ccc-000000000003' })
  @ApiNoContentResponse()
  async forget(@Param('accountId') accountId: string, @Param('visitorId') visitorId: string): Promise<void> {
    if (asText(visitorId) === null || !(await this.streams.forget(accountId, visitorId))) {
      throw new Problem('not_found', 'There is no stream for this visitor.');
    }
    void this.supervisor.refresh();
  }

  @Post('test')
  @HttpCode(200)
  @ApiOperation({
    summary: "Test the brand's connection",
    description:
      'Connects once with the credentials that are kept, hangs up, and says in words what is wrong. Nothing that is heard is taken.',
  })
  @ApiOkResponse({ type: TriedView })
  @ApiProblems(...BODY_PROBLEMS)
  async test(@Param('accountId') accountId: string, @Body(new Nothing()) _nothing: undefined): Promise<TriedView> {
    const { stream } = (await this.account(accountId)).settings.liveperson;
    if (stream?.kind === 'brand') {
      const tried = await this.tryOnce(accountId, stream);
      // A stream that waits an hour because its credentials were wrong need not wait any longer.
      if (tried.ok) void this.supervisor.retry(accountId);
      return tried;
    }
    throw new Problem(
      'bad_request',
      'There are no credentials to test: set settings.liveperson.stream to { "kind": "brand", "credentials": … }.',
    );
  }

  /** Whoever asks while a test is under way is told of that one: logins that fail lock users out. */
  private tryOnce(accountId: string, listener: Listener): Promise<Tried> {
    const underWay = this.trying.get(accountId) ?? tryStream(this.base.of(accountId), accountId, listener);
    this.trying.set(accountId, underWay);
    return underWay.finally(() => this.trying.delete(accountId));
  }

  private async account(accountId: string): Promise<Account> {
    const account = await this.accounts.find(accountId);
    if (account === null) throw noAccount();
    return account;
  }
}

/** LivePerson judges the token; here it only tells whose it is and how long it is good for. */
function readToken(token: string, wish: { visitorId?: string; ttlSeconds?: number }): { visitorId: string; expiresAt: number } {
  let claims: ReturnType<typeof decodeJwt>;
  try {
    claims = decodeJwt(token);
  } catch {
    throw wrongFields([{ field: 'token', message: 'token must be a JWT' }]);
  }
  const visitorId = wish.visitorId ?? asText(claims.sub);
  if (visitorId === null) throw wrongFields([{ field: 'visitorId', message: 'visitorId must be given: the token names no subject' }]);
  const ends = typeof claims.exp === 'number' ? claims.exp * 1000 : Infinity;
  const expiresAt = Math.floor(Math.min(ends, Date.now() + (wish.ttlSeconds ?? HOUR) * 1000));
  if (expiresAt <= Date.now()) throw wrongFields([{ field: 'token', message: 'token must not have expired' }]);
  return { visitorId, expiresAt };
}
