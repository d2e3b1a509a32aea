import { Body, Controller, Param, Post, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { Accounts } from '#libs/core';
import { AccountGuard, ApiProblems, BODY_PROBLEMS, IsText, IsWhole, PLATFORM_KEY, noAccount } from '#libs/http';
import { PageTokens } from './page-tokens.ts';

const HOUR = 3600;

export class PageTokenRequest {
  @ApiProperty({
    description: "The platform's consumer id: the visitor whose pages may use the token.",
    example: '33333333-aaaa-4bbb-8ccc-000000000003',
  })
  @IsText()
  visitorId!: string;

  @ApiPropertyOptional({ description: 'How long the token is good for.', minimum: 1, maximum: 24 * HOUR, default: HOUR, example: HOUR })
  @IsOptional()
  @IsWhole(1, 24 * HOUR)
  ttlSeconds?: number;
}

export class PageTokenAnswer {
  @ApiProperty({ description: 'Give it to the page; it is all that the page needs.', example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' })
  token!: string;

  @ApiProperty({ example: '2026-11-21T11:00:00.000Z' })
  expiresAt!: string;
}

const PAGE_TOKEN_EXAMPLES = {
  shortest: { summary: 'The least', value: { visitorId: '33333333-aaaa-4bbb-8ccc-000000000003' } },
  quarter: { summary: 'For a quarter of an hour', value: { visitorId: '33333333-aaaa-4bbb-8ccc-000000000003', ttlSeconds: 900 } },
};

/** Tokens for a brand's pages, asked for by the brand's own server. */
@ApiTags('pages')
@ApiBearerAuth(PLATFORM_KEY)
@Controller('v1/accounts/:accountId/page-tokens')
@UseGuards(AccountGuard)
export class PageTokensController {
  constructor(
    private readonly tokens: PageTokens,
    private readonly accounts: Accounts,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Make a token for the pages of one visitor' })
  @ApiParam({ name: 'accountId', example: '12345678' })
  @ApiBody({ type: PageTokenRequest, examples: PAGE_TOKEN_EXAMPLES })
  @ApiCreatedResponse({ type: PageTokenAnswer })
  @ApiProblems(...BODY_PROBLEMS, 'unauthorized', 'not_found', 'unavailable')
  async create(@Param('accountId') accountId: string, @Body() request: PageTokenRequest): Promise<PageTokenAnswer> {
    const account = await this.accounts.find(accountId);
    if (account === null) throw noAccount();
    const { token, expiresAt } = await this.tokens.sign(account, request.visitorId, request.ttlSeconds ?? HOUR);
    return { token, expiresAt: new Date(expiresAt).toISOString() };
  }
}
