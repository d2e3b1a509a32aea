import type { Mode } from '../types.ts';
import { de } from './languages/de.ts';
import { en } from './languages/en.ts';
import { es } from './languages/es.ts';
import { fr } from './languages/fr.ts';
import { he } from './languages/he.ts';
import { pt } from './languages/pt.ts';

/** Everything the visitor reads, in one language. */
export interface Texts {
  title: string;
  /** Stands for an agent whose name is not known, at the start of a sentence. */
  anAgent: string;
  /** What the agent asks for, by mode. */
  asks: Record<Mode, (agent: string) => string>;
  stopAnyTime: string;
  accept: string;
  decline: string;
  left: (time: string) => string;
  secondsLeft: (seconds: number) => string;
  connecting: string;
  expired: string;
  noLongerOpen: string;
  acceptedElsewhere: string;
  failed: string;
  sharingHere: string;
  sharing: string;
  end: string;
  ended: string;
}

const LANGUAGES: ReadonlyMap<string, Texts> = new Map(Object.entries({ en, de, es, fr, he, pt }));

export interface Language {
  /** As in the attribute `lang`. */
  lang: string;
  dir: 'ltr' | 'rtl';
  texts: Texts;
}

/** The language asked for, the document's, the browser's, or English: the first that there are texts for. */
export function pickLanguage(locale: string | undefined, document: Document, navigator: Navigator): Language {
  for (const wish of [locale, document.documentElement.lang, ...navigator.languages]) {
    const lang = wish?.toLowerCase().split(/[-_]/)[0] ?? '';
    const texts = LANGUAGES.get(lang);
    if (texts) return { lang, dir: lang === 'he' ? 'rtl' : 'ltr', texts };
  }
  return { lang: 'en', dir: 'ltr', texts: en };
}
