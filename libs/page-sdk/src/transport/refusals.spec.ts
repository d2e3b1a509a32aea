import { CONNECT_CODES } from '#libs/protocol';
import { advice, refusalCode } from './refusals.ts';

describe('A refusal of the bridge', () => {
  it.each(CONNECT_CODES)('%s tells the page author what to do', (code) => {
    expect(refusalCode({ code })).toBe(code);
    expect(advice(code, 'https://shop.example')).toMatch(/^[A-Z].*\.$/);
  });

  it('tells a page without an origin that it is not an origin which is missing in the settings', () => {
    expect(advice('origin_not_allowed', 'null')).toContain('allow-same-origin');
    expect(advice('token_expired', 'null')).toBe(advice('token_expired', 'https://shop.example'));
  });

  it.each([undefined, null, 'x', {}, { code: 5 }, { code: 'toString' }, { code: 'another' }])(
    'is taken for something that passes when it says %j',
    (data) => {
      expect(refusalCode(data)).toBe('unavailable');
    },
  );
});
