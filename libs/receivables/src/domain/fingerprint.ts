import { type CalendarDate, dayNumber } from '#kernel';

/** A party as registers know it. */
export interface RegisteredParty {
  readonly country: string;
  readonly registrationNumber: string;
}

/** What a fingerprint is taken of. */
export interface FingerprintFacts {
  readonly seller: RegisteredParty;
  readonly debtor: RegisteredParty;
  readonly number: string;
  readonly issuedOn: CalendarDate;
  readonly currency: string;
  readonly amountMinor: bigint;
}

/** The texts whose keyed hashes are compared. Each begins with the version of its rule. */
export interface FingerprintTexts {
  /** The very same claim: blocks. */
  readonly exact: string;
  /** Looks like the same document: the number's skeleton between the two parties, in either order. */
  readonly number: string;
  /** The same with zeros dropped at the beginning of each group of the number. */
  readonly groups: string;
  /** The same amount between the two parties in one period of `nearDays`. */
  readonly amount: string;
  /** The periods before and after, asked for but not kept. */
  readonly amountNear: readonly [string, string];
}

/**
 * Cyrillic and Greek letters that look like Latin ones, upper case (Unicode Technical Standard 39, confusables), and the three pairs of letters
 * and digits that people mix up: O and 0, I and 1, L and 1.
 */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    А: 'A',
    В: 'B',
    С: 'C',
    Е: 'E',
    Ё: 'E',
    Н: 'H',
    І: 'I',
    Ї: 'I',
    Ӏ: 'I',
    Ј: 'J',
    К: 'K',
    М: 'M',
    О: 'O',
    Р: 'P',
    Ѕ: 'S',
    Т: 'T',
    У: 'Y',
    Ү: 'Y',
    Х: 'X',
    Ԛ: 'Q',
    Ԝ: 'W',
    Ѵ: 'V',
    Ԁ: 'D',
    Ԍ: 'G',
    З: '3',
    Α: 'A',
    Β: 'B',
    Ε: 'E',
    Ζ: 'Z',
    Η: 'H',
    Ι: 'I',
    Κ: 'K',
    Μ: 'M',
    Ν: 'N',
    Ο: 'O',
    Ρ: 'P',
    Τ: 'T',
    Υ: 'Y',
    Χ: 'X',
    Ϲ: 'C',
    Ϳ: 'J',
    Ϝ: 'F',
  }),
);
/** Lower-case letters whose capital looks like something else. */
const smallLookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries({ ν: 'V', υ: 'U', ρ: 'P', ο: 'O', α: 'A', ι: 'I', κ: 'K', γ: 'Y', σ: 'O', ς: 'S', п: 'N', и: 'U' }),
);
const confused: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/** The number as it is compared for being the very same: one Unicode form, without blanks around it and with single ones inside. */
export function exactNumber(number: string): string {
  return number.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

/** A register's number without what only separates. */
export function registrationKey({ country, registrationNumber }: RegisteredParty): string {
  const number = registrationNumber.normalize('NFKC').toUpperCase();
  return `${country}:${plainDigits(number).replaceAll(/[^\p{L}\p{N}]/gu, '')}`;
}

/** What is left of a document's number when everything is dropped by which two spellings of one number may differ. */
export function numberSkeleton(number: string): string {
  return skeletonOf(plainLetters(number).replaceAll(/[^\p{L}\p{N}]/gu, ''));
}

/** The same, with the groups of the number taken one by one: `0012-003` and `12-3`. */
export function groupedSkeleton(number: string): string {
  const groups = plainLetters(number).split(/[^\p{L}\p{N}]+/u);
  return groups.map(skeletonOf).join('');
}

/** The texts of one claim. `nearDays` is the length of a period in which the same amount looks like a re-issue. */
export function fingerprintTexts(facts: FingerprintFacts, nearDays: number): FingerprintTexts {
  const seller = registrationKey(facts.seller);
  const debtor = registrationKey(facts.debtor);
  const parties = [seller, debtor].sort();
  const period = Math.floor(dayNumber(facts.issuedOn) / nearDays);
  const amount = `${facts.currency} ${facts.amountMinor}`;
  const near = (offset: number) => JSON.stringify(['a1', ...parties, amount, period + offset]);
  return {
    exact: JSON.stringify(['x1', seller, debtor, exactNumber(facts.number), facts.issuedOn, amount]),
    number: JSON.stringify(['n1', ...parties, numberSkeleton(facts.number)]),
    groups: JSON.stringify(['g1', ...parties, groupedSkeleton(facts.number)]),
    amount: near(0),
    amountNear: [near(-1), near(1)],
  };
}

/**
 * The texts by which an order that was confirmed itself and the invoices of it find each other: an order keeps `ordered` and asks for
 * `invoiced`, an invoice that names its order the other way round. So invoices of one order never find one another.
 */
export function orderTexts(
  { seller, debtor }: Pick<FingerprintFacts, 'seller' | 'debtor'>,
  orderNumber: string,
): { readonly ordered: string; readonly invoiced: string } {
  const parties = [registrationKey(seller), registrationKey(debtor)].sort();
  const number = numberSkeleton(orderNumber);
  return {
    ordered: JSON.stringify(['o1', ...parties, number]),
    invoiced: JSON.stringify(['i1', ...parties, number]),
  };
}

/** Digits of every script as 0–9. */
function plainDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

/** Decimal digits stand in runs of ten in Unicode, so a digit's value is its distance from the beginning of its run. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) as number;
  for (let value = 0; value <= 9; value++) {
    if (!/^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) return value;
  }
  // Runs that touch (mathematical digits) begin at multiples of ten from the first.
  return (code - 0x1d7ce) % 10;
}

function plainLetters(number: string): string {
  const composed = [...plainDigits(number.normalize('NFKC'))].map((letter) => smallLookAlikes.get(letter) ?? letter);
  const bare = composed.join('').normalize('NFD').replaceAll(/\p{M}/gu, '').toUpperCase();
  return [...bare].map((letter) => lookAlikes.get(letter) ?? letter).join('');
}

function skeletonOf(letters: string): string {
  return withoutLeadingZeros(letters.replaceAll(/[OIL]/g, (letter) => confused[letter] as string));
}

function withoutLeadingZeros(text: string): string {
  return text.replaceAll(/(?<!\d)0+/g, '');
}
