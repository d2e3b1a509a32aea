import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { REASONS, type Reason, STATUSES, type Status } from '#libs/core';
import { type HookAnswer, type HookResult, IGNORED_CODES, type IgnoredCode } from './hook-answer.ts';

@ApiSchema({ name: 'HookResult' })
class HookResultDto implements HookResult {
  @ApiProperty({ type: String, nullable: true, example: '22222222-aaaa-4bbb-8ccc-000000000002' })
  conversationId!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '55555555-aaaa-4bbb-8ccc-000000000005' })
  dialogId!: string | null;

  @ApiPropertyOptional({ example: 'ses_3n6uT0xk8Qm1cV5yR2bW9A' })
  sessionId?: string;

  @ApiProperty({ enum: [...STATUSES, 'unchanged', 'ignored'], enumName: 'HookOutcome', example: 'invited' })
  outcome!: HookResult['outcome'];

  @ApiPropertyOptional({ enum: IGNORED_CODES, enumName: 'IgnoredCode', description: 'Why it was ignored.' })
  code?: IgnoredCode;

  @ApiPropertyOptional({ enum: STATUSES, enumName: 'Status', example: 'invited' })
  status?: Status;

  @ApiPropertyOptional({ enum: REASONS, enumName: 'Reason' })
  reason?: Reason;
}

/** The answer to a notification, for the published document. */
@ApiSchema({ name: 'HookAnswer' })
export class HookAnswerDto implements HookAnswer {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Changes in the notification, of whatever concern.', example: 1 })
  changes!: number;

  @ApiProperty({
    type: [HookResultDto],
    description: 'One for each COBROWSE dialog, and one for each conversation whose end closed a session.',
  })
  results!: HookResult[];
}
