export const documentKinds = [
  'registration',
  'articles',
  'owner_identity',
  'bank_letter',
  'financial_statement',
  'tax_certificate',
  'licence',
  'trade_record',
  'other',
] as const;
export type DocumentKind = (typeof documentKinds)[number];

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The receipt's number: the day and ten characters of the document's id, without the letters that are misread
 * (Crockford base 32). `id` is a UUIDv7 whose last 50 bits are random.
 */
export function receiptNumber(id: string, day: string): string {
  let bits = BigInt(`0x${id.replaceAll('-', '').slice(-13)}`);
  let code = '';
  for (let place = 0; place < 10; place++) {
    code = crockford.charAt(Number(bits & 31n)) + code;
    bits >>= 5n;
  }
  return `R${day.replaceAll('-', '')}-${code.slice(0, 5)}-${code.slice(5)}`;
}
