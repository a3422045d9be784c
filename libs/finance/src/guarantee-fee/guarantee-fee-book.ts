import type { Exact } from '../exact-decimal.js';
import { decimal, integer, list, object, oneOf, optional, type ReadBy, text, withDefault } from '../input/index.js';
import { readRuleBook, refuseRuleBook, ruleBookHeaderShape } from '../rule-book/index.js';

const rate = decimal({ min: '0', max: '100' });
const limit = decimal({ positive: true });
const factor = decimal({ positive: true, max: '1' });
const name = text({ max: 40 });
const header = {
  kind: oneOf(['guarantee-fees']),
  ...ruleBookHeaderShape,
  note: optional(text({ max: 2000 })),
  currency: text({ max: 3 }),
} as const;

const bandRate = object({
  ...header,
  method: oneOf(['band_rate_of_loan']),
  tables: list(object({ id: name, clause: text({ max: 200 }), ratesByBand: list(rate, { max: 20 }) }), { max: 20 }),
  bandWithoutStatements: integer({ min: 1, max: 20 }),
  collateralDiscount: rate,
  daysPerYear: integer({ min: 360, max: 366 }),
  instalmentFactors: list(
    object({
      from: integer({ min: 2, max: 1200 }),
      to: withDefault(integer({ min: 2, max: 1200 }), Infinity),
      equal: factor,
      unequal: factor,
    }),
    { max: 20 },
  ),
});

const tiersOfGuaranteed = object({
  ...header,
  method: oneOf(['tiers_of_guaranteed']),
  maxGuaranteed: limit,
  programmes: list(
    object({
      id: name,
      maxLoan: limit,
      coverage: list(object({ loanUpTo: optional(limit), share: factor }), { max: 10 }),
    }),
    { max: 20 },
  ),
  shortMaturity: object({ months: integer({ min: 1, max: 120 }), rate }),
  tiers: list(
    object({
      loanUpTo: optional(limit),
      bands: list(object({ guaranteedUpTo: optional(limit), rate }), { max: 10 }),
    }),
    { max: 10 },
  ),
});

const cappedRate = object({
  ...header,
  method: oneOf(['capped_rate_of_loan']),
  daysPerYear: integer({ min: 360, max: 366 }),
  programmes: list(object({ id: name, tiers: list(object({ loanUpTo: optional(limit), rate }), { max: 10 }) }), {
    max: 20,
  }),
});

/** Japan: a yearly rate by credit band on the loan, times a factor for instalments. Rates are percent a year. */
export type BandRateBook = ReadBy<typeof bandRate>;
/** United States: one rate or a stair of rates on the guaranteed part, by size of the loan. Rates are percent. */
export type TiersOfGuaranteedBook = ReadBy<typeof tiersOfGuaranteed>;
/** China: the highest yearly rate allowed on the loan, by its size. Rates are percent a year. */
export type CappedRateBook = ReadBy<typeof cappedRate>;
export type GuaranteeFeeBook = BandRateBook | TiersOfGuaranteedBook | CappedRateBook;

const methods = {
  band_rate_of_loan: bandRate,
  tiers_of_guaranteed: tiersOfGuaranteed,
  capped_rate_of_loan: cappedRate,
};

/** Reads a book of guarantee fees from JSON; throws `rule_book_malformed` with every field at fault. */
export function readGuaranteeFees(value: unknown): GuaranteeFeeBook {
  const method = typeof value === 'object' && value !== null && 'method' in value ? value.method : undefined;
  const known = Object.keys(methods).find((each): each is keyof typeof methods => each === method);
  if (!known) {
    const message = `must be one of ${Object.keys(methods).join(', ')}`;
    return refuseRuleBook('guarantee fees', [{ pointer: '/method', rule: 'one_of', message }]);
  }
  return readRuleBook<GuaranteeFeeBook>(value, methods[known], 'guarantee fees');
}

/** The names under which a book's fees are asked for: its tables, or the book itself. */
export function feeTables(book: GuaranteeFeeBook): readonly string[] {
  return book.method === 'band_rate_of_loan' ? book.tables.map(({ id }) => id) : [book.id];
}

/** The first tier whose limit, itself included, the loan does not pass; the last tier has no limit. */
export function tierFor<T extends { readonly loanUpTo: Exact | undefined }>(tiers: readonly T[], loan: Exact): T {
  const tier = tiers.find(({ loanUpTo }) => loanUpTo === undefined || loan.lte(loanUpTo));
  return (
    tier ?? refuseRuleBook('guarantee fees', [{ pointer: '/tiers', rule: 'open', message: 'end without an open tier' }])
  );
}
