import { javaDouble, wireJson } from './wire-json.ts';

describe("LivePerson's JSON", () => {
  it.each([
    [1763712120.44, '1.76371212044E9'],
    [1763712000, '1.763712E9'],
    [1000000000, '1.0E9'],
    [9999999.5, '9999999.5'],
    [10000000, '1.0E7'],
    [90, '90.0'],
    [0, '0.0'],
    [-1, '-1.0'],
    [0.0001, '1.0E-4'],
  ])('writes %d as the double %s', (number, text) => {
    expect(javaDouble(number)).toBe(text);
    expect(Number(text)).toBe(number);
  });

  it('writes only expires so, and the rest as usual', () => {
    const value = { expires: 1763712120.44, startTs: 1763712000440, 'say "it"': ['é', null, undefined, { gone: undefined }], ok: true };
    expect(wireJson(value)).toBe('{"expires":1.76371212044E9,"startTs":1763712000440,"say \\"it\\"":["é",null,null,{}],"ok":true}');
    expect(wireJson(value, false)).toBe(JSON.stringify(value));
    expect(wireJson({ expires: 'soon' })).toBe('{"expires":"soon"}');
  });
});
