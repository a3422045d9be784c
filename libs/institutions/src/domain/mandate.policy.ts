import type { FieldError } from '#kernel';
import type { Mandate } from '#kernel';

/** The terms that a maker sets; the identity, the state and the limits are not among them. */
export type MandateTerms = Omit<Mandate, 'id' | 'financierId'> & {
  readonly name: string;
  readonly validFrom: string;
  readonly validTo: string | null;
};

/** What does not fit together in the terms, by field. `isRegion` knows the country's regions. */
export function mandateFaults(terms: MandateTerms, isRegion: (code: string) => boolean): readonly FieldError[] {
  const faults: FieldError[] = [];
  const fault = (pointer: string, rule: string, message: string): void => void faults.push({ pointer, rule, message });
  if (terms.amountMax < terms.amountMin) fault('/amountMax', 'order', 'must not be below amountMin');
  if (terms.amountMax === 0n) fault('/amountMax', 'positive', 'must be above zero');
  if (terms.tenorMax < terms.tenorMin) fault('/tenorMax', 'order', 'must not be below tenorMin');
  if (terms.validTo !== null && terms.validTo < terms.validFrom)
    fault('/validTo', 'order', 'must not be before validFrom');
  if (terms.shariahOnly && !terms.offersShariah)
    fault('/offersShariah', 'implied', 'must be true where shariahOnly is');
  if (terms.shariahOnly && terms.productKinds.includes('invoice_discounting'))
    fault('/productKinds', 'shariah', 'discounting a receivable is never Shariah-compliant');
  for (const [index, code] of terms.regions.entries())
    if (!isRegion(code)) fault(`/regions/${index}`, 'region', 'is not a region of this country (ISO 3166-2)');
  return faults;
}
