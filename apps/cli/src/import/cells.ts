import { sectionOf } from '#enterprises';
import { date, Exact, integer, type Reader, refuse } from '#finance';
import { type Sector } from '#kernel';

/** Readers of cells, beside those of the calculators: every cell is text. */

/** `yes`, `true`, `1` or `no`, `false`, `0`. */
export const yesNo: Reader<boolean> = {
  read(value, pointer, problems) {
    const word = String(value).toLowerCase();
    if (['yes', 'true', '1'].includes(word)) return true;
    if (['no', 'false', '0'].includes(word)) return false;
    return refuse(problems, pointer, 'yes_no', 'must be yes or no');
  },
};

/** Words of a set, separated by semicolons or spaces; an empty cell means none, which often stands for "any". */
export function wordList<const T extends string>(words: readonly T[]): Reader<readonly T[]> {
  return {
    optional: true,
    read(value, pointer, problems) {
      const given =
        value === undefined
          ? []
          : String(value)
              .split(/[;\s]+/)
              .filter((word) => word !== '');
      const found = [...new Set(given)].map((word) => words.find((known) => known === word));
      return found.includes(undefined)
        ? refuse(problems, pointer, 'one_of', `must hold only ${words.join(', ')}`)
        : (found as T[]);
    },
  };
}

/** Words of any set, such as codes of regions, checked later by the use case. */
export const codeList: Reader<readonly string[]> = {
  optional: true,
  read: (value) =>
    value === undefined
      ? []
      : [
          ...new Set(
            String(value)
              .split(/[;\s]+/)
              .filter((word) => word !== ''),
          ),
        ],
};

/** Files by the kind of document that they are: `kind=file; kind=file`. */
export const fileList: Reader<readonly { readonly kind: string; readonly file: string }[]> = {
  optional: true,
  read(value, pointer, problems) {
    const parts = value === undefined ? [] : String(value).split(';');
    const found = parts.map((part) => /^\s*([a-z_]{2,40})=(.{1,300}?)\s*$/.exec(part));
    return found.includes(null)
      ? refuse(problems, pointer, 'files', 'must be kind=file, separated by semicolons')
      : found.map((match) => ({ kind: match?.[1] as string, file: match?.[2] as string }));
  },
};

/** An amount as a decimal such as `1250000.00`, not negative; the currency's own digits are judged by the use case. */
export const amount: Reader<string> = {
  read: (value, pointer, problems) =>
    typeof value === 'string' && /^\d{1,15}(\.\d{1,4})?$/.test(value)
      ? value
      : refuse(problems, pointer, 'amount', 'must be an amount such as 1250000.00'),
};

/** A share in percent, up to four decimals, as millionths of the whole. */
export const percentPpm: Reader<number> = {
  read: (value, pointer, problems) =>
    typeof value === 'string' && /^\d{1,3}(\.\d{1,4})?$/.test(value) && Number(value) > 0 && Number(value) <= 100
      ? new Exact(value).times(10_000).toNumber()
      : refuse(problems, pointer, 'percent', 'must be a percentage above 0 and at most 100'),
};

/** A class of ISIC revision 4 with the section that it lies in. */
export const sectionOfClass: Reader<{ readonly isicClass: string; readonly sector: Sector }> = {
  read(value, pointer, problems) {
    const isicClass = String(value).padStart(4, '0');
    const sector = sectionOf(isicClass);
    return sector
      ? { isicClass, sector }
      : refuse(problems, pointer, 'isic', 'must be a class of ISIC revision 4, four digits, that a firm can have');
  },
};

export const wholeNumber = (max: number): Reader<number> => integer({ min: 0, max });

export { date };
