import { SignJWT } from 'jose';
import { type Account, Accounts, DEFAULT_SETTINGS } from '#libs/core';
import { CONNECT_CODES } from '#libs/protocol';
import { Handshake } from './handshake.ts';
import { PageTokens } from './page-tokens.ts';

const SECRET = new Uint8Array(32).fill(1);
const tokens = new PageTokens(SECRET);
const ACME = { id: 'acme', createdAt: Date.UTC(2026, 10, 21, 10) };

class OneAccount extends Accounts {
  async find(id: string): Promise<Account | null> {
    return id === 'acme' ? { ...ACME, name: 'Acme', settings: { ...DEFAULT_SETTINGS, allowedOrigins: ['https://shop.example'] } } : null;
  }

  async authenticate(): Promise<null> {
    return null;
  }
}

const handshake = new Handshake(tokens, new OneAccount(), { ownOrigins: ['http://localhost:3000'] });
const code = (knock: Partial<Parameters<Handshake['admit']>[0]>): Promise<string> =>
  handshake.admit({ auth: {}, origin: undefined, ...knock }).then(
    () => 'admitted',
    (error: unknown) => (error as { code: string }).code,
  );

describe('a page that connects', () => {
  let token: string;
  beforeAll(async () => {
    ({ token } = await tokens.sign(ACME, 'visitor-1', 60));
  });

  it('is known by its token', async () => {
    const visit = await handshake.admit({
      auth: { token, protocol: 1, page: { id: 'tab-1', url: 'https://shop.example/', title: 'Shop', visible: true } },
      origin: 'https://shop.example',
    });
    expect(visit).toMatchObject({ accountId: 'acme', visitorId: 'visitor-1', page: 'page:tab-1' });
  });

  it('without an id of its own is a page of its own each time', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => handshake.admit({ auth: { token, protocol: 1 }, origin: undefined })));
    expect(one?.page).not.toBe(other?.page);
  });

  it.each([
    ['no token', {}, 'token_missing'],
    ['a token that is no text', { token: { a: 1 } }, 'token_missing'],
    ['a token of another maker', { token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA' }, 'token_invalid'],
    ['an endless token', { token: 'x'.repeat(100_000) }, 'token_invalid'],
  ])('with %s is refused', async (_, auth, expected) => {
    expect(await code({ auth: { protocol: 1, ...auth } })).toBe(expected);
    expect(CONNECT_CODES).toContain(expected);
  });

  it('with an expired token, or one for something else, is refused', async () => {
    const signed = (claims: (jwt: SignJWT) => SignJWT): Promise<string> =>
      claims(
        new SignJWT({ acc: ACME.id, since: ACME.createdAt })
          .setProtectedHeader({ alg: 'HS256' })
          .setSubject('v')
          .setAudience('cobridge:pages'),
      ).sign(SECRET);
    expect(await code({ auth: { protocol: 1, token: await signed((jwt) => jwt.setExpirationTime('1 minute ago')) } })).toBe(
      'token_expired',
    );
    expect(await code({ auth: { protocol: 1, token: await signed((jwt) => jwt) } })).toBe('token_invalid');
    expect(await code({ auth: { protocol: 1, token: await signed((jwt) => jwt.setAudience('another').setExpirationTime('1m')) } })).toBe(
      'token_invalid',
    );
  });

  it('of an account that is gone is refused', async () => {
    const { token: orphan } = await tokens.sign({ ...ACME, id: 'gone' }, 'visitor-1', 60);
    expect(await code({ auth: { token: orphan, protocol: 1 } })).toBe('token_invalid');
  });

  it('of an account that was deleted is refused by a later one of the same id', async () => {
    const { token: older } = await tokens.sign({ ...ACME, createdAt: ACME.createdAt - 1 }, 'visitor-1', 60);
    expect(await code({ auth: { token: older, protocol: 1 } })).toBe('token_invalid');
  });

  it.each([
    ['its own', 'http://localhost:3000', 'admitted'],
    ['one that is listed', 'https://shop.example', 'admitted'],
    ['none, as programs have', undefined, 'admitted'],
    ['a suffix', 'https://shop.example.evil.test', 'origin_not_allowed'],
    ['a prefix', 'https://evil-shop.example', 'origin_not_allowed'],
    ['another scheme', 'http://shop.example', 'origin_not_allowed'],
    ['another port', 'https://shop.example:444', 'origin_not_allowed'],
    ['another case', 'https://SHOP.example', 'origin_not_allowed'],
    ['user info', 'https://shop.example@evil.test', 'origin_not_allowed'],
    ['a path', 'https://shop.example/', 'origin_not_allowed'],
    ['null', 'null', 'origin_not_allowed'],
    ['nothing in it', '', 'origin_not_allowed'],
  ])('from an origin that is %s', async (_, origin, expected) => {
    expect(await code({ auth: { token, protocol: 1 }, origin })).toBe(expected);
  });

  it.each([
    ['tab'],
    [[]],
    [{ id: 7 }],
    [{ id: 'x'.repeat(65) }],
    [{ id: '\u0000' }],
    [{ id: '\ud800' }],
    [{ visible: 'yes' }],
    [{ colour: 'red' }],
  ])('that describes itself as %j is refused', async (page) => {
    expect(await code({ auth: { token, protocol: 1, page } })).toBe('bad_request');
  });

  it.each([[null], [{ url: `https://shop.example/?${'q'.repeat(5000)}` }], [{ title: null }], [{ title: 'x'.repeat(2000) }]])(
    'that describes itself as %j is let in, however long its address and title',
    async (page) => {
      expect(await code({ auth: { token, protocol: 1, page } })).toBe('admitted');
    },
  );

  it('that speaks another protocol is refused', async () => {
    expect(await code({ auth: { token, protocol: 2 } })).toBe('bad_request');
    expect(await code({ auth: { token } })).toBe('bad_request');
  });
});
