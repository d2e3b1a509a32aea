import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, Matches, ValidateNested } from 'class-validator';
import type { AgentCredentials, StreamSettings } from '#libs/core';
import { IsText, MayBeLeftOut, wrongFields } from '#libs/http';

const KINDS = ['brand', 'consumer'] as const;

/** A credential: one of a set of which some are left out. */
function Credential(example: string): PropertyDecorator {
  const checks = [MayBeLeftOut(), IsText(), ApiPropertyOptional({ minLength: 1, maxLength: 255, writeOnly: true, example })];
  return (target, property) => checks.forEach((check) => check(target, property));
}

@ApiSchema({ name: 'AgentCredentials' })
export class AgentCredentialsDto {
  @ApiPropertyOptional({ maxLength: 8192, writeOnly: true, description: 'A bearer that was got elsewhere. It is used until it ends.' })
  @MayBeLeftOut()
  @Matches(/^[\w.~+/=-]{1,8192}$/, { message: '$property must be a token as the login service gives it' })
  bearer?: string;

  @Credential('bridge-bot')
  username?: string;

  @Credential('correct horse battery staple')
  password?: string;

  @Credential('app-key')
  appKey?: string;

  @Credential('app-secret')
  secret?: string;

  @Credential('access-token')
  accessToken?: string;

  @Credential('access-token-secret')
  accessTokenSecret?: string;
}

@ApiSchema({ name: 'StreamChange' })
export class StreamDto {
  @ApiProperty({
    enum: KINDS,
    description: '`brand`: hear all conversations with an agent login. `consumer`: hear single visitors, each with a token.',
    example: 'brand',
  })
  @IsIn(KINDS, { message: `$property must be one of: ${KINDS.join(', ')}` })
  kind!: (typeof KINDS)[number];

  @ApiPropertyOptional({
    writeOnly: true,
    description:
      'For `brand`, one set: `bearer`; or `username` and `password`; or `username`, `appKey`, `secret`, `accessToken` and `accessTokenSecret`. Left out, those kept stay.',
  })
  @MayBeLeftOut()
  @Type(() => AgentCredentialsDto)
  @ValidateNested()
  @IsObject()
  credentials?: AgentCredentialsDto;
}

const SETS = [['bearer'], ['username', 'password'], ['username', 'appKey', 'secret', 'accessToken', 'accessTokenSecret']] as const;
const FIELD = 'settings.liveperson.stream.credentials';

/** The stream after a change. Throws `bad_request` when its credentials are none of the sets that LivePerson takes. */
export function changeStream(before: StreamSettings | undefined, { kind, credentials }: StreamDto): StreamSettings {
  if (kind === 'consumer') {
    if (credentials === undefined) return { kind };
    throw wrongFields([{ field: FIELD, message: `${FIELD} must be left out for consumer: each visitor has a token` }]);
  }
  if (credentials === undefined && before?.kind === 'brand') return before;
  const given = Object.entries(credentials ?? {}).filter(([, value]) => value !== undefined);
  const names = new Set(given.map(([name]) => name));
  if (SETS.some((set) => set.length === names.size && set.every((name) => names.has(name)))) {
    return { kind, credentials: Object.fromEntries(given) as AgentCredentials };
  }
  const sets = SETS.map((set) => set.join(' + ')).join(', or ');
  throw wrongFields([{ field: FIELD, message: `${FIELD} must be ${sets}` }]);
}

/** Which of the sets is kept. */
export const loginOf = ({ credentials }: { credentials: AgentCredentials }): 'bearer' | 'password' | 'keys' =>
  'bearer' in credentials ? 'bearer' : 'password' in credentials ? 'password' : 'keys';
