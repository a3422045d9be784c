import { Exact } from '#finance';
import type { FieldError } from '#kernel';
import type { AutoBidTerms } from './auto-bid.js';
import type { Mandate } from '#kernel';

/** What does not fit together in a rule, or does not fit its mandate. */
export function autoBidFaults(terms: AutoBidTerms, mandate: Mandate): readonly FieldError[] {
  const faults: FieldError[] = [];
  const fault = (pointer: string, rule: string, message: string): void => void faults.push({ pointer, rule, message });
  if ((terms.pricing === 'margin') !== (terms.referenceRate !== null))
    fault('/referenceRate', 'with_margin', 'is given where the price is a margin, and only there');
  if (terms.pricing === 'murabaha' && !mandate.offersShariah)
    fault('/pricing', 'mandate', 'murabaha needs a mandate that offers Shariah-compliant contracts');
  if (terms.pricing !== 'murabaha' && mandate.shariahOnly)
    fault('/pricing', 'mandate', 'must be murabaha under a mandate for Shariah-compliant requests only');
  if (terms.tenorMax < mandate.tenorMin || terms.tenorMax > mandate.tenorMax)
    fault(
      '/tenorMax',
      'mandate',
      `must be from ${mandate.tenorMin} to ${mandate.tenorMax} months, as the mandate says`,
    );
  if (terms.graceMonths > 0 && terms.graceMonths >= terms.tenorMax)
    fault('/graceMonths', 'order', 'must be shorter than the tenor');
  const share = new Exact(terms.sharePercent);
  if (share.lte(0) || share.gt(100)) fault('/sharePercent', 'bounds', 'must be above 0 and at most 100');
  return [...faults, ...receivableFaults(terms, mandate)];
}

function receivableFaults(
  { pricing, holdbackPercent, recourse, daysLeftMin, daysLeftMax, faceMaxMinor }: AutoBidTerms,
  mandate: Mandate,
): readonly FieldError[] {
  const faults: FieldError[] = [];
  const fault = (field: string, rule: string, message: string): void =>
    void faults.push({ pointer: `/receivables/${field}`, rule, message });
  const holdback = new Exact(holdbackPercent);
  if (holdback.lt(0) || holdback.gt(50)) fault('holdbackPercent', 'bounds', 'must be from 0 to 50');
  if (pricing === 'murabaha' && (!recourse || holdback.gt(0)))
    fault('recourse', 'pricing', 'a murabaha never bids on receivables, so it has no terms for them');
  if ((daysLeftMin ?? 1) < 1 || (daysLeftMax ?? 1) < 1) fault('daysLeftMin', 'bounds', 'must be at least one day');
  if (daysLeftMin !== null && daysLeftMax !== null && daysLeftMax < daysLeftMin)
    fault('daysLeftMax', 'order', 'must not be below daysLeftMin');
  if (faceMaxMinor !== null && (faceMaxMinor < mandate.amountMin || faceMaxMinor > mandate.amountMax))
    fault('amountMax', 'mandate', 'must be within the amounts of the mandate');
  return faults;
}
