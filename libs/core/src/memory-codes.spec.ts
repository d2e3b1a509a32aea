import { promisesOfCodes } from '../testing/codes.contract.ts';
import { MemoryCodes } from '../testing/memory-codes.ts';

describe('codes in memory', () => {
  promisesOfCodes(async () => new MemoryCodes(['one', 'two']));
});
