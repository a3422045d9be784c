import { referencesIn } from './settlement-reference.js';

/** What a person may say that a movement is. */
export const matchKinds = ['obligation', 'obligations', 'payout', 'return', 'own', 'reversal', 'owed'] as const;
export type MatchKind = (typeof matchKinds)[number];

/** What a payment says of itself. */
export interface IncomingPayment {
  readonly amountMinor: bigint;
  readonly currency: string;
  /** Structured references, the end-to-end identification, free texts. */
  readonly texts: readonly string[];
  readonly payerAccount: string | null;
}

/** What somebody is to pay. */
export interface OpenObligation {
  readonly id: string;
  readonly reference: string;
  readonly currency: string;
  readonly outstandingMinor: bigint;
  /** Checked accounts of the one who is to pay. */
  readonly payerAccounts: readonly string[];
}

export type MatchVerdict =
  | { readonly kind: 'matched'; readonly obligationId: string; readonly by: 'reference' | 'amount_and_party' }
  | {
      readonly kind: 'unclear';
      readonly candidates: readonly string[];
      readonly why: 'no_reference' | 'references_differ' | 'currency_differs';
    };

/**
 * What a payment is for: first by its reference, whatever its amount; then, where no reference is known, by amount and
 * payer when exactly one obligation of that payer has this amount open. Everything else is for a person to say: a guess that
 * is wrong pays the wrong one.
 */
export function matchPayment(payment: IncomingPayment, obligations: readonly OpenObligation[]): MatchVerdict {
  const references = new Set(referencesIn(payment.texts));
  const named = obligations.filter(({ reference }) => references.has(reference));
  if (named.length > 1) return { kind: 'unclear', candidates: named.map(({ id }) => id), why: 'references_differ' };
  const [only] = named;
  if (only && only.currency !== payment.currency)
    return { kind: 'unclear', candidates: [only.id], why: 'currency_differs' };
  if (only) return { kind: 'matched', obligationId: only.id, by: 'reference' };
  const ofPayer = obligations.filter(
    ({ currency, payerAccounts }) =>
      currency === payment.currency && payment.payerAccount !== null && payerAccounts.includes(payment.payerAccount),
  );
  const exact = ofPayer.filter(({ outstandingMinor }) => outstandingMinor === payment.amountMinor);
  const [one] = exact;
  if (exact.length === 1 && one) return { kind: 'matched', obligationId: one.id, by: 'amount_and_party' };
  return {
    kind: 'unclear',
    candidates: (exact.length > 0 ? exact : ofPayer).map(({ id }) => id).slice(0, 20),
    why: 'no_reference',
  };
}
