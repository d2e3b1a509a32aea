import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn } from 'class-validator';
import { STATUSES } from '#libs/core';
import { IsText, MayBeLeftOut } from '#libs/http';
import { IsCallbackSecret } from './callback-secret.ts';

const EVENT_TYPES = STATUSES.map((status) => `session.${status}`);

@ApiSchema({ name: 'CallbackChange' })
export class CallbackDto {
  @ApiProperty({ minLength: 1, maxLength: 2048, example: 'https://shop.example/cobrowse-events' })
  @IsText(2048)
  url!: string;

  @ApiPropertyOptional({
    enum: EVENT_TYPES,
    isArray: true,
    description: 'Event types wanted; all when left out.',
    example: ['session.accepted', 'session.closed'],
  })
  @MayBeLeftOut()
  @IsIn(EVENT_TYPES, { each: true, message: `$property must each be one of: ${EVENT_TYPES.join(', ')}` })
  @ArrayUnique({ message: '$property must not name a type twice' })
  @ArrayNotEmpty()
  @IsArray()
  events?: string[];

  @ApiPropertyOptional({
    description:
      'A Standard Webhooks secret. Left out, the one kept for the same address stays, and for a new address one is made and shown in this answer only.',
    pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$',
    writeOnly: true,
  })
  @MayBeLeftOut()
  @IsCallbackSecret()
  secret?: string;
}
