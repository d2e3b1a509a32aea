import { complain } from '../boot/contain.ts';
import type { LazyFiles } from '../boot/lazy-files.ts';
import type { Texts } from '../types.ts';
import { texts as english } from './languages/en.ts';

export interface Language {
  /** As in the attribute `lang`. */
  lang: string;
  dir: 'ltr' | 'rtl';
  texts: Texts;
}

export const ENGLISH: Language = { lang: 'en', dir: 'ltr', texts: english };

export const LANGUAGES: readonly string[] = ['de', 'en', 'es', 'fr', 'he', 'pt'];

/** The language asked for, the document's, the browser's, or English: the first that there are texts for. */
export function pickLanguage(locale: string | undefined, document: Document, navigator: Navigator): string {
  const wishes = [locale, document.documentElement.lang, ...navigator.languages].map((wish) => wish?.toLowerCase().split(/[-_]/)[0] ?? '');
  return wishes.find((lang) => LANGUAGES.includes(lang)) ?? 'en';
}

/** The texts of a picked language. It is English, and the console is told, when they cannot be loaded. */
export async function loadLanguage(lang: string, files: LazyFiles): Promise<Language> {
  if (lang === 'en') return ENGLISH;
  try {
    // A file from another release may lack a text.
    const texts = { ...english, ...(await files.language(lang)).texts };
    return { lang, dir: lang === 'he' ? 'rtl' : 'ltr', texts };
  } catch (error) {
    complain(`The language '${lang}' could not be loaded, so the card speaks English: ${String(error)}`);
    return ENGLISH;
  }
}

/** How long a last word stays. */
export const LAST_WORD_MS = 4_000;

/** Puts each value where the text has its name in braces. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
