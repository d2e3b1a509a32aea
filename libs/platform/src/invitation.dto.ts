import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { MODES, type Mode } from '#libs/core';
import { IsText, IsWhole } from '#libs/http';

const TEXT = { type: String, minLength: 1, maxLength: 255 } as const;
const OPTIONAL_TEXT = { ...TEXT, nullable: true } as const;

/** What a platform sends to ask a visitor. An optional field that is null counts as left out. */
@ApiSchema({ name: 'Invitation' })
export class InvitationDto {
  @ApiProperty({
    ...TEXT,
    description: 'A newer invitation in the same conversation closes the older one as `superseded`.',
    example: 'conversation-4711',
  })
  @IsText()
  conversationId!: string;

  @ApiProperty({
    ...TEXT,
    description: "The visitor's id at the platform: the one that the page token was made for.",
    example: 'visitor-0815',
  })
  @IsText()
  visitorId!: string;

  @ApiProperty({ ...TEXT, example: 'agent-12' })
  @IsText()
  agentId!: string;

  @ApiPropertyOptional({
    enum: MODES,
    nullable: true,
    description:
      "`shared`: the agent may act; `view`: sees and may scroll; `follow`: only sees. The account's `defaultMode` when left out.",
    example: 'view',
  })
  @IsOptional()
  @IsIn(MODES, { message: `$property must be one of: ${MODES.join(', ')}` })
  mode?: Mode | null;

  @ApiPropertyOptional({ ...OPTIONAL_TEXT, example: 'Ada' })
  @IsOptional()
  @IsText()
  visitorName?: string | null;

  @ApiPropertyOptional({ ...OPTIONAL_TEXT, example: 'Grace' })
  @IsOptional()
  @IsText()
  agentName?: string | null;

  @ApiPropertyOptional({
    ...OPTIONAL_TEXT,
    description: "The platform's own name for this cobrowse, handed back in every event.",
    example: 'visitor-0815#conversation-4711',
  })
  @IsOptional()
  @IsText()
  serviceId?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 86_400,
    nullable: true,
    description:
      "How long the visitor may take to answer; never longer than the account's `invitationTtlSeconds`, which holds when left out.",
    example: 60,
  })
  @IsOptional()
  @IsWhole(1, 86_400)
  expiresInSeconds?: number | null;
}

export const INVITATION_EXAMPLES = {
  shortest: { summary: 'The least', value: { conversationId: 'conversation-4711', visitorId: 'visitor-0815', agentId: 'agent-12' } },
  full: {
    summary: 'Everything',
    value: {
      conversationId: 'conversation-4712',
      visitorId: 'visitor-0816',
      agentId: 'agent-12',
      mode: 'shared',
      visitorName: 'Ada',
      agentName: 'Grace',
      serviceId: 'visitor-0816#conversation-4712',
      expiresInSeconds: 60,
    },
  },
};
