import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Bridge, Sessions } from '#libs/core';
import { AccountGuard, ApiProblems, BODY_PROBLEMS, Nothing, PLATFORM_KEY, wrongFields } from '#libs/http';
import { type Envelope, type SessionView, envelope, sessionView } from '#libs/protocol';
import { HistoryDto } from './event.dto.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { INVITATION_EXAMPLES, InvitationDto } from './invitation.dto.ts';
import { invite } from './invite.ts';
import { SessionCommands } from './session-commands.ts';
import { SessionQueryDto } from './session-query.dto.ts';
import { SessionDto, SessionPageDto } from './session.dto.ts';

const SESSION_ID = { name: 'sessionId', example: 'ses_3n6uT0xk8Qm1cV5yR2bW9A' };

/** What any messaging platform may do with its sessions. */
@ApiTags('sessions')
@ApiBearerAuth(PLATFORM_KEY)
@ApiParam({ name: 'accountId', example: '12345678' })
@ApiProblems('bad_request', 'unauthorized', 'not_found', 'unavailable')
@UseGuards(AccountGuard)
@Controller('v1/accounts/:accountId/sessions')
export class SessionsController {
  constructor(
    private readonly bridge: Bridge,
    private readonly sessions: Sessions,
    private readonly commands: SessionCommands,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Invite a visitor',
    description: 'In a mode that the account does not allow, the session is closed at once (`mode_not_allowed`) and never shown.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      '1 to 255 printable ASCII characters. The same request with the same key gives the same session, however often it is sent.',
    schema: { type: 'string', minLength: 1, maxLength: 255, example: 'invite-4711' },
  })
  @ApiBody({ type: InvitationDto, examples: INVITATION_EXAMPLES })
  @ApiCreatedResponse({
    type: SessionDto,
    headers: {
      'idempotency-replayed': {
        description: '`true` when the session is that of an earlier request.',
        schema: { type: 'string', enum: ['true'] },
      },
    },
  })
  @ApiProblems(...BODY_PROBLEMS, 'idempotency_key_reused')
  async invite(
    @Param('accountId') accountId: string,
    @Headers('idempotency-key') header: string | undefined,
    @Body() invitation: InvitationDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const key = idempotencyKeyOf(header);
    const settings = await this.commands.settings(accountId);
    const { session, replayed } = await invite(this.bridge, this.sessions, { accountId, key, invitation, settings });
    if (replayed) void reply.header('idempotency-replayed', 'true');
    return sessionView(session);
  }

  @Get()
  @ApiOperation({ summary: 'List sessions' })
  @ApiOkResponse({ type: SessionPageDto })
  async list(@Param('accountId') accountId: string, @Query() query: SessionQueryDto): Promise<SessionPageDto> {
    const { status, conversationId, visitorId, limit, cursor } = query;
    const wanted = { accountId, status, conversationId, visitorId, limit, cursor };
    const { items, nextCursor } = await this.sessions.list(wanted).catch((error: unknown) => {
      if (!(error instanceof RangeError)) throw error;
      throw wrongFields([{ field: 'cursor', message: 'cursor must be the nextCursor of the page before' }]);
    });
    return { items: items.map(sessionView), nextCursor };
  }

  @Get(':sessionId')
  @ApiParam(SESSION_ID)
  @ApiOperation({ summary: 'Read a session' })
  @ApiOkResponse({ type: SessionDto })
  async read(@Param('accountId') accountId: string, @Param('sessionId') sessionId: string): Promise<SessionView> {
    return sessionView(await this.commands.find(accountId, sessionId));
  }

  @Get(':sessionId/events')
  @ApiParam(SESSION_ID)
  @ApiOperation({ summary: "Read a session's history" })
  @ApiOkResponse({ type: HistoryDto })
  async events(@Param('accountId') accountId: string, @Param('sessionId') sessionId: string): Promise<{ items: Envelope[] }> {
    const session = await this.commands.find(accountId, sessionId);
    return { items: (await this.sessions.history(accountId, session.id)).map(envelope) };
  }

  @Post(':sessionId/cancel')
  @ApiParam(SESSION_ID)
  @HttpCode(200)
  @ApiOperation({ summary: 'Withdraw an invitation', description: 'The agent takes back what the visitor has not answered.' })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(...BODY_PROBLEMS, 'session_closed', 'already_accepted')
  async cancel(
    @Param('accountId') accountId: string,
    @Param('sessionId') sessionId: string,
    @Body(Nothing) _body: unknown,
  ): Promise<SessionView> {
    return this.commands.perform(accountId, { type: 'cancel', sessionId });
  }

  @Post(':sessionId/join')
  @ApiParam(SESSION_ID)
  @HttpCode(200)
  @ApiOperation({
    summary: 'Say that both sides have joined',
    description: 'An accepted session becomes active. Doing it again changes nothing.',
  })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(...BODY_PROBLEMS, 'session_closed', 'not_accepted')
  async join(
    @Param('accountId') accountId: string,
    @Param('sessionId') sessionId: string,
    @Body(Nothing) _body: unknown,
  ): Promise<SessionView> {
    return this.commands.perform(accountId, { type: 'join', sessionId });
  }

  @Post(':sessionId/end')
  @ApiParam(SESSION_ID)
  @HttpCode(200)
  @ApiOperation({ summary: 'End a session', description: 'The agent ends an accepted or active one.' })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(...BODY_PROBLEMS, 'session_closed', 'not_accepted')
  async end(
    @Param('accountId') accountId: string,
    @Param('sessionId') sessionId: string,
    @Body(Nothing) _body: unknown,
  ): Promise<SessionView> {
    return this.commands.perform(accountId, { type: 'end', sessionId, by: 'agent' });
  }
}
