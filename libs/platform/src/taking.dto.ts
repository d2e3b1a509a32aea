import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { MODES, type Mode } from '#libs/core';
import { IsText } from '#libs/http';

/** The agent who takes a visitor's request. An optional field that is null counts as left out. */
@ApiSchema({ name: 'Taking' })
export class TakingDto {
  @ApiProperty({ minLength: 1, maxLength: 255, example: 'agent-12' })
  @IsText()
  agentId!: string;

  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 255, example: 'Grace' })
  @IsOptional()
  @IsText()
  agentName?: string | null;

  @ApiPropertyOptional({
    enum: MODES,
    nullable: true,
    description: "What the agent wants to do; must be allowed. The account's `defaultMode` when left out.",
    example: 'view',
  })
  @IsOptional()
  @IsIn(MODES, { message: `$property must be one of: ${MODES.join(', ')}` })
  mode?: Mode | null;
}

@ApiSchema({ name: 'CodeRedemption' })
export class CodeRedemptionDto extends TakingDto {
  @ApiProperty({
    pattern: '^\\d{3}[ -]?\\d{3}$',
    description: 'The six digits that the visitor reads out; a space or hyphen in the middle is fine.',
    example: '048 213',
  })
  @Matches(/^\d{3}[ -]?\d{3}$/, { message: '$property must be six digits' })
  code!: string;
}

export const TAKING_EXAMPLES = {
  shortest: { summary: 'The least', value: { agentId: 'agent-12' } },
  full: { summary: 'Everything', value: { agentId: 'agent-12', agentName: 'Grace', mode: 'shared' } },
};

export const CODE_EXAMPLES = {
  shortest: { summary: 'The least', value: { code: '048213', agentId: 'agent-12' } },
  full: { summary: 'Everything', value: { code: '048 213', agentId: 'agent-12', agentName: 'Grace', mode: 'shared' } },
};
