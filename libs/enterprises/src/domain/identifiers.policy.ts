export const identifierSchemes = [
  'sa_unified_number',
  'sa_commercial_registration',
  'sa_vat_number',
  'cn_unified_social_credit_code',
  'ae_trade_licence',
  'ae_tax_registration_number',
] as const;
export type IdentifierScheme = (typeof identifierSchemes)[number];

export interface Identifier {
  readonly scheme: IdentifierScheme;
  readonly value: string;
}

/** Undefined when the value may be right; otherwise what is wrong with it, in one phrase. */
export function identifierFault({ scheme, value }: Identifier): string | undefined {
  return checks[scheme](value);
}

/** An identifier as registers write it: no spaces, capital letters. */
export function normaliseIdentifier(value: string): string {
  return value.replaceAll(/\s+/gu, '').toUpperCase();
}

const checks: Readonly<Record<IdentifierScheme, (value: string) => string | undefined>> = {
  sa_unified_number: saudiUnifiedNumberFault,
  sa_commercial_registration: saudiCommercialRegistrationFault,
  sa_vat_number: saudiVatNumberFault,
  cn_unified_social_credit_code: socialCreditCodeFault,
  ae_trade_licence: emiratesLicenceFault,
  ae_tax_registration_number: emiratesTaxNumberFault,
};

/**
 * Saudi unified number of an establishment: ten digits beginning with 7 (SAMA circular 42007290 of 2020-09-28, after
 * Cabinet Resolution 225 of 1439 H). No authority publishes a rule for a check digit, so the format alone is tested.
 */
export function saudiUnifiedNumberFault(value: string): string | undefined {
  return /^7\d{9}$/.test(value) ? undefined : 'must be ten digits beginning with 7';
}

/**
 * Saudi commercial registration as issued by city until the unified number took its place (Commercial Register Law,
 * Royal Decree M/83 of 2024): ten digits, the first four name the issuing office (1010 Riyadh, 4030 Jeddah, …). No
 * check digit is published.
 */
export function saudiCommercialRegistrationFault(value: string): string | undefined {
  return /^[1-5]\d{9}$/.test(value) ? undefined : 'must be ten digits beginning with the issuing office, 1 to 5';
}

/** Saudi VAT number: 15 digits that begin and end with 3 (ZATCA, e-invoicing data dictionary, BR-KSA-40). */
export function saudiVatNumberFault(value: string): string | undefined {
  return /^3\d{13}3$/.test(value) ? undefined : 'must be 15 digits that begin and end with 3';
}

/** The 31 characters of GB 32100-2015, table 3: digits and capital letters without I, O, S, V, Z. */
const creditCodeAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** Weights of its 17 places: 3 to the power of the place, modulo 31. */
const creditCodeWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;
/** GB 11714-1997: characters and weights of the organisation code in places 9 to 17. */
const organisationCodeAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const organisationCodeWeights = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/**
 * China's unified social credit code, GB 32100-2015: registering department, kind, six digits of the registering
 * place (GB/T 2260), the organisation code of GB 11714 with its own check character modulo 11, and a check character
 * modulo 31.
 */
export function socialCreditCodeFault(value: string): string | undefined {
  if (!/^[1-9A-Y][1-9A-Y]\d{6}[0-9A-Z]{8}[0-9X][0-9A-Z]$/.test(value))
    return 'must be 18 characters: two of department and kind, six digits of the place, nine of the organisation, one check character';
  if ([...value].some((character) => !creditCodeAlphabet.includes(character)))
    return 'must not hold the letters I, O, S, V or Z';
  if (organisationCheck(value.slice(8, 16)) !== value.charAt(16))
    return 'has a wrong check character in place 17 (GB 11714)';
  return creditCodeCheck(value) === value.charAt(17) ? undefined : 'has a wrong check character in place 18 (GB 32100)';
}

/** The check character of the first 17 characters: 31 less the weighted sum modulo 31, where 31 is written 0. */
export function creditCodeCheck(value: string): string {
  const sum = creditCodeWeights.reduce<number>(
    (total, weight, place) => total + weight * creditCodeAlphabet.indexOf(value.charAt(place)),
    0,
  );
  return creditCodeAlphabet.charAt((31 - (sum % 31)) % 31);
}

/** 11 less the weighted sum modulo 11, where 10 is written X and 11 is written 0. */
function organisationCheck(body: string): string {
  const sum = organisationCodeWeights.reduce<number>(
    (total, weight, place) => total + weight * organisationCodeAlphabet.indexOf(body.charAt(place)),
    0,
  );
  return '0123456789X'.charAt((11 - (sum % 11)) % 11);
}

/**
 * Trade licence of an emirate or free zone. Each authority numbers in its own way (Abu Dhabi writes CN- before the
 * digits) and none publishes a check digit: letters, digits, dashes and slashes with at least four digits.
 */
export function emiratesLicenceFault(value: string): string | undefined {
  const ok = /^[A-Z0-9][A-Z0-9/-]{3,24}$/.test(value) && value.replaceAll(/\D/g, '').length >= 4;
  return ok ? undefined : 'must be 4 to 25 letters, digits, dashes or slashes with at least four digits';
}

/** Tax registration number of the Federal Tax Authority: 15 digits beginning with 100. No check digit is published. */
export function emiratesTaxNumberFault(value: string): string | undefined {
  return /^100\d{12}$/.test(value) ? undefined : 'must be 15 digits beginning with 100';
}

/** Lengths of an IBAN by country (SWIFT, IBAN Registry). */
const ibanLengths: Readonly<Record<string, number>> = { SA: 24, AE: 23 };

/** IBAN, ISO 13616: the country’s length, and 1 as the remainder modulo 97 of the rearranged number (ISO 7064). */
export function ibanFault(value: string, country: string): string | undefined {
  const length = ibanLengths[country];
  if (!new RegExp(`^${country}\\d{2}[0-9A-Z]+$`).test(value) || (length !== undefined && value.length !== length))
    return `must be an IBAN of ${country}${length === undefined ? '' : ` with ${length} characters`}`;
  const rearranged = value.slice(4) + value.slice(0, 4);
  const digits = [...rearranged].map((character) => String(Number.parseInt(character, 36))).join('');
  return BigInt(digits) % 97n === 1n ? undefined : 'has wrong check digits (ISO 13616)';
}
