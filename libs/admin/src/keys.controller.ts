import { Body, Controller, Delete, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ACCOUNT_ID, AccountRecords } from '#libs/core';
import { ADMIN_KEY, AdminGuard, ApiProblems, BODY_PROBLEMS, Nothing, noAccount } from '#libs/http';
import { Problem } from '#libs/protocol';
import { CreatedKey } from './account-view.ts';
import { PathId } from './path-id.ts';
import { newPlatformKey } from './platform-key.ts';

const accountOf = new PathId(ACCOUNT_ID, noAccount);
const noKey = (): Problem => new Problem('not_found', 'The account has no such key, or no longer.');
const keyOf = new PathId(/^[\w-]{1,64}$/, noKey);

/** The keys that an account's platforms hold. */
@ApiTags('accounts')
@ApiBearerAuth(ADMIN_KEY)
@ApiParam({ name: 'accountId', example: '12345678' })
@ApiProblems('bad_request', 'unauthorized', 'not_found', 'unavailable')
@UseGuards(AdminGuard)
@Controller('v1/accounts/:accountId/keys')
export class KeysController {
  constructor(private readonly accounts: AccountRecords) {}

  @Post()
  @ApiOperation({
    summary: 'Make another platform key',
    description: 'To change a key without a pause: make another, wait a second, use it, revoke the old one.',
  })
  @ApiCreatedResponse({ type: CreatedKey })
  @ApiProblems(...BODY_PROBLEMS)
  async create(@Param('accountId', accountOf) accountId: string, @Body(Nothing) _body: unknown): Promise<CreatedKey> {
    const { platformKey, id, hash } = newPlatformKey();
    if ((await this.accounts.addKey(accountId, { id, hash })) === null) throw noAccount();
    return { id, platformKey };
  }

  @Delete(':keyId')
  @ApiParam({ name: 'keyId', example: '5f2b0c9d7e1a4836' })
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a platform key' })
  @ApiNoContentResponse()
  async revoke(@Param('accountId', accountOf) accountId: string, @Param('keyId', keyOf) keyId: string): Promise<void> {
    if (!(await this.accounts.revokeKey(accountId, keyId))) throw noKey();
  }
}
