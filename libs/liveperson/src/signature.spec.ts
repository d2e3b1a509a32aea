import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isSigned } from './signature.ts';

const SECRET = 'app-secret-with-ümlaut';
const ALGORITHMS = ['sha1', 'sha256'] as const;
const ENCODINGS = ['base64', 'hex'] as const;

const sign = (raw: Buffer, algorithm = 'sha1', encoding: 'base64' | 'hex' = 'base64', secret = SECRET): string =>
  `${algorithm}=${createHmac(algorithm, Buffer.from(secret, 'utf8')).update(raw).digest(encoding)}`;

describe('the signature of a LivePerson webhook', () => {
  it('agrees with the published test vectors of HMAC (RFC 2202 case 2, RFC 4231 case 2)', () => {
    const raw = Buffer.from('what do ya want for nothing?');
    expect(isSigned(raw, 'sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79', 'Jefe')).toBe(true);
    expect(isSigned(raw, 'sha1=7/zfauXrL6LSdBbV8YTfnCWafHk=', 'Jefe')).toBe(true);
    expect(isSigned(raw, 'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'Jefe')).toBe(true);
  });

  const bodies = {
    'a double in Java notation': '{"metaData":{"expires":1.502893131855E9}}',
    emoji: '{"message":"see you 👋🏽 – ça va?"}',
    'escaped slashes': String.raw`{"callLink":"https:\/\/example.com\/join\u0020me"}`,
    'unusual whitespace': '{ "kind" :\t"notification"\r\n}\n',
    nothing: '',
  };

  it.each(Object.entries(bodies))('is made over the raw bytes: %s', (_name, body) => {
    const raw = Buffer.from(body);
    for (const algorithm of ALGORITHMS)
      for (const encoding of ENCODINGS) expect(isSigned(raw, sign(raw, algorithm, encoding), SECRET)).toBe(true);
  });

  it('does not hold for the same JSON written again', () => {
    const raw = Buffer.from(bodies['a double in Java notation']);
    expect(isSigned(Buffer.from(JSON.stringify(JSON.parse(raw.toString()))), sign(raw), SECRET)).toBe(false);
  });

  it('holds for every body, secret, algorithm and encoding, and for no other body or secret', () => {
    const some = fc.uint8Array({ maxLength: 200 });
    const secret = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(some, some, secret, fc.constantFrom(...ALGORITHMS), fc.constantFrom(...ENCODINGS), (a, b, key, algorithm, encoding) => {
        const [raw, other] = [Buffer.from(a), Buffer.from(b)];
        const signature = sign(raw, algorithm, encoding, key);
        expect(isSigned(raw, signature, key)).toBe(true);
        expect(isSigned(other, signature, key)).toBe(raw.equals(other));
        expect(isSigned(raw, signature, `${key}.`)).toBe(false);
      }),
    );
  });

  it('does not hold with a single character changed', () => {
    const raw = Buffer.from('{}');
    for (const encoding of ENCODINGS) {
      const good = sign(raw, 'sha256', encoding);
      for (let at = 0; at < good.length; at++) {
        const changed = good.slice(0, at) + (good[at] === 'b' ? 'c' : 'b') + good.slice(at + 1);
        expect({ at, held: isSigned(raw, changed, SECRET) }).toEqual({ at, held: false });
      }
    }
  });

  it('takes hexadecimal in capitals', () => {
    const raw = Buffer.from('{}');
    expect(isSigned(raw, sign(raw, 'sha256', 'hex').toUpperCase().replace('SHA256', 'sha256'), SECRET)).toBe(true);
  });

  const raw = Buffer.from('{}');
  const good = sign(raw);
  const refused: [string, string | string[] | undefined][] = [
    ['a missing header', undefined],
    ['an empty one', ''],
    ['no prefix', good.slice(5)],
    ['a prefix in capitals', good.replace('sha1', 'SHA1')],
    ['another algorithm', good.replace('sha1', 'md5')],
    ["another algorithm's prefix", good.replace('sha1', 'sha256')],
    ['a doubled header, joined by the server', `${good}, ${good}`],
    ['a doubled header, as a list', [good, good]],
    ['an empty list', []],
    ['padding left out', good.replace(/=$/, '')],
    ['more padding', `${good}=`],
    ['base64 for addresses', 'sha1=-__-----------------------='],
    ['space around it', ` ${good} `],
    ['a line break after it', `${good}\n`],
    ['a very long one', `sha1=${'A'.repeat(1_000_000)}`],
  ];
  it.each(refused)('refuses %s', (_name, header) => expect(isSigned(raw, header, SECRET)).toBe(false));

  it('takes a list of one', () => expect(isSigned(raw, [good], SECRET)).toBe(true));

  it('never holds for an account without a secret', () => {
    for (const none of [undefined, ''])
      expect(isSigned(raw, `sha1=${createHmac('sha1', '').update(raw).digest('base64')}`, none)).toBe(false);
  });

  it('never throws, whatever the header', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.string()),
          fc.string().map((s) => `sha1=${s}`),
        ),
        (header) => !isSigned(raw, header, SECRET),
      ),
    );
  });
});
