import type { DayCount } from '#finance';
import type { CalendarDate, CollateralKind } from '#kernel';
import type { Amortization } from './request-terms.js';

export const contracts = ['conventional', 'murabaha', 'lease', 'discount'] as const;
export type Contract = (typeof contracts)[number];

export const feeTimes = ['upfront', 'yearly', 'each_instalment'] as const;

/** One fee. Either an amount or a percentage of the amount lent. Every compulsory fee counts in the APR. */
export interface OfferFee {
  readonly name: string;
  readonly when: (typeof feeTimes)[number];
  /** Major units as a decimal string. */
  readonly amount?: string;
  readonly percent?: string;
  /** What the percentage is of; left out: of the amount lent. Only offers from before schemes priced guarantees have `outstanding`. */
  readonly of?: 'outstanding';
  /** Who gets it; left out: the financier. */
  readonly payee?: 'guarantor';
  readonly compulsory: boolean;
}

/** What a bid on receivables is computed from beside its rate and fees; decimals are strings. */
export interface ReceivableDiscount {
  /** Percent of what is owed that is kept back until the debtor has paid. */
  readonly holdbackPercent: string;
  /** The day for which bids are compared: the settlement of an acceptance on the day of the close. */
  readonly settlesOn: CalendarDate;
  readonly dayCount: DayCount;
  readonly rateIs: 'discount' | 'yield';
  readonly rounding: 'half_up' | 'half_even';
  /** What is owed by due day, in major units. */
  readonly parts: readonly { readonly dueOn: CalendarDate; readonly amount: string }[];
}

/** What a lender says about a guarantee: which scheme, and the share of the loan. The scheme says the price. */
export interface AskedGuarantee {
  readonly schemeId: string;
  /** Share of the loan that is guaranteed, percent. */
  readonly coverPercent: string;
}

/** A guarantee that is part of an offer, priced by the scheme's published table on the offer's own schedule. */
export interface OfferGuarantee extends AskedGuarantee {
  /** The scheme's short name. */
  readonly scheme: string;
  readonly schemeVersion: number;
  /** What is guaranteed at the start, in major units. */
  readonly guaranteed: string;
  readonly fee: {
    readonly table: string;
    readonly collection: 'upfront' | 'annual';
    /** Major units: the one amount kept back at the start, or the amount of each year in advance. */
    readonly amounts: readonly string[];
    /** What comes back when the loan is settled early. */
    readonly refund: 'none' | 'unused_months';
  };
}

/** The terms of an offer as they are stored and shown; decimals are strings, rates percent a year. */
export interface OfferTerms {
  readonly contract: Contract;
  readonly price:
    | { readonly kind: 'fixed'; readonly annualRate: string }
    /** The reference is as of the offer's day; the comparison assumes that it stays. */
    | {
        readonly kind: 'floating';
        readonly reference: string;
        readonly referenceRate: string;
        readonly margin: string;
      };
  readonly interest: 'declining' | 'flat';
  readonly amortization: Amortization;
  /** Months between instalments. */
  readonly everyMonths: number;
  /** Instalments at the beginning without principal. */
  readonly graceInstalments: number;
  readonly fees: readonly OfferFee[];
  readonly guarantee?: OfferGuarantee;
  readonly collateral: readonly CollateralKind[];
  readonly conditions: readonly { readonly text: string; readonly closed: boolean }[];
  /** Customer checks that were recorded; a binding offer needs at least one. */
  readonly customerChecks: readonly string[];
  readonly recourse: boolean;
  /** Set on bids for receivables, whose price is a discount rate. */
  readonly discount?: ReceivableDiscount;
  /** Percent of the principal repaid early. */
  readonly earlySettlementPercent: string;
  /** Percent a year on overdue amounts; with murabaha it goes to charity and is no income. */
  readonly lateChargePercent: string;
}

/** The terms as a lender gives them: of a guarantee only what it may say. */
export type AskedTerms = Omit<OfferTerms, 'guarantee'> & { readonly guarantee?: AskedGuarantee };
