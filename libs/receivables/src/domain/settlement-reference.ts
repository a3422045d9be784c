import { mod97 } from './payment-account.policy.js';

const bodyLength = 21;
const bodies = 36n ** BigInt(bodyLength);

/**
 * The structured creditor reference (ISO 11649) under which an obligation is paid: "RF", two check digits, and 21 letters and
 * digits made of the obligation's identifier. A bank and a payer's program can check it, so that a slip of the pen is seen.
 */
export function creditorReference(id: string): string {
  const body = (BigInt(`0x${id.replaceAll('-', '')}`) % bodies).toString(36).toUpperCase().padStart(bodyLength, '0');
  return withCheckDigits(body);
}

/** Puts "RF" and the check digits before a body of 1 to 21 letters and digits. */
export function withCheckDigits(body: string): string {
  const check = 98n - mod97(`${body}RF00`);
  return `RF${String(check).padStart(2, '0')}${body}`;
}

/** True for a well-formed reference of ISO 11649, spaces and case ignored. */
export function isCreditorReference(text: string): boolean {
  const value = normalReference(text);
  return /^RF\d{2}[0-9A-Z]{1,21}$/.test(value) && mod97(value.slice(4) + value.slice(0, 4)) === 1n;
}

export function normalReference(text: string): string {
  return text.replaceAll(/[\s-]/g, '').toUpperCase();
}

/** The references of ISO 11649 that stand in the texts of a payment, wherever a bank has put them, first ones first. */
export function referencesIn(texts: readonly string[]): readonly string[] {
  const found = texts.flatMap((text) => {
    const packed = normalReference(text);
    const whole = isCreditorReference(packed) ? [packed] : [];
    const within = [...packed.matchAll(/RF\d{2}[0-9A-Z]{21}/g)].map(([match]) => match).filter(isCreditorReference);
    const words = text
      .toUpperCase()
      .split(/[^0-9A-Z]+/)
      .filter(isCreditorReference);
    return [...whole, ...within, ...words];
  });
  return [...new Set(found)];
}
