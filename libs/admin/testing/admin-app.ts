import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccountRecords, DEFAULT_SETTINGS, platformKeyHash } from '#libs/core';
import { AdminKey } from '#libs/http';
import { MemoryAccounts } from '../../core/testing/memory-accounts.ts';
import { httpApp } from '../../http/testing/http-app.ts';
import { AccountsController, AdminOptions, KeysController } from '../src/index.ts';

export const ACCOUNT = '12345678';
export const ADMIN = 'the-admin-key';
export const PLATFORM_KEY = 'cbk_5f2b0c9d7e1a4836_secret';

/** The admin's routes over accounts in memory, with the account `12345678`; callbacks may go to https only. */
export async function adminApp(): Promise<{ app: NestFastifyApplication; accounts: MemoryAccounts }> {
  const accounts = new MemoryAccounts();
  const key = { id: '5f2b0c9d7e1a4836', hash: platformKeyHash(PLATFORM_KEY) };
  await accounts.create({ id: ACCOUNT, name: 'Shop', settings: DEFAULT_SETTINGS }, key);
  const app = await httpApp({
    controllers: [AccountsController, KeysController],
    providers: [
      { provide: AccountRecords, useValue: accounts },
      { provide: AdminKey, useValue: new AdminKey(ADMIN) },
      { provide: AdminOptions, useValue: new AdminOptions((url) => (url.startsWith('https://') ? null : 'only https is taken')) },
    ],
  });
  await app.init();
  return { app, accounts };
}
