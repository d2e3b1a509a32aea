import { makeCalls } from './kept-calls.ts';

describe('Calls that were kept while the script was on its way', () => {
  it('are made in order, also those that they add, and from then on at once', () => {
    const made: string[] = [];
    const calls: ((name: string) => unknown)[] = [
      (name) => (made.push(`${name} 1`), calls.push(() => made.push('3'))),
      () => made.push('2'),
    ];
    makeCalls(calls, 'Cobridge');
    expect(made).toEqual(['Cobridge 1', '2', '3']);
    calls.push((name) => made.push(`${name} 4`));
    expect(made.at(-1)).toBe('Cobridge 4');
  });

  it('do not keep each other from being made when one throws', () => {
    const complaints = jest.spyOn(console, 'error').mockImplementation(() => {});
    const made: string[] = [];
    const broken = () => {
      throw new Error('of the page');
    };
    makeCalls([broken, () => made.push('second'), 'no call'], {});
    expect([made, complaints.mock.calls.length]).toEqual([['second'], 2]);
    complaints.mockRestore();
  });

  it.each([undefined, null, 5, {}, 'calls'])('are none in %j', (calls) => {
    expect(() => makeCalls(calls, {})).not.toThrow();
  });
});
