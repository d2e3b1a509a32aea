import type { LazyDialect, LazyFiles } from '../boot/lazy-files.ts';
import { bridgeOfScript } from '../boot/script-home.ts';
import { start as startFrom } from '../boot/start.ts';
import type { OpenDialect } from '../dialects/dialect.ts';
import type { Bridge, StartOptions, Texts } from '../types.ts';

export type * from '../types.ts';

// Literal names, so that bundlers find the files and split them off.
const languages: Record<string, () => Promise<{ texts: Texts }>> = {
  de: () => import('../view/languages/de.ts'),
  es: () => import('../view/languages/es.ts'),
  fr: () => import('../view/languages/fr.ts'),
  he: () => import('../view/languages/he.ts'),
  pt: () => import('../view/languages/pt.ts'),
};
const dialects: Record<LazyDialect, () => Promise<{ open: OpenDialect }>> = {
  fullview: () => import('../dialects/fullview.ts'),
  cobrowseio: () => import('../dialects/cobrowseio.ts'),
};

const home = bridgeOfScript(import.meta.url);
const absent = () => Promise.reject(new Error('It is not part of this build.'));
const files: LazyFiles = {
  language: (lang) => (languages[lang] ?? absent)(),
  dialect: (name) => dialects[name](),
  // A browser keeps it that a name could not be loaded; a bundler's own way to load may try again.
  notes: (attempt) =>
    attempt > 0 && home
      ? import(/* webpackIgnore: true */ /* @vite-ignore */ `${home}/sdk/v1/view/notes.mjs?${attempt}`)
      : import('../view/notes.ts'),
};

/**
 * Connects the page to the bridge. Never throws: what is wrong with the options is told to `error` handlers and the console.
 *
 * @example
 * const bridge = start({
 *   url: 'https://bridge.example',
 *   getToken: () => fetch('/page-token').then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status))),
 * });
 * bridge.on('invited', ({ session }) => console.log(session.agent.name, 'asks to join', session.mode));
 */
export function start(options: StartOptions): Bridge {
  return startFrom(options, { home, files });
}
