import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { AGENT_ID_FORMS, CONSENTS, MODES, STATUSES, type Settings } from '#libs/core';
import { loginOf } from './stream.dto.ts';

@ApiSchema({ name: 'Callback' })
class CallbackView {
  @ApiProperty({ example: 'https://shop.example/cobrowse-events' })
  url!: string;

  @ApiPropertyOptional({ enum: STATUSES.map((status) => `session.${status}`), isArray: true, description: 'All when absent.' })
  events?: readonly string[];

  @ApiPropertyOptional({
    description: 'Only in the answer to the request for which the bridge made it.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
  })
  secret?: string;
}

@ApiSchema({ name: 'Stream' })
class StreamView {
  @ApiProperty({ enum: ['brand', 'consumer'], example: 'brand' })
  kind!: string;

  @ApiProperty({
    type: String,
    enum: ['bearer', 'password', 'keys'],
    nullable: true,
    description: 'Which credentials are kept. They are never shown.',
    example: 'password',
  })
  login!: string | null;
}

@ApiSchema({ name: 'LivePerson' })
class LivePersonView {
  @ApiProperty({ description: 'Whether the app secret is set. It is never shown.', example: true })
  appSecretSet!: boolean;

  @ApiProperty({ type: () => StreamView, nullable: true, description: 'How the bridge listens; null when it does not.' })
  stream!: StreamView | null;
}

/** An account's settings as its admin sees them. */
@ApiSchema({ name: 'Settings' })
export class SettingsView {
  @ApiProperty({ enum: MODES, example: 'view' })
  defaultMode!: string;

  @ApiProperty({ enum: MODES, isArray: true, example: MODES })
  allowedModes!: readonly string[];

  @ApiProperty({ type: 'integer', example: 120 })
  invitationTtlSeconds!: number;

  @ApiProperty({ type: 'integer', example: 120 })
  joinTimeoutSeconds!: number;

  @ApiProperty({ type: 'integer', example: 14_400 })
  sessionLimitSeconds!: number;

  @ApiProperty({ type: 'integer', example: 1200 })
  codeTtlSeconds!: number;

  @ApiProperty({ type: 'integer', example: 1200 })
  requestTtlSeconds!: number;

  @ApiProperty({ enum: CONSENTS, example: 'always' })
  consent!: string;

  @ApiProperty({ type: [String], example: ['https://shop.example'] })
  allowedOrigins!: readonly string[];

  @ApiProperty({ enum: AGENT_ID_FORMS, example: 'uuid' })
  agentIdForm!: string;

  @ApiProperty()
  liveperson!: LivePersonView;

  @ApiProperty({ type: [CallbackView] })
  callbacks!: CallbackView[];
}

/** Callback secrets that the bridge has made for this very answer. */
export type Shown = Pick<Set<string>, 'has'>;

/** No secret is in it but those of `shown`. */
export function settingsView(settings: Settings, shown: Shown): SettingsView {
  const { defaultMode, allowedModes, invitationTtlSeconds, joinTimeoutSeconds, sessionLimitSeconds } = settings;
  const { codeTtlSeconds, requestTtlSeconds, consent, allowedOrigins, agentIdForm, liveperson } = settings;
  const callbacks = settings.callbacks.map(({ url, events, secret }) => ({
    url,
    ...(events && { events }),
    ...(shown.has(secret) && { secret }),
  }));
  const plain = { defaultMode, allowedModes, invitationTtlSeconds, joinTimeoutSeconds, sessionLimitSeconds };
  const requests = { codeTtlSeconds, requestTtlSeconds, consent };
  return { ...plain, ...requests, allowedOrigins, agentIdForm, liveperson: livePersonView(liveperson), callbacks };
}

const livePersonView = ({ appSecret, stream }: Settings['liveperson']): LivePersonView => ({
  appSecretSet: appSecret !== undefined,
  stream: stream ? { kind: stream.kind, login: stream.kind === 'brand' ? loginOf(stream) : null } : null,
});
