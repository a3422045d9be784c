/** What a text that must name nobody contains, by rule. */
export interface IdentityFound {
  readonly rule: 'own_name' | 'own_number' | 'email' | 'web_address' | 'iban' | 'phone';
  readonly message: string;
}

/** Words of legal form, in plain text, say nothing about who a firm is, and people leave them out. */
const legalForms =
  /(?<!\p{L})(?:llc|l\.l\.c\.?|ltd|limited|inc|co|company|corp|corporation|est|establishment|شركه|مؤسسه|المحدوده)(?!\p{L})|有限责任公司|股份有限公司|有限公司|公司/gu;

const patterns: readonly (readonly [IdentityFound['rule'], RegExp, string])[] = [
  ['email', /[^\s@]+@[^\s@]+\.[^\s@.]{2,}/u, 'contains an e-mail address'],
  ['web_address', /\bhttps?:\/\/|\bwww\.[a-z0-9-]+\./u, 'contains a web address'],
  // International; national with a leading zero; Saudi unified and toll-free numbers; Chinese mobile numbers.
  [
    'phone',
    /(?:\+|(?<!\d)00)\d(?:[ ().-]{0,2}\d){7,13}(?!\d)|(?<![\d.,])0[1-9](?:[ ().-]{0,2}\d){7,9}(?![\d.,]\d|\d)|(?<![\d.,])(?:9200|800\d)[ -]?\d{2,3}[ -]?\d{3}(?![\d.,]\d|\d)|(?<![\d.,])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d.,]\d|\d)/u,
    'contains a telephone number',
  ],
];
const iban = /\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,4})?\b/gu;

/**
 * Finds in a text what would tell who the firm is: its own names and numbers, and ways to reach anybody. It helps the reviewer, who
 * reads the text in any case; it does not know brands, places or famous deeds.
 */
export function findIdentity(
  text: string,
  own: { readonly names: readonly string[]; readonly numbers: readonly string[] },
): IdentityFound[] {
  const plain = plainText(text);
  const digits = plain.replaceAll(/(?<=\d)[ .-](?=\d)/gu, '');
  const found: IdentityFound[] = [];
  if (own.names.some((name) => containsName(plain, name)))
    found.push({ rule: 'own_name', message: 'contains the name of the firm or of an owner' });
  if (own.numbers.some((number) => containsNumber(digits, plainText(number))))
    found.push({ rule: 'own_number', message: 'contains a registration or account number of the firm' });
  for (const [rule, pattern, message] of patterns) if (pattern.test(plain)) found.push({ rule, message });
  if ([...plain.matchAll(iban)].some(([candidate]) => (candidate.match(/\d/gu)?.length ?? 0) >= 12))
    found.push({ rule: 'iban', message: 'contains an account number (IBAN)' });
  return found;
}

/** Lower case, one form of look-alike characters, Latin digits; Arabic without vowel signs and with one alef, ha and ya. */
function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[٠-٩]/gu, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replaceAll(/[۰-۹]/gu, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replaceAll(/\p{Cf}|\p{Mn}|ـ/gu, '')
    .replaceAll(/[أإآٱ]/gu, 'ا')
    .replaceAll('ة', 'ه')
    .replaceAll('ى', 'ي');
}

const squeezed = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]+/gu, '');

/** A long name is found however it is spaced and joined; a short one only as words of its own. */
function containsName(plain: string, name: string): boolean {
  const whole = plainText(name);
  const core = whole.replaceAll(legalForms, ' ');
  const letters = squeezed(core).length >= 4 ? squeezed(core) : squeezed(whole);
  if (letters.length < 2) return false;
  const script = /^[\p{Script=Latin}\p{N}]+$/u.test(letters) ? 'latin' : 'other';
  if (letters.length >= 8 || (script === 'other' && letters.length >= (/\p{Script=Han}/u.test(letters) ? 2 : 6)))
    return squeezed(plain).includes(letters);
  const words = plain.split(/[^\p{L}\p{N}]+/u);
  return words.some((_, from) => {
    for (let joined = '', to = from; to < words.length && joined.length < letters.length; to++) {
      joined += words[to] as string;
      if (joined === letters) return true;
    }
    return false;
  });
}

/** Numbers of fewer than six characters are no sign of anybody. */
function containsNumber(digits: string, number: string): boolean {
  const compact = squeezed(number);
  return compact.length >= 6 && digits.replaceAll(' ', '').includes(compact);
}
