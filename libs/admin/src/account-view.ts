import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { AccountRecord, PlatformKeyRecord } from '#libs/core';
import { SettingsView, type Shown, settingsView } from './settings-view.ts';

@ApiSchema({ name: 'PlatformKeyInfo', description: 'A platform key, without the key itself.' })
class KeyView {
  @ApiProperty({ example: '5f2b0c9d7e1a4836' })
  id!: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-21T10:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'May lag by minutes.', example: null })
  lastUsedAt!: string | null;
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

  static of({ id, name, createdAt, keys, settings }: AccountRecord, shown: Shown = new Set()): AccountView {
    return { id, name, createdAt: iso(createdAt), settings: settingsView(settings, shown), keys: keys.map(keyView) };
  }
}

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
