import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { MODES, type Mode, REASONS, type Reason, SOURCES, type Source, STATUSES, type Status } from '#libs/core';
import type { SessionView } from '#libs/protocol';

const MOMENT = { type: String, format: 'date-time', nullable: true } as const;
const NEVER = { ...MOMENT, example: null } as const;

@ApiSchema({ name: 'Visitor' })
class VisitorDto {
  @ApiProperty({ type: String, nullable: true, example: 'visitor-0815' })
  id!: string | null;

  @ApiProperty({ example: 'Ada' })
  name!: string;
}

@ApiSchema({ name: 'Agent' })
class AgentDto {
  @ApiProperty({ type: String, nullable: true, example: 'agent-12' })
  id!: string | null;

  @ApiPropertyOptional({ example: 'Grace' })
  name?: string;
}

/** A session as the world sees it, for the published document. */
@ApiSchema({ name: 'Session', description: 'One cobrowse from the first invitation or request until it is closed.' })
export class SessionDto implements SessionView {
  @ApiProperty({ example: 'ses_3n6uT0xk8Qm1cV5yR2bW9A' })
  id!: string;

  @ApiProperty({ example: '12345678' })
  accountId!: string;

  @ApiProperty({ enum: STATUSES, enumName: 'Status', description: 'Moves forward only; `closed` is final.', example: 'invited' })
  status!: Status;

  @ApiProperty({ enum: MODES, enumName: 'Mode', example: 'view' })
  mode!: Mode;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Grows with every change: keep the newest, drop what is older.', example: 1 })
  version!: number;

  @ApiProperty({ enum: SOURCES, enumName: 'Source', example: 'platform' })
  source!: Source;

  @ApiProperty({ type: String, nullable: true, example: 'conversation-4711' })
  conversationId!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  dialogId!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'visitor-0815#conversation-4711' })
  serviceId!: string | null;

  @ApiProperty()
  visitor!: VisitorDto;

  @ApiProperty()
  agent!: AgentDto;

  @ApiPropertyOptional({ description: 'Only where the visitor asked for help: what for.', example: 'My card is declined' })
  topic?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Only where the visitor asked for help: when.' })
  requestedAt?: string;

  @ApiProperty({ ...MOMENT, example: '2026-11-21T10:00:00.000Z' })
  invitedAt!: string | null;

  @ApiProperty({ ...MOMENT, description: 'An answer at or after this moment is too late.', example: '2026-11-21T10:01:00.000Z' })
  expiresAt!: string | null;

  @ApiProperty(NEVER)
  acceptedAt!: string | null;

  @ApiProperty(NEVER)
  activeAt!: string | null;

  @ApiProperty(NEVER)
  closedAt!: string | null;

  @ApiProperty({ enum: REASONS, enumName: 'Reason', nullable: true, description: 'Why it is closed.', example: null })
  reason!: Reason | null;
}

@ApiSchema({ name: 'SessionPage' })
export class SessionPageDto {
  @ApiProperty({ type: [SessionDto], description: 'Newest first, by when the bridge wrote them.' })
  items!: SessionView[];

  @ApiProperty({ type: String, nullable: true, description: 'Send it as `cursor` for the next page; null on the last.', example: null })
  nextCursor!: string | null;
}
