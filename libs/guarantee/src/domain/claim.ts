/** How a claim’s amount was found: inputs and result, so that it can be computed again. Minor units as text, shares in ppm. */
export interface ComputedClaim {
  readonly book: { readonly id: string; readonly version: string };
  readonly schemeVersion: number;
  readonly inputs: {
    readonly cover: string;
    readonly principalAtDefault: string;
    readonly principalAtClaim: string;
    readonly guaranteedBalance: string;
    readonly portfolioCapLeft: string | null;
    readonly interest: string;
    readonly interestRate: string;
    readonly costs: string;
    readonly interestDays: number;
    readonly interestClause: string | null;
    readonly costsClause: string | null;
  };
  readonly base: string;
  readonly principal: string;
  readonly interestPaid: string;
  readonly costsPaid: string;
  readonly boundBy: string;
  readonly triggerClause: string;
}
