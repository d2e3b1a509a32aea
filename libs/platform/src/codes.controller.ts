import { Body, Controller, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccountGuard, ApiProblems, BODY_PROBLEMS, KeyId, PLATFORM_KEY } from '#libs/http';
import type { SessionView } from '#libs/protocol';
import { CodeDesk } from './code-desk.ts';
import { TooSoon } from './guess-limit.ts';
import { SessionDto } from './session.dto.ts';
import { CODE_EXAMPLES, CodeRedemptionDto } from './taking.dto.ts';

/** Six-digit codes that visitors read out to their agents. */
@ApiTags('help requests')
@ApiBearerAuth(PLATFORM_KEY)
@ApiParam({ name: 'accountId', example: '12345678' })
@UseGuards(AccountGuard)
@Controller('v1/accounts/:accountId/codes')
export class CodesController {
  constructor(private readonly desk: CodeDesk) {}

  @Post('redeem')
  @HttpCode(200)
  @ApiOperation({
    summary: "Take a visitor's request by its code",
    description:
      'A wrong code, a used one and an expired one get the same answer. After ten wrong ones with a key, or fifty in an account, within a quarter of an hour only one try is let through in each pause, and the pauses double up to a minute: 429 with `Retry-After`.',
  })
  @ApiBody({ type: CodeRedemptionDto, examples: CODE_EXAMPLES })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(...BODY_PROBLEMS, 'unauthorized', 'not_found', 'code_not_found', 'mode_not_allowed', 'already_in_session')
  @ApiProblems('too_many_requests', 'unavailable')
  async redeem(
    @Param('accountId') accountId: string,
    @KeyId() keyId: string,
    @Body() redemption: CodeRedemptionDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    try {
      return await this.desk.redeem(accountId, keyId, redemption);
    } catch (error) {
      if (error instanceof TooSoon) void reply.header('retry-after', String(error.retryAfterSeconds));
      throw error;
    }
  }
}
