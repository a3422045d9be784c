/** Lengths of an IBAN by country (SWIFT, IBAN Registry, release 99): those of countries that this market pays to. */
const ibanLengths: Readonly<Record<string, number>> = {
  AE: 23,
  AT: 20,
  BE: 16,
  BH: 22,
  CH: 21,
  DE: 22,
  DK: 18,
  EG: 29,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  GR: 27,
  IE: 22,
  IT: 27,
  JO: 30,
  KW: 30,
  LB: 28,
  LU: 20,
  NL: 18,
  NO: 15,
  OM: 23,
  PK: 24,
  PL: 28,
  PT: 25,
  QA: 29,
  SA: 24,
  SE: 24,
  TR: 26,
};

/** The remainder modulo 97 (ISO 7064) of digits and letters, where A is 10 and Z is 35. */
export function mod97(text: string): bigint {
  const digits = [...text].map((character) => String(Number.parseInt(character, 36))).join('');
  return BigInt(digits) % 97n;
}

/** What is wrong with an IBAN (ISO 13616), or undefined: known country, its length, and the check digits. */
export function ibanFault(value: string): string | undefined {
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]{8,30}$/.test(value))
    return 'must be an IBAN: two letters, two digits, then letters and digits';
  const length = ibanLengths[value.slice(0, 2)];
  if (length === undefined) return `is of a country that this market does not pay to (${value.slice(0, 2)})`;
  if (value.length !== length) return `must have ${length} characters`;
  return mod97(value.slice(4) + value.slice(0, 4)) === 1n ? undefined : 'has wrong check digits (ISO 13616)';
}

/** Account numbers are kept without blanks and in capitals. */
export function normalAccount(text: string): string {
  return text.replaceAll(/\s/g, '').toUpperCase();
}

/**
 * From when money may go to an account: at once when it is the organisation's first, else after the cooling time,
 * because a changed account is the commonest way to divert a payment.
 */
export function payableFrom(declaredAt: Date, replacesAnother: boolean, coolingDays: number): Date {
  return replacesAnother ? new Date(declaredAt.getTime() + coolingDays * 86_400_000) : declaredAt;
}
