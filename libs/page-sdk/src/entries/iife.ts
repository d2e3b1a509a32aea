import { contain } from '../boot/contain.ts';
import { makeCalls } from '../boot/kept-calls.ts';
import type { LazyFiles } from '../boot/lazy-files.ts';
import { bridgeOfScript } from '../boot/script-home.ts';
import { start } from '../boot/start.ts';
import type { Start, StartOptions } from '../types.ts';

/** What the script puts on `window`. */
interface Cobridge {
  start: Start;
  /** Calls `run` at once: the same words as in the snippet, where it waits for the script. */
  onReady: (run: (cobridge: Cobridge) => void) => void;
}

const host = window as { Cobridge?: Partial<Cobridge> & { calls?: unknown } };
const { src = '', nonce } = document.currentScript instanceof HTMLScriptElement ? document.currentScript : {};
const home = bridgeOfScript(src) ?? (src === '' ? undefined : new URL(src).origin);

// A script inside the page, or of `type="module"`, does not know where it is from, and takes the files of the bridge that it is told.
let base = src;
// A script of another origin has no address to resolve relative names against, unless its element says `crossorigin`.
const load = async (file: string, query = '') => import(new URL(`${file}.mjs${query}`, base).href);
const files: LazyFiles = {
  language: (lang) => load(`languages/${lang}`),
  dialect: (name) => load(`dialects/${name}`),
  // A browser keeps it that a name could not be loaded.
  notes: (attempt) => load('view/notes', attempt > 0 ? `?${attempt}` : ''),
};

const before = host.Cobridge;
// A page that includes the script twice keeps the first.
if (typeof before?.start !== 'function' || before.calls) {
  const cobridge: Cobridge = Object.freeze({
    start(options: StartOptions) {
      base = src || String(options?.url).replace(/\/*$/, '/sdk/v1/');
      return start(options, { home, nonce, files });
    },
    onReady: contain((run: (cobridge: Cobridge) => void) => run(cobridge)),
  });
  host.Cobridge = cobridge;
  makeCalls(before?.calls, cobridge);
}
