import fc from 'fast-check';
import { exactOrigin } from './origin.ts';

describe('an origin', () => {
  it.each([
    ['https://shop.example', 'https://shop.example'],
    ['https://shop.example/', 'https://shop.example'],
    ['HTTPS://Shop.Example:443', 'https://shop.example'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://localhost:80', 'http://localhost'],
    ['https://[::1]:8443', 'https://[::1]:8443'],
    ['https://b\u00fccher.example', 'https://xn--bcher-kva.example'],
  ])('%s is %s', (text, origin) => {
    expect(exactOrigin(text)).toBe(origin);
  });

  it.each([
    'shop.example',
    'null',
    '*',
    '',
    'https://',
    'https://*',
    'https://*.shop.example',
    'https://\uff0a.shop.example',
    'https://shop.example/cart',
    'https://shop.example//',
    'https://shop.example?',
    'https://shop.example#top',
    'https://ada@shop.example',
    'https://shop.example:99999',
    'https://shop .example',
    'https://shop.example\n',
    'https:\\\\shop.example',
    'https:shop.example',
    'ftp://shop.example',
    'file:///etc/passwd',
    'javascript:alert(1)',
    `https://${'a'.repeat(300)}.example`,
    42,
    null,
    ['https://shop.example'],
  ])('%j is none', (text) => {
    expect(exactOrigin(text)).toBeNull();
  });

  it('is what a browser would send for any address there', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true }), (address) => {
        const { origin } = new URL(address);
        expect(exactOrigin(origin)).toBe(origin);
      }),
    );
  });

  it('is null or an origin, for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }).map((s) => `https://${s}`),
        ),
        (text) => {
          const origin = exactOrigin(text);
          expect(origin === null || origin === new URL(text).origin).toBe(true);
        },
      ),
    );
  });
});
