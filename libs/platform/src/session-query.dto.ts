import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { STATUSES, type Status } from '#libs/core';
import { IsText, IsWhole, MayBeLeftOut, WrittenWhole } from '#libs/http';

/** Which sessions to list. */
export class SessionQueryDto {
  @ApiPropertyOptional({ enum: STATUSES, example: 'invited' })
  @MayBeLeftOut()
  @IsIn(STATUSES, { message: `$property must be one of: ${STATUSES.join(', ')}` })
  status?: Status;

  @ApiPropertyOptional({ minLength: 1, maxLength: 255, example: 'conversation-4711' })
  @MayBeLeftOut()
  @IsText()
  conversationId?: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: 255, example: 'visitor-0815' })
  @MayBeLeftOut()
  @IsText()
  visitorId?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50, example: 20 })
  @WrittenWhole()
  @IsWhole(1, 200)
  limit: number = 50;

  @ApiPropertyOptional({ minLength: 1, maxLength: 512, description: 'The `nextCursor` of the page before.' })
  @MayBeLeftOut()
  @IsText(512)
  cursor?: string;
}
