import type { Sector } from '#kernel';

/** First and last division of each section of ISIC revision 4 (United Nations, Statistical Papers M 4 rev. 4, 2008). */
const divisions: readonly (readonly [Sector, number, number])[] = [
  ['A', 1, 3],
  ['B', 5, 9],
  ['C', 10, 33],
  ['D', 35, 35],
  ['E', 36, 39],
  ['F', 41, 43],
  ['G', 45, 47],
  ['H', 49, 53],
  ['I', 55, 56],
  ['J', 58, 63],
  ['K', 64, 66],
  ['L', 68, 68],
  ['M', 69, 75],
  ['N', 77, 82],
  ['P', 85, 85],
  ['Q', 86, 88],
  ['R', 90, 93],
  ['S', 94, 96],
];

/** The section that a class of four digits lies in; undefined for a division that no private firm has. */
export function sectionOf(isicClass: string): Sector | undefined {
  if (!/^\d{4}$/.test(isicClass)) return undefined;
  const division = Number(isicClass.slice(0, 2));
  return divisions.find(([, first, last]) => division >= first && division <= last)?.[0];
}

/** The size standard's industry for a class: the entry with the longest beginning of the class decides. */
export function industryOf(
  isicClass: string | null,
  industries: readonly { readonly isic: readonly string[]; readonly industry: string }[],
): string | undefined {
  if (industries.length === 0 || isicClass === null) return undefined;
  let best = { length: 0, industry: 'other' };
  for (const { isic, industry } of industries)
    for (const start of isic)
      if (isicClass.startsWith(start) && start.length > best.length) best = { length: start.length, industry };
  return best.industry;
}
