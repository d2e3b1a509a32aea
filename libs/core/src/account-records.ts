import type { Account } from './account.ts';
import type { Instant } from './session.ts';

/** A platform key as it is kept: never the key itself. `hash` is `platformKeyHash` of the whole key. */
export interface NewPlatformKey {
  id: string;
  hash: string;
}

export interface PlatformKeyRecord {
  id: string;
  createdAt: Instant;
  /** May lag by minutes; null when it was never used. */
  lastUsedAt: Instant | null;
}

/** An account as its admin manages it. `keys` are those not revoked, oldest first. */
export interface AccountRecord extends Account {
  keys: readonly PlatformKeyRecord[];
}

/** Accounts as the admin manages them. Settings go in and come out complete and with secrets in clear; they are encrypted at rest. */
export abstract class AccountRecords {
  /** All of them, by id. */
  abstract list(): Promise<AccountRecord[]>;
  /** The new account with its first key; null when the id is taken. */
  abstract create(account: Omit<Account, 'createdAt'>, key: NewPlatformKey): Promise<AccountRecord | null>;
  abstract read(accountId: string): Promise<AccountRecord | null>;
  /**
   * Reads, changes and writes as one, so that of two admins neither undoes the other. `change` is pure and may be called again;
   * when it throws, nothing is written and its error is passed on. Null when there is no such account.
   */
  abstract update(accountId: string, change: (account: Account) => Pick<Account, 'name' | 'settings'>): Promise<AccountRecord | null>;
  /** With its keys, sessions and history, and with what is just being written of it. False when there was no such account. */
  abstract delete(accountId: string): Promise<boolean>;
  /** Null when there is no such account. */
  abstract addKey(accountId: string, key: NewPlatformKey): Promise<PlatformKeyRecord | null>;
  /** From then on it lets nobody in. False when the account has no such key, or no longer. */
  abstract revokeKey(accountId: string, keyId: string): Promise<boolean>;
}
