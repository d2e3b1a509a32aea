import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ACCOUNT_ID, type Account, Accounts } from '#libs/core';
import { AdminKey, ApiProblems, BODY_PROBLEMS, PLATFORM_KEY, RAW_BODY, bearerOf, encodedBody, noAccount } from '#libs/http';
import { Problem } from '#libs/protocol';
import { EXAMPLE_NOTIFICATION } from './example-notification.ts';
import { HookAnswerDto } from './hook-answer.dto.ts';
import type { HookAnswer } from './hook-answer.ts';
import { NotificationIntake } from './notification-intake.ts';
import { isSigned } from './signature.ts';

type HookRequest = FastifyRequest<{ Params: { accountId: string } }>;

/** LivePerson's way in. Nothing stands between the server and the handler: it takes every message of the brand, not only ours. */
@ApiTags('hooks')
@Controller('v1/hooks/liveperson')
export class HookController {
  constructor(
    private readonly accounts: Accounts,
    private readonly admin: AdminKey,
    private readonly intake: NotificationIntake,
  ) {}

  @Post(':accountId')
  @HttpCode(200)
  @RouteConfig(RAW_BODY)
  @ApiOperation({
    summary: "Take LivePerson's notifications",
    description:
      'A `cqm.ExConversationChangeNotification` from the webhook, or a frame of the consumer or agent socket from a relay. Other notifications are taken and dropped.',
  })
  @ApiParam({ name: 'accountId', description: "The account's id, at LivePerson the site id.", example: '12345678' })
  @ApiHeader({
    name: 'x-liveperson-signature',
    required: false,
    description:
      '`sha1=` or `sha256=`, then base64 or hex of the HMAC over the raw body with the app secret. A relay sends a platform key instead.',
  })
  @ApiBearerAuth(PLATFORM_KEY)
  @ApiBody({ schema: { type: 'object', additionalProperties: true, example: EXAMPLE_NOTIFICATION } })
  @ApiOkResponse({ type: HookAnswerDto })
  @ApiProblems(...BODY_PROBLEMS, 'unauthorized', 'not_found', 'unavailable')
  async take(@Req() request: HookRequest): Promise<HookAnswer> {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const account = await this.admit(request, raw);
    const encoded = encodedBody(request);
    if (encoded) throw encoded;
    return this.intake.take(account, raw);
  }

  /** The account that the sender speaks for. To a sender without a key of any account, one that exists looks like one that does not. */
  private async admit(request: HookRequest, raw: Buffer): Promise<Account> {
    const { accountId } = request.params;
    const account = ACCOUNT_ID.test(accountId) ? await this.accounts.find(accountId) : null;
    const signed = isSigned(raw, request.headers['x-liveperson-signature'], account?.settings.liveperson.appSecret);
    if (account !== null && signed) return account;

    const key = bearerOf(request.headers.authorization);
    const speaksFor = key === null ? undefined : this.admin.matches(key) ? accountId : (await this.accounts.authenticate(key))?.accountId;
    if (speaksFor === undefined) {
      throw new Problem(
        'unauthorized',
        'Send x-liveperson-signature made with the app secret, or a platform key as Authorization: Bearer <key>.',
      );
    }
    if (account === null || speaksFor !== accountId) throw noAccount();
    return account;
  }
}
