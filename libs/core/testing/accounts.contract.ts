import {
  type Account,
  type AccountRecords,
  type Accounts,
  DEFAULT_SETTINGS,
  type NewPlatformKey,
  type Settings,
  platformKeyHash,
} from '#libs/core';

interface Opened {
  records: AccountRecords;
  accounts: Accounts;
}

/** What every implementation of `AccountRecords`, and of `Accounts` beside it, promises. `open` gives them over one place. */
export function promisesOfAccounts(open: () => Promise<Opened>): void {
  let records: AccountRecords;
  let accounts: Accounts;
  let count = 0;
  let account: Omit<Account, 'createdAt'>;

  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    allowedModes: ['view', 'follow'],
    allowedOrigins: ['https://shop.example'],
    liveperson: { appSecret: 'an app secret' },
    callbacks: [
      { url: 'https://shop.example/a', events: ['session.closed'], secret: 'whsec_one' },
      { url: 'https://shop.example/b', secret: 'whsec_two' },
    ],
  };
  const key = (name: string): NewPlatformKey => ({ id: `${count}-${name}`, hash: platformKeyHash(secret(name)) });
  const secret = (name: string): string => `cbk_${count}_${name}`;

  beforeAll(async () => {
    ({ records, accounts } = await open());
  });

  beforeEach(() => {
    count += 1;
    account = { id: `account-${count}`, name: 'Shop', settings };
  });

  it('gives back what was created, with its first key', async () => {
    const created = await records.create(account, key('first'));
    expect(created).toEqual({
      ...account,
      createdAt: expect.any(Number),
      keys: [{ id: key('first').id, createdAt: expect.any(Number), lastUsedAt: null }],
    });
    expect(await records.read(account.id)).toEqual(created);
    expect(await records.list()).toContainEqual(created);
    expect(await accounts.find(account.id)).toEqual({ ...account, createdAt: created?.createdAt });
  });

  it('creates an id once, and leaves the first as it is', async () => {
    const answers = await Promise.all([
      records.create(account, key('first')),
      records.create({ ...account, name: 'Other' }, key('second')),
    ]);
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect((await records.read(account.id))?.keys).toHaveLength(1);
    expect(await records.read(account.id)).toEqual(answers.find((answer) => answer !== null));
  });

  it('lists by id', async () => {
    await records.create({ ...account, id: `${account.id}-b` }, key('b'));
    await records.create({ ...account, id: `${account.id}-a` }, key('a'));
    const ids = (await records.list()).map(({ id }) => id).filter((id) => id.startsWith(`${account.id}-`));
    expect(ids).toEqual([`${account.id}-a`, `${account.id}-b`]);
  });

  it('knows nothing of an account that is not there', async () => {
    expect(await records.read('nobody')).toBeNull();
    expect(await accounts.find('nobody')).toBeNull();
    expect(await records.update('nobody', (before) => before)).toBeNull();
    expect(await records.addKey('nobody', key('x'))).toBeNull();
    expect(await records.revokeKey('nobody', 'x')).toBe(false);
    expect(await records.delete('nobody')).toBe(false);
  });

  it('shows a change to everybody at once', async () => {
    const created = await records.create(account, key('first'));
    await accounts.find(account.id);
    const changed = await records.update(account.id, (before) => ({
      name: 'Renamed',
      settings: { ...before.settings, liveperson: {}, callbacks: [] },
    }));
    expect(changed).toEqual({ ...created, name: 'Renamed', settings: { ...settings, liveperson: {}, callbacks: [] } });
    expect(await accounts.find(account.id)).toEqual({
      id: account.id,
      name: 'Renamed',
      settings: { ...settings, liveperson: {}, callbacks: [] },
      createdAt: created?.createdAt,
    });
  });

  it('loses no change when many are made at once', async () => {
    await records.create(account, key('first'));
    const origins = Array.from({ length: 8 }, (_, i) => `https://${i}.example`);
    await Promise.all(
      origins.map((origin) =>
        records.update(account.id, ({ name, settings: s }) => ({
          name,
          settings: { ...s, allowedOrigins: [...s.allowedOrigins, origin] },
        })),
      ),
    );
    expect((await records.read(account.id))?.settings.allowedOrigins.toSorted()).toEqual([...origins, 'https://shop.example'].toSorted());
  });

  it('changes nothing when the change throws, and passes its error on', async () => {
    const created = await records.create(account, key('first'));
    const refused = records.update(account.id, () => {
      throw new RangeError('no');
    });
    await expect(refused).rejects.toThrow(new RangeError('no'));
    expect(await accounts.find(account.id)).toEqual({ ...account, createdAt: created?.createdAt });
  });

  it('lets in by each of its keys until the key is revoked', async () => {
    await records.create(account, key('first'));
    expect(await records.addKey(account.id, key('second'))).toEqual({
      id: key('second').id,
      createdAt: expect.any(Number),
      lastUsedAt: null,
    });
    expect((await records.read(account.id))?.keys.map(({ id }) => id)).toEqual([key('first').id, key('second').id]);
    expect(await accounts.authenticate(secret('first'))).toEqual({ accountId: account.id, keyId: key('first').id });
    expect(await accounts.authenticate(secret('second'))).toEqual({ accountId: account.id, keyId: key('second').id });

    expect(await records.revokeKey(account.id, key('first').id)).toBe(true);
    expect(await records.revokeKey(account.id, key('first').id)).toBe(false);
    expect(await accounts.authenticate(secret('first'))).toBeNull();
    expect(await accounts.authenticate(secret('second'))).not.toBeNull();
    expect((await records.read(account.id))?.keys.map(({ id }) => id)).toEqual([key('second').id]);
  });

  it("revokes no other account's key", async () => {
    await records.create(account, key('first'));
    await records.create({ ...account, id: `${account.id}-other` }, key('other'));
    expect(await records.revokeKey(account.id, key('other').id)).toBe(false);
    expect(await accounts.authenticate(secret('other'))).not.toBeNull();
  });

  it('deletes an account with its keys, and its id is free again, for an account that is another', async () => {
    const created = await records.create(account, key('first'));
    await accounts.authenticate(secret('first'));
    expect(await records.delete(account.id)).toBe(true);
    expect(await records.read(account.id)).toBeNull();
    expect(await accounts.find(account.id)).toBeNull();
    expect(await accounts.authenticate(secret('first'))).toBeNull();
    const later = await records.create(account, key('second'));
    expect(later?.createdAt).toBeGreaterThan(created?.createdAt ?? Infinity);
    expect((await accounts.find(account.id))?.createdAt).toBe(later?.createdAt);
  });
}
