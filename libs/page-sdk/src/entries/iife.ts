import type { LazyFiles } from '../boot/lazy-files.ts';
import { bridgeOfScript } from '../boot/script-home.ts';
import { start } from '../boot/start.ts';
import type { Start, StartOptions } from '../types.ts';

const host = window as { Cobridge?: { start?: Start } };
const { src = '', nonce } = document.currentScript instanceof HTMLScriptElement ? document.currentScript : {};
const home = bridgeOfScript(src) ?? (src === '' ? undefined : new URL(src).origin);

// A script of another origin has no address to resolve relative names against, unless its element says `crossorigin`.
const load = async (file: string) => import(new URL(`${file}.mjs`, src).href);
const files: LazyFiles = { language: (lang) => load(`languages/${lang}`), dialect: (name) => load(`dialects/${name}`) };

// A page that includes the script twice keeps the first.
if (typeof host.Cobridge?.start !== 'function') {
  host.Cobridge = Object.freeze({ start: (options: StartOptions) => start(options, { home, nonce, files }) });
}
