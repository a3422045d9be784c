import { type Language, languages, type Template, type Wording } from './template.js';
import { words } from './words.js';

export type Parameters = Readonly<Record<string, string | number>>;

/** Latin digits and the Gregorian calendar everywhere: a deadline must read the same in a letter and in a court. */
const regional: Readonly<Record<Language, string>> = {
  en: 'en-GB',
  ar: 'ar-u-ca-gregory-nu-latn',
  zh: 'zh-CN',
};

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** The reader's language, English when it is not one of the portal's. */
export function languageOf(locale: string): Language {
  return languages.find((language) => locale.toLowerCase().startsWith(language)) ?? 'en';
}

/** Words in braces. */
export function placeholders({ title, body }: Wording): ReadonlySet<string> {
  return new Set([...`${title}\n${body}`.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string));
}

/**
 * A template in one language with its parameters: instants in the portal's time zone, codes in words. A placeholder
 * without a parameter fails, so that nobody is sent a hole.
 */
export function render(template: Template, language: Language, parameters: Parameters, timeZone: string): Wording {
  const fill = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
      const value = parameters[name];
      if (value === undefined) throw new Error(`the notice has no parameter "${name}"`);
      return shown(value, language, timeZone);
    });
  const { title, body } = template[language];
  return { title: fill(title), body: fill(body) };
}

function shown(value: string | number, language: Language, timeZone: string): string {
  if (typeof value === 'number') return String(value);
  if (instant.test(value))
    return new Intl.DateTimeFormat(regional[language], {
      dateStyle: 'full',
      timeStyle: 'short',
      timeZone,
    }).format(new Date(value));
  return words[value]?.[language] ?? value;
}
