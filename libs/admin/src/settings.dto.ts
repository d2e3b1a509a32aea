import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsObject, ValidateNested } from 'class-validator';
import { AGENT_ID_FORMS, type AgentIdForm, CONSENTS, type Consent, MODES, type Mode } from '#libs/core';
import { IsWhole, MayBeLeftOut } from '#libs/http';
import { CallbackDto } from './callback.dto.ts';
import { LivePersonDto } from './liveperson.dto.ts';
import { AreOrigins } from './origin.ts';

const oneOf = (values: readonly string[]): { message: string } => ({ message: `$property must be one of: ${values.join(', ')}` });

/** A whole number of seconds that may be left out. */
function Seconds(min: number, max: number, standard: number, description: string): PropertyDecorator {
  const checks = [
    MayBeLeftOut(),
    IsWhole(min, max),
    ApiPropertyOptional({
      type: 'integer',
      minimum: min,
      maximum: max,
      description: `${description} At first ${standard}.`,
      example: standard,
    }),
  ];
  return (target, property) => checks.forEach((check) => check(target, property));
}

/** What to change in an account's settings; what is left out stays. */
@ApiSchema({ name: 'SettingsChange' })
export class SettingsDto {
  @ApiPropertyOptional({
    enum: MODES,
    description: 'For an invitation that names no mode. Must be allowed. At first view.',
    example: 'view',
  })
  @MayBeLeftOut()
  @IsIn(MODES, oneOf(MODES))
  defaultMode?: Mode;

  @ApiPropertyOptional({
    enum: MODES,
    isArray: true,
    description:
      'At first all. When the present `defaultMode` is no longer among them and no other is sent, the first of these takes its place.',
    example: ['view', 'shared'],
  })
  @MayBeLeftOut()
  @IsIn(MODES, { each: true, message: `$property must each be one of: ${MODES.join(', ')}` })
  @ArrayUnique({ message: '$property must not name a mode twice' })
  @ArrayNotEmpty()
  @IsArray()
  allowedModes?: Mode[];

  @Seconds(10, 120, 120, 'How long an invitation waits for its answer.')
  invitationTtlSeconds?: number;

  @Seconds(1, 3600, 120, 'How long an accepted session waits for both sides to join.')
  joinTimeoutSeconds?: number;

  @Seconds(1, 86_400, 14_400, 'How long an active session may last.')
  sessionLimitSeconds?: number;

  @Seconds(1, 86_400, 1200, 'How long a code that a visitor reads out is good.')
  codeTtlSeconds?: number;

  @Seconds(1, 86_400, 1200, "How long a visitor's request waits for an agent.")
  requestTtlSeconds?: number;

  @ApiPropertyOptional({
    enum: CONSENTS,
    description:
      'Whether a visitor who asked for help is asked once more when an agent comes. `skip_when_requested`: the request was the yes. At first always.',
    example: 'always',
  })
  @MayBeLeftOut()
  @IsIn(CONSENTS, oneOf(CONSENTS))
  consent?: Consent;

  @ApiPropertyOptional({
    type: [String],
    maxItems: 100,
    description: "Origins of pages that may connect; the bridge's own always may. At first none.",
    example: ['https://shop.example'],
  })
  @MayBeLeftOut()
  @AreOrigins()
  @ArrayMaxSize(100)
  @IsArray()
  allowedOrigins?: string[];

  @ApiPropertyOptional({ enum: AGENT_ID_FORMS, description: "How agents are named to LivePerson's tag. At first uuid.", example: 'uuid' })
  @MayBeLeftOut()
  @IsIn(AGENT_ID_FORMS, oneOf(AGENT_ID_FORMS))
  agentIdForm?: AgentIdForm;

  @ApiPropertyOptional()
  @MayBeLeftOut()
  @Type(() => LivePersonDto)
  @ValidateNested()
  @IsObject()
  liveperson?: LivePersonDto;

  @ApiPropertyOptional({ type: [CallbackDto], maxItems: 10, description: 'Replaces the list.' })
  @MayBeLeftOut()
  @Type(() => CallbackDto)
  @ValidateNested({ each: true })
  @ArrayUnique((callback: CallbackDto | null) => callback?.url, { message: '$property must not name an address twice' })
  @IsObject({ each: true, message: '$property must be a list of objects' })
  @ArrayMaxSize(10)
  @IsArray()
  callbacks?: CallbackDto[];
}
