import { Body, Controller, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { AccountGuard } from '#libs/http';
import { PageTokens } from './page-tokens.ts';

const HOUR = 3600;

export class PageTokenRequest {
  @ApiProperty({
    description: "The platform's consumer id: the visitor whose pages may use the token.",
    example: '33333333-aaaa-4bbb-8ccc-000000000003',
  })
  @IsString()
  @Length(1, 256)
  visitorId!: string;

  @ApiPropertyOptional({ description: 'How long the token is good for.', minimum: 60, maximum: 24 * HOUR, default: HOUR, example: HOUR })
  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(24 * HOUR)
  ttlSeconds?: number;
}

export class PageTokenAnswer {
  @ApiProperty({ description: 'Give it to the page; it is all that the page needs.', example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' })
  token!: string;

  @ApiProperty({ example: '2026-11-21T11:00:00.000Z' })
  expiresAt!: string;
}

/** Tokens for a brand's pages, asked for by the brand's own server. */
@ApiTags('pages')
@ApiBearerAuth()
@Controller('v1/accounts/:accountId/page-tokens')
@UseGuards(AccountGuard)
export class PageTokensController {
  constructor(private readonly tokens: PageTokens) {}

  @Post()
  @ApiOperation({ summary: 'Make a token for the pages of one visitor' })
  @ApiCreatedResponse({ type: PageTokenAnswer })
  async create(@Param('accountId') accountId: string, @Body() request: PageTokenRequest): Promise<PageTokenAnswer> {
    const { token, expiresAt } = await this.tokens.sign(accountId, request.visitorId, request.ttlSeconds ?? HOUR);
    return { token, expiresAt: new Date(expiresAt).toISOString() };
  }
}
