import {
  decimal,
  type DayCount,
  integer,
  list,
  object,
  oneOf,
  optional,
  readRuleBook,
  type RuleBookHeader,
  type Reader,
  refuse,
  ruleBookHeaderShape,
  text,
} from '#finance';
import { parseMoney, type Money, type ProductKind, productKinds } from '#kernel';

/** The periods, limits and word lists of one country's market: data of `config/countries/<cc>/market.json`. */
export interface MarketRules extends RuleBookHeader {
  readonly currency: string;
  /** Working days in which offers may be made. */
  readonly biddingWorkingDays: number;
  /** Working days in which an invited financier is to offer or decline. */
  readonly answerWorkingDays: number;
  /** Working days after the close in which the enterprise decides. */
  readonly decideWorkingDays: number;
  /** Working days for a financier to turn an indicative offer into a binding one. */
  readonly bindingWorkingDays: number;
  readonly agreeWorkingDays: number;
  readonly disburseWorkingDays: number;
  /** Percent a year by name: every floating offer is compared on the same reference. */
  readonly referenceRates: Readonly<Record<string, string>>;
  readonly extensionMinutes: number;
  readonly extensionsAtMost: number;
  /** How many financiers are invited at once; a decline invites the next in rank. */
  readonly invitedAtMost: number;
  /** Firms that must share what an anonymous brief shows; smaller cells are coarsened. */
  readonly lookAlikesAtLeast: number;
  readonly amountAtMost: Money;
  /** Kinds of documents that a request of each product needs. */
  readonly checklists: Readonly<Record<ProductKind, readonly string[]>>;
  /** Codes of rejection with what to do about each. */
  readonly rejectionReasons: Readonly<Record<string, string>>;
  readonly declineReasons: readonly string[];
  /** How receivables are traded; hours are those of the country's business calendar. */
  readonly receivables: {
    readonly dayCount: DayCount;
    readonly rateIs: 'discount' | 'yield';
    readonly rounding: 'half_up' | 'half_even';
    /** Working hours in which bids may be made; they end within opening hours. */
    readonly biddingWorkingHours: number;
    readonly decideWorkingDays: number;
    /** Certificates in one pool. */
    readonly pooledAtMost: number;
  };
}

/** An object of names and texts, such as codes and what they mean. */
function words(name: RegExp, says: RegExp): Reader<Readonly<Record<string, string>>> {
  return {
    read(value, pointer, problems) {
      const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
      const sound =
        entries.length > 0 &&
        entries.every(([key, text]) => name.test(key) && typeof text === 'string' && says.test(text));
      if (!sound)
        return refuse(
          problems,
          pointer,
          'words',
          `must be an object whose names match ${name.source} and whose texts match ${says.source}`,
        );
      return Object.fromEntries(entries) as Record<string, string>;
    },
  };
}

const days = integer({ min: 1, max: 60 });

const shape = object({
  kind: text({ max: 20 }),
  ...ruleBookHeaderShape,
  currency: text({ max: 3 }),
  biddingWorkingDays: days,
  answerWorkingDays: days,
  decideWorkingDays: days,
  bindingWorkingDays: days,
  agreeWorkingDays: days,
  disburseWorkingDays: days,
  referenceRates: words(/^[A-Z0-9-]{2,40}$/, /^\d{1,3}(\.\d{1,6})?$/),
  extensionMinutes: integer({ min: 1, max: 60 }),
  extensionsAtMost: integer({ min: 0, max: 20 }),
  invitedAtMost: integer({ min: 1, max: 1000 }),
  lookAlikesAtLeast: integer({ min: 2, max: 1000 }),
  amountAtMost: decimal(),
  checklists: object(
    Object.fromEntries(productKinds.map((kind) => [kind, optional(list(text({ max: 40 }), { min: 0, max: 20 }))])),
  ),
  rejectionReasons: words(/^[a-z_]{2,40}$/, /./),
  declineReasons: list(text({ max: 40 }), { max: 40 }),
  receivables: object({
    dayCount: oneOf(['ACT/360', 'ACT/365', '30/360']),
    rateIs: oneOf(['discount', 'yield']),
    rounding: oneOf(['half_up', 'half_even']),
    biddingWorkingHours: integer({ min: 1, max: 400 }),
    decideWorkingDays: days,
    pooledAtMost: integer({ min: 2, max: 1000 }),
  }),
});

/** Reads and checks a rule book of kind `market-rules`. */
export function readMarketRules(value: unknown): MarketRules {
  const { kind: _kind, ...book } = readRuleBook(value, shape, 'market rules');
  const checklists = Object.fromEntries(productKinds.map((kind) => [kind, book.checklists[kind] ?? []])) as Record<
    ProductKind,
    string[]
  >;
  return { ...book, checklists, amountAtMost: parseMoney(book.amountAtMost.toString(), book.currency) };
}
