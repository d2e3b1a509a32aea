import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ACCOUNT_ID, AccountRecords, DEFAULT_SETTINGS } from '#libs/core';
import { ADMIN_KEY, AdminGuard, ApiProblems, BODY_PROBLEMS, noAccount, wrongFields } from '#libs/http';
import { Problem } from '#libs/protocol';
import { AccountChangeDto, NewAccountDto } from './account.dto.ts';
import { AccountList, AccountView, CreatedAccount } from './account-view.ts';
import { AdminOptions } from './admin-options.ts';
import { NewSecrets } from './callback-secret.ts';
import { PathId } from './path-id.ts';
import { newPlatformKey } from './platform-key.ts';
import { changeSettings } from './settings.ts';
import { SettingsDto } from './settings.dto.ts';

const accountOf = new PathId(ACCOUNT_ID, noAccount);

const SETTINGS_EXAMPLE = {
  allowedModes: ['view', 'shared'],
  allowedOrigins: ['https://shop.example'],
  liveperson: { appSecret: 'app-secret-of-the-installation' },
  callbacks: [{ url: 'https://shop.example/cobrowse-events', events: ['session.accepted', 'session.closed'] }],
};

const NEW_EXAMPLES = {
  shortest: { summary: 'The least', value: { id: '87654321', name: 'Shop Example' } },
  full: { summary: 'With settings', value: { id: 'shop-example', name: 'Shop Example', settings: SETTINGS_EXAMPLE } },
};

const CHANGE_EXAMPLES = {
  name: { summary: 'Another name', value: { name: 'Shop Example Ltd' } },
  settings: { summary: 'Some settings', value: { settings: { ...SETTINGS_EXAMPLE, invitationTtlSeconds: 60 } } },
  removal: { summary: 'No app secret, no callbacks', value: { settings: { liveperson: { appSecret: null }, callbacks: [] } } },
};

/** The brands that use the bridge. */
@ApiTags('accounts')
@ApiBearerAuth(ADMIN_KEY)
@ApiProblems('bad_request', 'unauthorized', 'unavailable')
@UseGuards(AdminGuard)
@Controller('v1/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountRecords,
    private readonly options: AdminOptions,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List accounts' })
  @ApiOkResponse({ type: AccountList })
  async list(): Promise<AccountList> {
    return { items: (await this.accounts.list()).map((account) => AccountView.of(account)) };
  }

  @Post()
  @ApiOperation({ summary: 'Create an account with its first platform key' })
  @ApiBody({ type: NewAccountDto, examples: NEW_EXAMPLES })
  @ApiCreatedResponse({ type: CreatedAccount })
  @ApiProblems(...BODY_PROBLEMS, 'account_exists')
  async create(@Body() { id, name, settings }: NewAccountDto): Promise<CreatedAccount> {
    this.checkCallbacks(settings);
    const secrets = new NewSecrets();
    const { platformKey, ...key } = newPlatformKey();
    const account = await this.accounts.create({ id, name, settings: changeSettings(DEFAULT_SETTINGS, settings ?? {}, secrets) }, key);
    if (account === null) throw new Problem('account_exists', 'Choose another id, or change the account that has this one with PATCH.');
    return { account: AccountView.of(account, secrets), platformKey };
  }

  @Get(':accountId')
  @ApiOperation({ summary: 'Read an account' })
  @ApiParam({ name: 'accountId', example: '12345678' })
  @ApiOkResponse({ type: AccountView })
  @ApiProblems('not_found')
  async read(@Param('accountId', accountOf) accountId: string): Promise<AccountView> {
    const account = await this.accounts.read(accountId);
    if (account === null) throw noAccount();
    return AccountView.of(account);
  }

  @Patch(':accountId')
  @ApiOperation({ summary: "Change an account's name or settings", description: 'What is left out stays; lists are replaced.' })
  @ApiParam({ name: 'accountId', example: '12345678' })
  @ApiBody({ type: AccountChangeDto, examples: CHANGE_EXAMPLES })
  @ApiOkResponse({ type: AccountView })
  @ApiProblems(...BODY_PROBLEMS, 'not_found')
  async change(@Param('accountId', accountOf) accountId: string, @Body() { name, settings }: AccountChangeDto): Promise<AccountView> {
    this.checkCallbacks(settings);
    const secrets = new NewSecrets();
    const account = await this.accounts.update(accountId, (before) => ({
      name: name ?? before.name,
      settings: changeSettings(before.settings, settings ?? {}, secrets),
    }));
    if (account === null) throw noAccount();
    return AccountView.of(account, secrets);
  }

  @Delete(':accountId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an account', description: 'With its keys, sessions and history. There is no way back.' })
  @ApiParam({ name: 'accountId', example: '12345678' })
  @ApiNoContentResponse()
  @ApiProblems('not_found')
  async delete(@Param('accountId', accountOf) accountId: string): Promise<void> {
    if (!(await this.accounts.delete(accountId))) throw noAccount();
  }

  /** Refuses addresses that events must not go to. */
  private checkCallbacks(settings: SettingsDto | undefined): void {
    const errors = (settings?.callbacks ?? []).flatMap(({ url }, i) => {
      const wrong = this.options.checkCallbackUrl(url);
      return wrong === null ? [] : [{ field: `settings.callbacks.${i}.url`, message: `settings.callbacks.${i}.url: ${wrong}` }];
    });
    if (errors.length > 0) throw wrongFields(errors);
  }
}
