import type { CalendarDate, Money } from '#kernel';

/** One payment of the enterprise: the instalment and the fees that fall due with it. */
export interface OfferPayment {
  readonly n: number;
  readonly due: CalendarDate;
  readonly principal: Money;
  /** Interest, profit or discount. */
  readonly interest: Money;
  readonly fees: Money;
  readonly total: Money;
  /** Principal still owed afterwards. */
  readonly balance: Money;
}

/** Money between the enterprise and everybody it pays: received is positive. */
export interface OfferFlow {
  readonly on: CalendarDate;
  readonly amount: bigint;
}

/** The rate in percent a year with six decimals, or why there is none. */
export type OfferApr = { readonly apr: string } | { readonly apr: null; readonly reason: string };

/** How an offer goes when it is not paid as agreed. */
export interface OfferScenario {
  readonly on: CalendarDate;
  /** Paid on that day: principal, interest up to it, fee, less rebate. */
  readonly paid: Money;
  readonly fee: Money;
  /** Part of the profit given back; zero but for a murabaha with a rebate. */
  readonly rebate: Money;
  /** What comes back of fees paid for months that are not used, such as a guarantee's. */
  readonly refund: Money;
  readonly totalCost: Money;
  /** Against the offer paid as agreed: negative when it costs less. */
  readonly difference: Money;
  readonly effectiveRate: OfferApr;
}

export interface OfferCost {
  readonly payments: readonly OfferPayment[];
  /** What reaches the enterprise at the start: the amount less upfront fees, discount and holdback. */
  readonly received: Money;
  /** Everything it pays afterwards (a receivable: what the debtor pays the financier and does not come back). */
  readonly repaid: Money;
  /** Interest, profit or discount over the whole term. */
  readonly interest: Money;
  /** Compulsory fees without the guarantee's; financed ones included. */
  readonly fees: Money;
  readonly guaranteeFees: Money;
  /** Interest plus all compulsory fees: repaid less received. */
  readonly totalCost: Money;
  /** Total cost per unit of currency of the amount financed, four decimals: "0.1234". */
  readonly costPerUnit: string;
  /** Repaid divided by the number of payments, and by the months from start to last payment. */
  readonly averagePayment: Money;
  readonly averageMonthlyPayment: Money;
  /** All-in effective annual rate by the equation of Directive 2008/48/EC, every compulsory fee counted. */
  readonly effectiveRate: OfferApr;
  readonly flows: readonly OfferFlow[];
  /** Absent where the offer has nothing to settle early: a discounted receivable. */
  readonly early?: OfferScenario;
  readonly late: OfferScenario;
}
