import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AccountsController, AdminOptions, KeysController } from '#libs/admin';
import { Accounts, AccountRecords, Bridge, Codes, Journal, Sessions, Streams } from '#libs/core';
import { checkEndpointUrl } from '#libs/callbacks';
import { AccountGuard, AdminGuard, AdminKey, ProblemFilter, validation } from '#libs/http';
import { HookController, LivePersonBase, NotificationIntake, StreamSupervisor, StreamsController } from '#libs/liveperson';
import {
  Answers,
  AskLimit,
  Handshake,
  HelpRequests,
  Latest,
  PageTokens,
  PageTokensController,
  PagesGateway,
  SocketPages,
} from '#libs/pages';
import { CodeDesk, CodesController, GuessLimit, HelpRequestsController, SessionCommands, SessionsController } from '#libs/platform';
import type { Config } from './config/config.ts';
import type { InstallationKeys } from './config/installation-keys.ts';
import { demoParts } from './demo/demo-parts.ts';
import { Health } from './operations/health.ts';
import { Metrics } from './operations/metrics.ts';
import { FrontPage, OperationsController } from './operations/operations.controller.ts';
import type { Parts } from './parts.ts';
import { SdkController } from './sdk.controller.ts';

/** The doors of the service: what may knock, and who opens. */
@Module({})
export class AppModule {
  static of(config: Config, keys: InstallationKeys, parts: Parts): DynamicModule {
    const tokens = new PageTokens(keys.pageTokens);
    const demo = demoParts(config, parts.overheard);
    const providers: Provider[] = [
      { provide: Accounts, useValue: parts.accounts },
      { provide: AccountRecords, useValue: parts.accountRecords },
      { provide: Bridge, useValue: parts.bridge },
      { provide: Sessions, useValue: parts.sessions },
      { provide: Codes, useValue: parts.codes },
      { provide: AskLimit, useValue: parts.askLimit },
      { provide: GuessLimit, useValue: parts.guessLimit },
      { provide: Journal, useValue: parts.journal },
      { provide: NotificationIntake, useValue: parts.intake },
      { provide: Streams, useValue: parts.streams },
      { provide: StreamSupervisor, useValue: parts.supervisor },
      { provide: LivePersonBase, useValue: parts.livepersonBase },
      { provide: SocketPages, useValue: parts.pages },
      { provide: Health, useValue: parts.health },
      { provide: FrontPage, useValue: new FrontPage(config.demo ? '/demo' : '/docs') },
      { provide: Metrics, useValue: parts.metrics },
      { provide: AdminKey, useValue: new AdminKey(keys.adminKey) },
      { provide: AdminOptions, useValue: new AdminOptions((url) => checkEndpointUrl(url, { allowPrivate: config.callbacksAllowPrivate })) },
      { provide: PageTokens, useValue: tokens },
      { provide: Handshake, useValue: new Handshake(tokens, parts.accounts, config) },
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_PIPE, useFactory: validation },
      AccountGuard,
      AdminGuard,
      Answers,
      HelpRequests,
      Latest,
      PagesGateway,
      SessionCommands,
      CodeDesk,
      ...demo.providers,
    ];
    return {
      module: AppModule,
      controllers: [
        HookController,
        SessionsController,
        HelpRequestsController,
        CodesController,
        StreamsController,
        PageTokensController,
        AccountsController,
        KeysController,
        OperationsController,
        SdkController,
        ...demo.controllers,
      ],
      providers,
    };
  }
}
