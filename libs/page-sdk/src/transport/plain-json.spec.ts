import { plainJson } from './plain-json.ts';

describe('What the SDK writes as JSON', () => {
  const spoil = (prototype: object) => Object.defineProperty(prototype, 'toJSON', { configurable: true, value: () => 'spoilt' });
  afterEach(() => {
    for (const { prototype } of [Object, Array, String, Number, Boolean]) delete (prototype as { toJSON?: unknown }).toJSON;
  });

  it('is what it is in a page that has another idea of it, which that page keeps', () => {
    for (const { prototype } of [Object, Array, String, Number, Boolean]) spoil(prototype);
    const value = ['accept', { sessionId: 'ses_1', number: 1, yes: true }];
    expect(plainJson(() => JSON.stringify(value))).toBe('["accept",{"sessionId":"ses_1","number":1,"yes":true}]');
    expect(JSON.stringify(value)).toBe('"spoilt"');
  });

  it('leaves the page as it was when the work fails', () => {
    spoil(Array.prototype);
    expect(() =>
      plainJson(() => {
        throw new Error('of the work');
      }),
    ).toThrow('of the work');
    expect(JSON.stringify([])).toBe('"spoilt"');
  });
});
