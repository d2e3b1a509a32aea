import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Texts } from '../types.ts';
import type { LazyFiles } from '../boot/lazy-files.ts';
import { ENGLISH, fill, LANGUAGES, loadLanguage, pickLanguage } from './texts.ts';

const pick = (locale: string | undefined, document = '', ...browser: string[]) =>
  pickLanguage(locale, { documentElement: { lang: document } } as Document, { languages: browser } as unknown as Navigator);

const files = { language: (lang: string) => import(`./languages/${lang}.ts`) } as LazyFiles;

describe('The card speaks', () => {
  it.each([
    ['the language asked for', pick('de', 'fr', 'es'), 'de'],
    ["the document's", pick(undefined, 'fr-CA', 'es'), 'fr'],
    ["the browser's", pick(undefined, '', 'nl', 'es-MX', 'en'), 'es'],
    ['Portuguese of Brazil to every Portuguese', pick('pt-BR'), 'pt'],
    ['Hebrew', pick('he_IL'), 'he'],
    ["the document's when it does not know the one asked for", pick('tlh', 'de'), 'de'],
    ['English when that is asked for first', pick(undefined, '', 'en', 'de'), 'en'],
    ['English when it knows none', pick('toString', '', 'xx'), 'en'],
    ['English when nothing is said', pick(undefined), 'en'],
  ])('%s', (_, picked, expected) => {
    expect(picked).toBe(expected);
  });

  it.each([
    ['he', 'rtl'],
    ['de', 'ltr'],
    ['en', 'ltr'],
  ])('%s in its direction', async (lang, dir) => {
    await expect(loadLanguage(lang, files)).resolves.toMatchObject({ lang, dir });
  });

  const languages = readdirSync(join(import.meta.dirname, 'languages')).map((file) => file.replace('.ts', ''));

  it('every language that there is a file of', () => {
    expect(LANGUAGES.toSorted()).toEqual(languages.toSorted());
  });

  it.each(languages)('%s in every sentence, with the places that English has', async (lang) => {
    const { lang: spoken, texts } = await loadLanguage(lang, files);
    expect(spoken).toBe(lang);
    const { texts: own } = (await import(`./languages/${lang}.ts`)) as { texts: Texts };
    expect(Object.keys(own).toSorted()).toEqual(Object.keys(ENGLISH.texts).toSorted());
    const places = (text: string) => text.match(/\{\w+\}/g) ?? [];
    for (const [name, english] of Object.entries(ENGLISH.texts)) {
      const text = texts[name as keyof Texts];
      expect([name, places(text)]).toEqual([name, places(english)]);
      expect(text.trim()).not.toBe('');
      if (lang !== 'en') expect(text).not.toBe(english);
    }
    expect(new Set([texts.askShared, texts.askView, texts.askFollow]).size).toBe(3);
  });
});

describe('A text is filled', () => {
  it.each([
    ['with what stands for each name', '{agent} asks, {time} left', { agent: 'Alex', time: '1:45' }, 'Alex asks, 1:45 left'],
    ['once, whatever a name looks like', '{agent} asks', { agent: '{time} $& {agent}', time: '0:01' }, '{time} $& {agent} asks'],
    ['where it wants to be', 'Bitte {agnet} {agent}', { agent: 'Alex' }, 'Bitte {agnet} Alex'],
  ])('%s', (_, text, values, filled) => {
    expect(fill(text, values as Record<string, string>)).toBe(filled);
  });
});
