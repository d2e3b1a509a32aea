import { IsUUID } from 'class-validator';
import { MayBeLeftOut } from '#libs/http';

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
