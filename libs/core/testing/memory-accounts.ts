import {
  Accounts,
  type Account,
  type AccountRecord,
  AccountRecords,
  type NewPlatformKey,
  type PlatformKeyRecord,
  platformKeyHash,
} from '#libs/core';

type Kept = Omit<AccountRecord, 'keys'> & { keys: (PlatformKeyRecord & { hash: string })[] };

/** Accounts in memory, as the admin and as everything else sees them. It passes the same suite as the real store. */
export class MemoryAccounts extends AccountRecords {
  private readonly kept = new Map<string, Kept>();
  private readonly endedAt = new Map<string, number>();

  constructor(public time = Date.UTC(2026, 10, 21, 10)) {
    super();
  }

  readonly asAccounts: Accounts = {
    find: async (accountId) => {
      const kept = this.kept.get(accountId);
      return kept ? accountOf(kept) : null;
    },
    authenticate: async (platformKey) => {
      const hash = platformKeyHash(platformKey);
      for (const { id: accountId, keys } of this.kept.values()) {
        const key = keys.find((k) => k.hash === hash);
        if (!key) continue;
        key.lastUsedAt = this.time;
        return { accountId, keyId: key.id };
      }
      return null;
    },
  };

  async list(): Promise<AccountRecord[]> {
    return [...this.kept.values()].map(record).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  async create(account: Omit<Account, 'createdAt'>, key: NewPlatformKey): Promise<AccountRecord | null> {
    if (this.kept.has(account.id)) return null;
    // Time goes on between an account and a later one of the same id.
    const createdAt = Math.max(this.time, this.endedAt.get(account.id) ?? 0);
    this.kept.set(account.id, structuredClone({ ...account, createdAt, keys: [{ ...key, createdAt, lastUsedAt: null }] }));
    return this.read(account.id);
  }

  async read(accountId: string): Promise<AccountRecord | null> {
    const kept = this.kept.get(accountId);
    return kept ? record(kept) : null;
  }

  async update(accountId: string, change: (account: Account) => Pick<Account, 'name' | 'settings'>): Promise<AccountRecord | null> {
    const kept = this.kept.get(accountId);
    if (!kept) return null;
    const { name, settings } = change(accountOf(kept));
    this.kept.set(accountId, structuredClone({ ...kept, name, settings }));
    return this.read(accountId);
  }

  async delete(accountId: string): Promise<boolean> {
    this.endedAt.set(accountId, (this.kept.get(accountId)?.createdAt ?? 0) + 1);
    return this.kept.delete(accountId);
  }

  async addKey(accountId: string, key: NewPlatformKey): Promise<PlatformKeyRecord | null> {
    const kept = this.kept.get(accountId);
    if (!kept) return null;
    kept.keys.push({ ...key, createdAt: this.time, lastUsedAt: null });
    return { id: key.id, createdAt: this.time, lastUsedAt: null };
  }

  async revokeKey(accountId: string, keyId: string): Promise<boolean> {
    const kept = this.kept.get(accountId);
    const left = kept?.keys.filter((key) => key.id !== keyId);
    if (!kept || !left || left.length === kept.keys.length) return false;
    kept.keys = left;
    return true;
  }
}

const accountOf = ({ keys: _keys, ...account }: Kept): Account => structuredClone(account);

const record = ({ keys, ...account }: Kept): AccountRecord => ({
  ...structuredClone(account),
  keys: keys.map(({ id, createdAt, lastUsedAt }) => ({ id, createdAt, lastUsedAt })),
});
