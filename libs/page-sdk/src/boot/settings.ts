import { BridgeError } from '../domain/bridge-error.ts';
import type { Dialect, StartOptions } from '../types.ts';

/** What the SDK uses, made of what the page's author wrote. */
export interface Settings {
  url: URL;
  getToken: () => Promise<string>;
  /** Whether `getToken` can give another token than the last. */
  renewable: boolean;
  card: boolean;
  dialects: readonly Dialect[];
  locale: string | undefined;
}

const KNOWN_DIALECTS: readonly Dialect[] = ['liveperson'];

/** Throws a `BridgeError` that says what is wrong. `home` is the bridge that the script came from, if it is known. */
export function readSettings(options: StartOptions, home: string | undefined): Settings {
  if (typeof options !== 'object' || options === null) throw wrong('start() needs options: { token } or { getToken }.');
  const { token, getToken, url = home, ui = 'card', dialects = KNOWN_DIALECTS, locale } = options;
  if (typeof getToken !== 'function' && !isToken(token)) {
    throw new BridgeError('token_missing', 'Pass `token`, or `getToken` that fetches one, to start().');
  }
  if (ui !== 'card' && ui !== 'none') throw wrong("`ui` is 'card' or 'none'.");
  if (!Array.isArray(dialects) || !dialects.every((dialect: Dialect) => KNOWN_DIALECTS.includes(dialect))) {
    throw wrong(`\`dialects\` is a list of: ${KNOWN_DIALECTS.join(', ')}.`);
  }
  return {
    url: readUrl(url),
    getToken: typeof getToken === 'function' ? async () => checked(await getToken()) : async () => checked(token),
    renewable: typeof getToken === 'function',
    card: ui === 'card',
    dialects,
    locale: typeof locale === 'string' ? locale : undefined,
  };
}

function readUrl(url: string | undefined): URL {
  try {
    const read = new URL(String(url));
    if (read.protocol === 'https:' || read.protocol === 'http:') return read;
  } catch {
    // Said below, like every other address that is none.
  }
  throw wrong('Pass `url`, the address of your bridge such as https://bridge.example, to start().');
}

const isToken = (token: unknown): token is string => typeof token === 'string' && token !== '';

function checked(token: unknown): string {
  if (!isToken(token)) throw wrong('A page token is a string.');
  return token;
}

const wrong = (message: string): BridgeError => new BridgeError('bad_request', message);
