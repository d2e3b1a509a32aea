import { BridgeError } from '../domain/bridge-error.ts';
import type { LazyFiles } from './lazy-files.ts';
import type { Dialect, StartOptions, Texts } from '../types.ts';
import { ENGLISH } from '../view/texts.ts';

/** What the SDK uses, made of what the page's author wrote. */
export interface Settings {
  files: LazyFiles;
  url: URL;
  getToken: () => Promise<string>;
  /** Whether `getToken` can give another token than the last. */
  renewable: boolean;
  card: boolean;
  dialects: readonly Dialect[];
  locale: string | undefined;
  texts: Partial<Texts>;
  nonce: string | undefined;
}

const KNOWN_DIALECTS: readonly Dialect[] = ['liveperson', 'fullview', 'cobrowseio'];

/** What a script knows of itself: the bridge that it came from, the nonce of its element, and the files beside it. */
export interface Script {
  home?: string | undefined;
  nonce?: string | undefined;
  files: LazyFiles;
}

/** Throws a `BridgeError` that says what is wrong. */
export function readSettings(options: StartOptions, script: Script): Settings {
  if (typeof options !== 'object' || options === null) throw wrong('start() needs options: { token } or { getToken }.');
  const { token, getToken, url = script.home, ui = 'card', dialects = ['liveperson'], locale, texts = {}, nonce = script.nonce } = options;
  if (typeof getToken !== 'function' && !isToken(token)) {
    throw new BridgeError('token_missing', 'Pass `token`, or `getToken` that fetches one, to start().');
  }
  if (ui !== 'card' && ui !== 'none') throw wrong("`ui` is 'card' or 'none'.");
  if (!Array.isArray(dialects) || !dialects.every((dialect: Dialect) => KNOWN_DIALECTS.includes(dialect))) {
    throw wrong(`\`dialects\` is a list of: ${KNOWN_DIALECTS.join(', ')}.`);
  }
  return {
    files: script.files,
    url: readUrl(url),
    getToken: typeof getToken === 'function' ? async () => checked(await getToken()) : async () => checked(token),
    renewable: typeof getToken === 'function',
    card: ui === 'card',
    dialects,
    locale: typeof locale === 'string' ? locale : undefined,
    texts: readTexts(texts),
    nonce: typeof nonce === 'string' ? nonce : undefined,
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

function readTexts(texts: Partial<Texts>): Partial<Texts> {
  if (typeof texts !== 'object' || texts === null) throw wrong('`texts` is an object of texts.');
  const known: readonly string[] = Object.keys(ENGLISH.texts);
  const bad = Object.entries(texts).flatMap(([name, text]) => (known.includes(name) && typeof text === 'string' ? [] : [name]));
  if (bad.length > 0) throw wrong(`No such \`texts\`, or not a string: ${bad.join(', ')}.`);
  return texts;
}

const isToken = (token: unknown): token is string => typeof token === 'string' && token !== '';

function checked(token: unknown): string {
  if (!isToken(token)) throw wrong('A page token is a string.');
  return token;
}

const wrong = (message: string): BridgeError => new BridgeError('bad_request', message);
