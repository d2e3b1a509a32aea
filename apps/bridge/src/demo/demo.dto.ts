import { IsIn, IsUUID } from 'class-validator';
import { MODES, type Mode } from '#libs/core';
import { IsWhole, MayBeLeftOut } from '#libs/http';
import { MISHAPS } from './agent-desk.ts';

export class DemoSessionRequest {
  /** Another tab of a visitor who is there already; a new visitor when it is left out. */
  @MayBeLeftOut()
  @IsUUID('4', { message: '$property must be an id that this address gave' })
  visitorId?: string;
}

export class DemoStreamQuery {
  @IsUUID('4', { message: '$property must be an id that /demo/session gave' })
  visitor!: string;
}

export class AgentRequest {
  @IsUUID('4', { message: '$property must be an id that /demo/session gave' })
  visitorId!: string;
}

export class AgentInviteRequest extends AgentRequest {
  @IsIn(MODES)
  mode!: Mode;

  /** 120 when it is left out. */
  @MayBeLeftOut()
  @IsWhole(5, 600)
  expiresInSeconds?: number;

  @MayBeLeftOut()
  @IsIn(MISHAPS)
  mishap?: (typeof MISHAPS)[number];
}
