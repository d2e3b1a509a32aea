import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { type AccountRecord, AGENT_ID_FORMS, CONSENTS, MODES, type PlatformKeyRecord, STATUSES } from '#libs/core';
import { loginOf } from './stream.dto.ts';

@ApiSchema({ name: 'PlatformKeyInfo', description: 'A platform key, without the key itself.' })
class KeyView {
  @ApiProperty({ example: '5f2b0c9d7e1a4836' })
  id!: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-21T10:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'May lag by minutes.', example: null })
  lastUsedAt!: string | null;
}

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

@ApiSchema({ name: 'Settings' })
class SettingsView {
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

/** An account as its admin sees it: no secret is in it but those of `shown`, made for this very answer. */
@ApiSchema({ name: 'Account' })
export class AccountView {
  @ApiProperty({ example: '12345678' })
  id!: string;

  @ApiProperty({ example: 'Shop Example' })
  name!: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-21T10:00:00.000Z' })
  createdAt!: string;

  @ApiProperty()
  settings!: SettingsView;

  @ApiProperty({ type: [KeyView], description: 'Those not revoked, oldest first.' })
  keys!: KeyView[];

  static of({ id, name, createdAt, keys, settings }: AccountRecord, shown: Pick<Set<string>, 'has'> = new Set()): AccountView {
    const { defaultMode, allowedModes, invitationTtlSeconds, joinTimeoutSeconds, sessionLimitSeconds } = settings;
    const { codeTtlSeconds, requestTtlSeconds, consent, allowedOrigins, agentIdForm, liveperson } = settings;
    const callbacks = settings.callbacks.map(({ url, events, secret }) => ({
      url,
      ...(events && { events }),
      ...(shown.has(secret) && { secret }),
    }));
    const plain = { defaultMode, allowedModes, invitationTtlSeconds, joinTimeoutSeconds, sessionLimitSeconds };
    const requests = { codeTtlSeconds, requestTtlSeconds, consent };
    const edges = { allowedOrigins, agentIdForm, liveperson: livePersonView(liveperson), callbacks };
    return { id, name, createdAt: iso(createdAt), settings: { ...plain, ...requests, ...edges }, keys: keys.map(keyView) };
  }
}

const livePersonView = ({ appSecret, stream }: AccountRecord['settings']['liveperson']): LivePersonView => ({
  appSecretSet: appSecret !== undefined,
  stream: stream ? { kind: stream.kind, login: stream.kind === 'brand' ? loginOf(stream) : null } : null,
});

const keyView = ({ id, createdAt, lastUsedAt }: PlatformKeyRecord): KeyView => ({
  id,
  createdAt: iso(createdAt),
  lastUsedAt: lastUsedAt === null ? null : iso(lastUsedAt),
});

const iso = (instant: number): string => new Date(instant).toISOString();

@ApiSchema({ name: 'AccountList' })
export class AccountList {
  @ApiProperty({ type: [AccountView] })
  items!: AccountView[];
}

@ApiSchema({ name: 'CreatedAccount' })
export class CreatedAccount {
  @ApiProperty()
  account!: AccountView;

  @ApiProperty({ description: 'Shown this once.', example: 'cbk_5f2b0c9d7e1a4836_…' })
  platformKey!: string;
}

@ApiSchema({ name: 'CreatedKey' })
export class CreatedKey {
  @ApiProperty({ example: '5f2b0c9d7e1a4836' })
  id!: string;

  @ApiProperty({ description: 'Shown this once.', example: 'cbk_5f2b0c9d7e1a4836_…' })
  platformKey!: string;
}
