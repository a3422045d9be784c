import { ruleBookFiles } from './rule-book-files.js';

/** The currency (ISO 4217) of the portal's country, as its size standard states it: limits by amount are kept in it. */
export function countryCurrency(country: string): string {
  const folder = `${country.toLowerCase()}/`;
  const book = ruleBookFiles().find(({ kind, path }) => kind === 'size-standard' && path.startsWith(folder));
  const { currency } = (book?.content ?? {}) as { readonly currency?: string };
  if (!currency) throw new Error(`no currency is filed under the country ${country}`);
  return currency;
}
