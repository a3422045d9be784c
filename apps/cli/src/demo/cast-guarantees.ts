import { enterpriseCast } from './cast-enterprises.js';

/** Where a guarantee of the demonstration stands today. */
export type GuaranteeStory =
  | 'letter'
  | 'issued'
  | 'in_force'
  | 'reduced'
  | 'late'
  | 'repaid'
  | 'unpaid_fee'
  | 'letter_over'
  | 'claim_paid'
  | 'claim_appealed';

export interface GuaranteeRole {
  readonly story: GuaranteeStory;
  /** Of the cast of firms, by its place; a few have two guarantees. */
  readonly firm: number;
  readonly lender: string;
  /** Automatic under the lender's portfolio agreement, or looked at by the fund's people. */
  readonly agreed: boolean;
  readonly loan: number;
  readonly tenor: number;
  readonly cover: string;
  /** From an offer on the market that was awarded; its lender is one of those invited there. Else a loan outside the market. */
  readonly market: boolean;
}

/** Five sources, government to institutions as 6 to 4, in major units. */
export const sources = [
  { name: 'Ministry of Finance', class: 'government', amount: '70000000.00' },
  { name: 'SME Authority', class: 'government', amount: '50000000.00' },
  { name: 'Wadi Bank', class: 'institution', amount: '35000000.00' },
  { name: 'Sahel Bank', class: 'institution', amount: '30000000.00' },
  { name: 'Marjan Bank', class: 'institution', amount: '15000000.00' },
] as const;

/** Lenders that the fund has accredited; the first two have a portfolio agreement. */
export const guaranteedLenders = [
  'wadi-bank',
  'rimal-finance',
  'sahel-bank',
  'sanabil-fund',
  'noor-microfinance',
] as const;
export const agreedLenders: readonly string[] = guaranteedLenders.slice(0, 2);

/** Who bears what of each claim that the fund pays; the shares are a hundred together. */
export const layers = [
  { kind: 'scheme', slug: 'guarantee-fund', percent: '40' },
  { kind: 'fund', slug: 'reguarantee-fund', percent: '40' },
  { kind: 'region', slug: 'riyadh-guarantee', percent: '20' },
] as const;

/** Firms that banks lend to: small and medium ones. */
const marketFirms = enterpriseCast.flatMap(({ revenue }, at) =>
  revenue > 3_500_000 && revenue < 100_000_000 ? [at] : [],
);

const counts: readonly (readonly [GuaranteeStory, number])[] = [
  ['claim_paid', 1],
  ['claim_appealed', 1],
  ['late', 2],
  ['repaid', 6],
  ['unpaid_fee', 2],
  ['reduced', 24],
  ['in_force', 10],
  ['letter_over', 2],
  ['issued', 5],
  ['letter', 7],
];

/** What the market's own loans with a guarantee are today. */
const ofMarket: readonly GuaranteeStory[] = ['in_force', 'issued'];

/**
 * Sixty guarantees in every state, spread over firms, lenders, amounts and tenors by plain rules. Fifteen come from offers with a guarantee
 * that were awarded on the market, the others from loans outside it.
 */
export const guaranteeCast: readonly GuaranteeRole[] = counts
  .flatMap(([story, count]) => Array.from({ length: count }, () => story))
  .map((story, n) => ({
    story,
    firm: n % 38,
    lender: guaranteedLenders[n % guaranteedLenders.length] as string,
    agreed: agreedLenders.includes(guaranteedLenders[n % guaranteedLenders.length] as string),
    loan: 120_000 + ((n * 7) % 11) * 80_000,
    tenor: [12, 24, 36, 48, 60][n % 5] as number,
    cover: n % 3 === 0 ? '80.00' : n % 3 === 1 ? '70.00' : '60.00',
    market: false,
  }))
  .map((role, n) =>
    ofMarket.includes(role.story)
      ? {
          ...role,
          market: true,
          firm: marketFirms[n % marketFirms.length] as number,
          loan: 260_000 + (n % 5) * 90_000,
          tenor: 36,
        }
      : role,
  );
