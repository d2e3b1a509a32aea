import type { ModuleMetadata } from '@nestjs/common';
import { AccountRecords, Accounts } from '#libs/core';
import type { Config } from '../config/config.ts';
import { CallbackFeed } from './callback-feed.ts';
import { CALLBACK_PATH, DemoAccount } from './demo-account.ts';
import { DemoController } from './demo.controller.ts';
import { DemoPagesController } from './demo-pages.controller.ts';
import { OwnHook } from './own-hook.ts';

/** The demo's doors and what stands behind them; nothing when the demo is off. */
export function demoParts(config: Config): Required<Pick<ModuleMetadata, 'controllers' | 'providers'>> {
  if (!config.demo) return { controllers: [], providers: [] };
  const self = ownAddress(config);
  const callbackUrl = config.callbacksAllowPrivate ? self + CALLBACK_PATH : undefined;
  return {
    controllers: [DemoController, DemoPagesController],
    providers: [
      CallbackFeed,
      {
        provide: DemoAccount,
        inject: [Accounts, AccountRecords],
        useFactory: (accounts: Accounts, records: AccountRecords) => new DemoAccount(accounts, records, callbackUrl),
      },
      { provide: OwnHook, useValue: new OwnHook(self) },
    ],
  };
}

/** Where this bridge reaches itself, whatever it is called from outside. */
function ownAddress({ host, port }: Config): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
