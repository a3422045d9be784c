import { allocate } from '#kernel';

/** What is still to be paid on one certificate, in minor units. */
export interface OpenClaim {
  readonly certificateId: string;
  /** For whoever holds it. */
  readonly holderMinor: bigint;
  /** For its seller, when the debtor has paid everything: the part that the financier held back. */
  readonly holdbackMinor: bigint;
}

export interface PaidClaim {
  readonly certificateId: string;
  readonly holderMinor: bigint;
  readonly holdbackMinor: bigint;
}

/**
 * How an anchor's payment is spread: all holders first, in proportion to what each is still owed; then the holdbacks, in
 * the same way. What is left over is nobody's and goes back to the payer. A credit note never comes in here: the
 * undertaking is to pay without set-off, so what a holder gets is never reduced by one.
 */
export function spreadPayment(
  amount: bigint,
  claims: readonly OpenClaim[],
): { readonly paid: readonly PaidClaim[]; readonly over: bigint } {
  const toHolders = part(
    amount,
    claims.map(({ holderMinor }) => holderMinor),
  );
  const toHoldbacks = part(
    toHolders.left,
    claims.map(({ holdbackMinor }) => holdbackMinor),
  );
  return {
    paid: claims
      .map(({ certificateId }, index) => ({
        certificateId,
        holderMinor: toHolders.parts[index] as bigint,
        holdbackMinor: toHoldbacks.parts[index] as bigint,
      }))
      .filter(({ holderMinor, holdbackMinor }) => holderMinor + holdbackMinor > 0n),
    over: toHoldbacks.left,
  };
}

function part(amount: bigint, owed: readonly bigint[]): { readonly parts: readonly bigint[]; readonly left: bigint } {
  const total = owed.reduce((sum, each) => sum + each, 0n);
  if (total === 0n) return { parts: owed.map(() => 0n), left: amount };
  if (amount >= total) return { parts: owed, left: amount - total };
  return { parts: allocate(amount, owed), left: 0n };
}
