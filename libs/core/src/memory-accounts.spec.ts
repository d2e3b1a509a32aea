import { promisesOfAccounts } from '../testing/accounts.contract.ts';
import { MemoryAccounts } from '../testing/memory-accounts.ts';

describe('accounts in memory', () => {
  promisesOfAccounts(async () => {
    const records = new MemoryAccounts();
    return { records, accounts: records.asAccounts };
  });
});
