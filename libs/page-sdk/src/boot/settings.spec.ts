import type { StartOptions } from '../types.ts';
import type { LazyFiles } from './lazy-files.ts';
import { readSettings } from './settings.ts';

const HOME = 'https://bridge.example';
const read = (options: unknown, home: string | undefined = HOME) =>
  readSettings(options as StartOptions, { home, nonce: 'of-the-script', files: {} as LazyFiles });

describe('start()', () => {
  it('needs a token and nothing else in a page that got the script from the bridge', async () => {
    const settings = read({ token: 'abc' });
    expect(settings).toMatchObject({
      renewable: false,
      card: true,
      dialects: ['liveperson'],
      locale: undefined,
      texts: {},
      nonce: 'of-the-script',
    });
    expect(settings.url.href).toBe('https://bridge.example/');
    await expect(settings.getToken()).resolves.toBe('abc');
  });

  it.each([
    ['getToken', async () => 'fresh'],
    ['getToken that is not asynchronous', () => 'fresh'],
  ])('takes %s, and prefers it to a token that grows old', async (_, getToken) => {
    const settings = read({ token: 'old', getToken });
    await expect(settings.getToken()).resolves.toBe('fresh');
    expect(settings.renewable).toBe(true);
  });

  it('takes texts and a nonce of the page', () => {
    expect(read({ token: 'abc', texts: { title: 'Hello?' }, nonce: 'own' })).toMatchObject({ texts: { title: 'Hello?' }, nonce: 'own' });
  });

  it('knows every dialect by its name, and speaks only the one of LivePerson unasked', () => {
    const dialects = ['liveperson', 'fullview', 'cobrowseio'];
    expect(read({ token: 'abc', dialects }).dialects).toEqual(dialects);
  });

  it.each([
    ['unknown ones', { titel: 'x', title: 'y', toString: 'z' }, 'titel, toString'],
    ['those that are no strings', { title: 5, accept: () => 'Yes', end: 'Stop' }, 'title, accept'],
  ])('refuses texts and names %s', (_, texts, named) => {
    expect(() => read({ token: 'abc', texts })).toThrow(
      expect.objectContaining({ code: 'bad_request', message: expect.stringContaining(`: ${named}.`) }),
    );
  });

  it.each([
    ['nothing', async () => undefined],
    ['an empty string', async () => ''],
    ['something else', async () => ({ token: 'abc' })],
    [
      'an exception',
      () => {
        throw new Error('of the page');
      },
    ],
  ])('notices that getToken gives %s', async (_, getToken) => {
    await expect(read({ getToken }).getToken()).rejects.toThrow(/A page token is a string|of the page/);
  });

  it('takes the bridge of the options before that of the script, under a path too', () => {
    expect(read({ token: 'abc', url: 'http://127.0.0.1:3000/bridge' }).url.href).toBe('http://127.0.0.1:3000/bridge');
  });

  it.each([
    ['no options', undefined, HOME, 'bad_request'],
    ['null', null, HOME, 'bad_request'],
    ['no token', {}, HOME, 'token_missing'],
    ['an empty token', { token: '' }, HOME, 'token_missing'],
    ['a token that is no text', { token: 5 }, HOME, 'token_missing'],
    ['no address', { token: 'abc' }, '', 'bad_request'],
    ['an address that is none', { token: 'abc', url: 'bridge.example' }, HOME, 'bad_request'],
    ['an address of another kind', { token: 'abc', url: 'javascript:alert(1)' }, HOME, 'bad_request'],
    ['another ui', { token: 'abc', ui: 'popup' }, HOME, 'bad_request'],
    ['texts that are no object', { token: 'abc', texts: 'Hello?' }, HOME, 'bad_request'],
    ['a dialect that is not a list', { token: 'abc', dialects: 'liveperson' }, HOME, 'bad_request'],
    ['a dialect that it does not speak', { token: 'abc', dialects: ['klingon'] }, HOME, 'bad_request'],
  ])('refuses %s', (_, options, home, code) => {
    expect(() => read(options, home)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(/\.$/) }));
  });

  it('never repeats a token in what it says', () => {
    expect(() => read({ token: 'secret', ui: 'popup' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
