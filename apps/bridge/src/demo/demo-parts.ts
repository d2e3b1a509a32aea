import type { ModuleMetadata } from '@nestjs/common';
import { AccountRecords, Accounts } from '#libs/core';
import { LivePersonBase, StreamSupervisor } from '#libs/liveperson';
import type { Config } from '../config/config.ts';
import { AgentDesk } from './agent-desk.ts';
import { AgentController } from './agent.controller.ts';
import { CALLBACK_PATH, DemoAccount } from './demo-account.ts';
import { DemoController } from './demo.controller.ts';
import { DemoPagesController } from './demo-pages.controller.ts';
import { LivePersonBox } from './liveperson-box.ts';
import { Overheard } from './overheard.ts';
import { PanelNews } from './panel-news.ts';
import { VisitorFeed } from './visitor-feed.ts';
import { WriteLimit } from './write-limit.ts';

/** The demo's doors and what stands behind them; nothing when the demo is off. */
export function demoParts(config: Config, overheard: Overheard | undefined): Required<Pick<ModuleMetadata, 'controllers' | 'providers'>> {
  if (!overheard) return { controllers: [], providers: [] };
  const callbackUrl = config.callbacksAllowPrivate ? ownAddress(config) + CALLBACK_PATH : undefined;
  return {
    controllers: [DemoController, AgentController, DemoPagesController],
    providers: [
      { provide: Overheard, useValue: overheard },
      {
        provide: DemoAccount,
        inject: [Accounts, AccountRecords],
        useFactory: (accounts: Accounts, records: AccountRecords) => new DemoAccount(accounts, records, callbackUrl),
      },
      {
        provide: LivePersonBox,
        inject: [DemoAccount, LivePersonBase, StreamSupervisor, Overheard],
        useFactory: (...needs: ConstructorParameters<typeof LivePersonBox>) => new LivePersonBox(...needs),
      },
      VisitorFeed,
      WriteLimit,
      AgentDesk,
      PanelNews,
    ],
  };
}

/** Where this bridge reaches itself, whatever it is called from outside. */
function ownAddress({ host, port }: Config): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
