/**
 * Whether an act that binds `amountMinor` needs a second person. A person or program without a stated approval
 * limit may bind nothing alone.
 */
export function needsChecker(amountMinor: bigint, approvalLimitMinor: bigint | undefined): boolean {
  return approvalLimitMinor === undefined || amountMinor > approvalLimitMinor;
}

/** True when maker and checker are one person, which no act of an institution that binds money allows. */
export function isSamePerson(makerId: string, checkerId: string): boolean {
  return makerId === checkerId;
}
