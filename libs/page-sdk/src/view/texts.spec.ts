import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MODES } from '#libs/core';
import { pickLanguage } from './texts.ts';

const pick = (locale: string | undefined, document = '', ...browser: string[]) =>
  pickLanguage(locale, { documentElement: { lang: document } } as Document, { languages: browser } as unknown as Navigator);

describe('The card speaks', () => {
  it.each([
    ['the language asked for', pick('de', 'fr', 'es'), 'de', 'ltr'],
    ["the document's", pick(undefined, 'fr-CA', 'es'), 'fr', 'ltr'],
    ["the browser's", pick(undefined, '', 'nl', 'es-MX', 'en'), 'es', 'ltr'],
    ['Portuguese of Brazil to every Portuguese', pick('pt-BR'), 'pt', 'ltr'],
    ['Hebrew from right to left', pick('he_IL'), 'he', 'rtl'],
    ["the document's when it does not know the one asked for", pick('tlh', 'de'), 'de', 'ltr'],
    ['English when it knows none', pick('toString', '', 'xx'), 'en', 'ltr'],
    ['English when nothing is said', pick(undefined), 'en', 'ltr'],
  ])('%s', (_, { lang, dir }, expected, direction) => {
    expect([lang, dir]).toEqual([expected, direction]);
  });

  const english = pick('en').texts;
  const languages = readdirSync(join(import.meta.dirname, 'languages')).map((file) => file.replace('.ts', ''));

  it.each(languages)('%s in every sentence, naming the agent in every mode', (lang) => {
    const { texts } = pick(lang);
    for (const mode of MODES) expect(texts.asks[mode]('Alex')).toContain('Alex');
    expect(new Set(MODES.map((mode) => texts.asks[mode]('Alex'))).size).toBe(MODES.length);
    expect(texts.left('1:45')).toContain('1:45');
    expect(texts.secondsLeft(10)).toContain('10');
    const said = Object.entries(texts).filter(([, text]) => typeof text === 'string');
    expect(said.filter(([, text]) => text.trim() === '')).toEqual([]);
    if (lang === 'en') return;
    const untranslated = said.filter(([name, text]) => text === english[name as keyof typeof english]);
    expect(untranslated).toEqual([]);
  });
});
