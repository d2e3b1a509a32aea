import type { Codes } from '#libs/core';

/** What every implementation of `Codes` promises. `open` gives it with two accounts, `one` and `two`. */
export function promisesOfCodes(open: () => Promise<Codes>): void {
  let codes: Codes;

  beforeAll(async () => {
    codes = await open();
  });

  it('gives six digits, another for each request of an account', async () => {
    const given = await Promise.all(Array.from({ length: 20 }, (_, i) => codes.issue('one', `ses_${i}`, 60)));
    expect(given.every((code) => /^\d{6}$/.test(code ?? ''))).toBe(true);
    expect(new Set(given).size).toBe(20);
  });

  it('finds the session that a code was made for, in its own account only', async () => {
    const code = (await codes.issue('one', 'ses_a', 60))!;
    expect(await codes.find('one', code)).toBe('ses_a');
    expect(await codes.find('two', code)).not.toBe('ses_a');
    expect(await codes.find('nobody', code)).toBeNull();
  });

  it('gives none to an account that is not there', async () => {
    expect(await codes.issue('nobody', 'ses_b', 60)).toBeNull();
  });
}
