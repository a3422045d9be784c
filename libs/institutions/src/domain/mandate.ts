import type { Mandate } from '#kernel';
import type { MandateState } from './mandate.lifecycle.js';

/** Limits in minor units of the mandate's currency; null: no limit of this kind. */
export interface MandateLimits {
  /** Largest sum reserved or committed to one enterprise under this mandate. */
  readonly perEnterpriseMinor: bigint | null;
  /** Largest sum on receivables of one anchor. */
  readonly perAnchorMinor: bigint | null;
  /** Largest sum newly reserved in one calendar month of the portal's country. */
  readonly monthlyAppetiteMinor: bigint | null;
}

/** A mandate with its standing and limits, as its institution sees it. */
export interface MandateRecord extends Mandate, MandateLimits {
  /** The institution's own reference, unique within it. */
  readonly reference: string;
  readonly name: string;
  readonly status: MandateState;
  /** First and last day (inclusive) in the portal country's time; null: no end. */
  readonly validFrom: string;
  readonly validTo: string | null;
  /** A checker approved the limits (also "no limit") at least once: without that a mandate never goes live. */
  readonly limitsApproved: boolean;
  readonly version: number;
}

/** True when the mandate may be matched on `today` (portal country's date); its financier's standing is judged apart. */
export function isInForce(mandate: Pick<MandateRecord, 'status' | 'validFrom' | 'validTo'>, today: string): boolean {
  return (
    mandate.status === 'live' && mandate.validFrom <= today && (mandate.validTo === null || today <= mandate.validTo)
  );
}
