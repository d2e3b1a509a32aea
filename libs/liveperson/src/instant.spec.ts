import fc from 'fast-check';
import { readInstant } from './instant.ts';

describe("a time on LivePerson's wire", () => {
  it.each([
    ['seconds in Java notation, as raw JSON', JSON.parse('1.502893131855E9'), 1502893131855],
    ['seconds with a fraction', 1763712120.44, 1763712120440],
    ['whole seconds', 1763712120, 1763712120000],
    ['milliseconds', 1763712120440, 1763712120440],
    ['milliseconds in Java notation', JSON.parse('1.76371212044E12'), 1763712120440],
    ['seconds as text', '1763712120.44', 1763712120440],
    ['seconds in Java notation as text', '1.502893131855E9', 1502893131855],
    ['milliseconds as text', ' 1763712120440 ', 1763712120440],
  ])('%s', (_name, told, instant) => expect(readInstant(told)).toBe(instant));

  it.each([
    ['missing', undefined],
    ['null', null],
    ['zero', 0],
    ['zero as text', '0'],
    ['negative', -1],
    ['less than half a millisecond', 0.0004],
    ['NaN', NaN],
    ['"NaN"', 'NaN'],
    ['infinite', Infinity],
    ['"Infinity"', 'Infinity'],
    ['too large for JSON', JSON.parse('1E400')],
    ['after the year 9999', 1e17],
    ['empty text', ''],
    ['blank text', '  '],
    ['other text', 'soon'],
    ['an ISO date', '2026-11-21T10:00:00Z'],
    ['endless text', '1'.repeat(1_000_000)],
    ['a boolean', true],
    ['a list', [1763712120]],
    ['an object', { valueOf: () => 1763712120 }],
  ])('is none when it is %s', (_name, told) => expect(readInstant(told)).toBeNull());

  it('is exact to the millisecond, whether seconds or milliseconds, number or text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e12, max: 4e12 }), (ms) => {
        for (const told of [ms, ms / 1000, String(ms), String(ms / 1000), (ms / 1000).toExponential()]) expect(readInstant(told)).toBe(ms);
      }),
    );
  });

  it('is null or has an ordinary ISO form', () => {
    fc.assert(
      fc.property(fc.anything(), (told) => {
        const instant = readInstant(told);
        expect(instant === null || /^\d{4}-/.test(new Date(instant).toISOString())).toBe(true);
      }),
    );
  });
});
