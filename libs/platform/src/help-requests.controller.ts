import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { AccountGuard, ApiProblems, BODY_PROBLEMS, Nothing, PLATFORM_KEY } from '#libs/http';
import type { SessionView } from '#libs/protocol';
import { SessionCommands } from './session-commands.ts';
import { SessionDto } from './session.dto.ts';
import { TAKING_EXAMPLES, TakingDto } from './taking.dto.ts';

/** What an agent does with a visitor's own request; `GET …/sessions?status=requested` lists the open ones. */
@ApiTags('help requests')
@ApiBearerAuth(PLATFORM_KEY)
@ApiParam({ name: 'accountId', example: '12345678' })
@ApiParam({ name: 'sessionId', example: 'ses_3n6uT0xk8Qm1cV5yR2bW9A' })
@ApiProblems('bad_request', 'unauthorized', 'not_found', 'unavailable')
@UseGuards(AccountGuard)
@Controller('v1/accounts/:accountId/sessions/:sessionId')
export class HelpRequestsController {
  constructor(private readonly commands: SessionCommands) {}

  @Post('take')
  @HttpCode(200)
  @ApiOperation({
    summary: "Take a visitor's request",
    description:
      'The visitor is asked (`invited`), or joined at once (`accepted`) where the setting `consent` is `skip_when_requested`. The first agent wins; the same agent may say it again.',
  })
  @ApiBody({ type: TakingDto, examples: TAKING_EXAMPLES })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(...BODY_PROBLEMS, 'session_closed', 'session_expired', 'already_taken', 'mode_not_allowed', 'already_in_session')
  async take(
    @Param('accountId') accountId: string,
    @Param('sessionId') sessionId: string,
    @Body() { agentId, agentName, mode }: TakingDto,
  ): Promise<SessionView> {
    return this.commands.perform(accountId, {
      type: 'take',
      sessionId,
      agent: { id: agentId, name: agentName ?? null },
      mode: mode ?? null,
    });
  }

  @Post('refuse')
  @HttpCode(200)
  @ApiOperation({ summary: "Refuse a visitor's request", description: 'Closes it as `cancelled`; the visitor is told and may ask again.' })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(...BODY_PROBLEMS, 'session_closed', 'session_expired', 'already_taken')
  async refuse(
    @Param('accountId') accountId: string,
    @Param('sessionId') sessionId: string,
    @Body(Nothing) _body: unknown,
  ): Promise<SessionView> {
    return this.commands.perform(accountId, { type: 'refuse', sessionId });
  }
}
