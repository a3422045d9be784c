// size: one shape a kind of clause, with its reader; apart they could disagree.
import {
  decimal,
  type Exact,
  flag,
  integer,
  list,
  object,
  oneOf,
  optional,
  readRuleBook,
  text,
  withDefault,
} from '#finance';
import { type FieldError, productKinds, grades, sectors, sizeClasses, ageBands } from '#kernel';
import { type ClaimClause, claimClausesReader } from './claim-clauses.js';

/** A text in each language of the portal. */
export interface ClauseText {
  readonly en: string;
  readonly ar: string;
  readonly zh: string;
}

/** What narrows a clause to some loans; nothing stated means every loan. */
export interface ClauseCondition {
  readonly sizeClasses?: readonly string[] | undefined;
  readonly sectors?: readonly string[] | undefined;
  readonly womenLed?: boolean | undefined;
  /** Major units: the loan is at most this. */
  readonly loanUpTo?: Exact | undefined;
}

/** Over what a cap counts: the sum of guaranteed balances, reserved ones among them. */
export const capScopes = ['enterprise', 'lender', 'sector', 'region', 'vintage'] as const;
export type CapScope = (typeof capScopes)[number];

export type Clause = { readonly id: string; readonly text: ClauseText } & (
  | { readonly kind: 'enterprise_sizes'; readonly sizeClasses: readonly string[] }
  | { readonly kind: 'enterprise_sectors'; readonly sectors: readonly string[]; readonly excluded: boolean }
  | { readonly kind: 'enterprise_regions'; readonly regions: readonly string[] }
  | { readonly kind: 'enterprise_ages'; readonly ageBands: readonly string[] }
  | { readonly kind: 'enterprise_grade'; readonly floor: string; readonly unrated: boolean }
  | { readonly kind: 'enterprise_verified' }
  | { readonly kind: 'lender_kinds'; readonly kinds: readonly string[] }
  | { readonly kind: 'products'; readonly productKinds: readonly string[] }
  | { readonly kind: 'tenor'; readonly minMonths: number; readonly maxMonths: number }
  | { readonly kind: 'loan_amount'; readonly min: Exact; readonly max: Exact }
  | { readonly kind: 'guarantee_amount'; readonly max: Exact }
  | { readonly kind: 'maximum_cover'; readonly percent: Exact; readonly when?: ClauseCondition | undefined }
  | { readonly kind: 'retained_share'; readonly minPercent: Exact }
  | { readonly kind: 'retained_without_collateral' }
  | {
      readonly kind: 'cap';
      readonly scope: CapScope;
      /** Major units; or `percent` of the capacity granted. */
      readonly amount?: Exact | undefined;
      readonly percent?: Exact | undefined;
      /** Only of these sectors, regions or years; each of all when left out. */
      readonly keys?: readonly string[] | undefined;
    }
);
export type ClauseKind = Clause['kind'];

/** How a fee is found, when it is collected and what comes back on early repayment. */
export interface FeeRule {
  /** A published table, as `calc guarantee-fee` names it. */
  readonly table: string;
  /** The version of the table's book that this scheme version was made with. */
  readonly bookVersion: string;
  readonly programme?: string | undefined;
  /** What is handed to the table as the amount. A table of tiers takes its guaranteed part of the loan by itself. */
  readonly base: 'loan' | 'guaranteed' | 'guaranteed_outstanding';
  readonly collection: 'upfront' | 'annual';
  /** Band of the table by grade, where the table has bands; `unrated` is left to the table. */
  readonly bands?: Readonly<Record<string, number>> | undefined;
  /** Part of the published fee that this scheme charges, in percent: a subsidy lowers it. */
  readonly factorPercent: Exact;
  readonly rounding: 'down' | 'half_up';
  readonly refund: 'none' | 'unused_months';
}

export interface SchemeTerms {
  readonly clauses: readonly Clause[];
  /** What the scheme says about claims; the rule book stands in for kinds that are left out. */
  readonly claims: readonly ClaimClause[];
  /** Capacity granted per unit of capital, in hundredths: 500 is five times. */
  readonly leverageHundredths: number;
  readonly fee: FeeRule;
  /** Weights by class of source, 4 : 6, and how many percentage points the paid-in parts may differ. */
  readonly covenant: {
    readonly parts: readonly { readonly sourceClass: string; readonly weight: number }[];
    readonly tolerancePoints: Exact;
  };
  /** Days after an approval in which letters of intent can be drawn. */
  readonly approvalDays: number;
  /** Days for which a letter of intent holds. */
  readonly letterDays: number;
  /** Days between the notice of a lapse and the lapse. */
  readonly cureDays: number;
  /** Days past due from which a loan is in default. */
  readonly defaultDays: number;
  /** Days after the term in which a claim can still be notified. */
  readonly claimDays: number;
  /** Days in which a billed fee is to be paid. */
  readonly feeDays: number;
  /** Days without a report after which a lender is given notice. */
  readonly reportGraceDays: number;
  /** The text that the enterprise agrees to. */
  readonly consentText: ClauseText;
}

const localText = object({ en: text({ max: 2000 }), ar: text({ max: 2000 }), zh: text({ max: 2000 }) });
const words = (all: readonly string[], max = 60) => list(oneOf(all), { min: 1, max });
const percent = decimal({ min: '0', max: '100' });
const amount = decimal({ positive: true, max: '1000000000000000' });
const strings = (max: number) => list(text({ max: 40 }), { min: 1, max });

const condition = object({
  sizeClasses: optional(words(sizeClasses)),
  sectors: optional(words(sectors)),
  womenLed: optional(flag),
  loanUpTo: optional(amount),
});

const shapes = {
  enterprise_sizes: { sizeClasses: words(sizeClasses) },
  enterprise_sectors: { sectors: words(sectors), excluded: withDefault(flag, false) },
  enterprise_regions: { regions: strings(100) },
  enterprise_ages: { ageBands: words(ageBands) },
  enterprise_grade: { floor: oneOf(grades), unrated: withDefault(flag, false) },
  enterprise_verified: {},
  lender_kinds: { kinds: strings(20) },
  products: { productKinds: words(productKinds) },
  tenor: { minMonths: integer({ min: 1, max: 480 }), maxMonths: integer({ min: 1, max: 480 }) },
  loan_amount: { min: amount, max: amount },
  guarantee_amount: { max: amount },
  maximum_cover: { percent, when: optional(condition) },
  retained_share: { minPercent: percent },
  retained_without_collateral: {},
  cap: {
    scope: oneOf(capScopes),
    amount: optional(amount),
    percent: optional(percent),
    keys: optional(strings(100)),
  },
} as const;

export const clauseKinds = Object.keys(shapes) as readonly ClauseKind[];

/** Reads one clause by its kind. */
const clause = {
  read(value: unknown, pointer: string, problems: Parameters<typeof localText.read>[2]) {
    const named = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
    const kind = clauseKinds.find((each) => each === named);
    const shape = kind ? shapes[kind] : {};
    return object({ id: text({ max: 20 }), kind: oneOf(clauseKinds), text: localText, ...shape }).read(
      value,
      pointer,
      problems,
    );
  },
};

/** The reader of a version's terms, as they are sent, filed and kept. */
export const schemeTermsReader = object({
  clauses: list(clause, { min: 1, max: 100 }),
  claims: withDefault(claimClausesReader, []),
  leverageHundredths: integer({ min: 100, max: 3000 }),
  fee: object({
    table: text({ max: 20 }),
    bookVersion: text({ max: 40 }),
    programme: optional(text({ max: 40 })),
    base: oneOf(['loan', 'guaranteed', 'guaranteed_outstanding']),
    collection: oneOf(['upfront', 'annual']),
    bands: optional(object(Object.fromEntries(grades.map((grade) => [grade, integer({ min: 1, max: 20 })])))),
    factorPercent: decimal({ positive: true, max: '100' }),
    rounding: oneOf(['down', 'half_up']),
    refund: oneOf(['none', 'unused_months']),
  }),
  covenant: object({
    parts: list(object({ sourceClass: text({ max: 20 }), weight: integer({ min: 1, max: 1000 }) }), {
      min: 1,
      max: 10,
    }),
    tolerancePoints: decimal({ min: '0', max: '50' }),
  }),
  approvalDays: integer({ min: 1, max: 365 }),
  letterDays: integer({ min: 1, max: 365 }),
  cureDays: integer({ min: 1, max: 365 }),
  defaultDays: withDefault(integer({ min: 1, max: 365 }), 90),
  claimDays: withDefault(integer({ min: 1, max: 1000 }), 90),
  feeDays: withDefault(integer({ min: 1, max: 365 }), 30),
  reportGraceDays: integer({ min: 1, max: 365 }),
  consentText: localText,
});

/** Reads terms as they are sent or filed; throws `rule_book_malformed` with every field at fault. */
export function readSchemeTerms(value: unknown): SchemeTerms {
  return readRuleBook(value, schemeTermsReader, 'scheme terms') as unknown as SchemeTerms;
}

/** Reads the clauses of a portfolio agreement. */
export function readClauses(value: unknown): readonly Clause[] {
  return readRuleBook(value, list(clause, { min: 0, max: 50 }), 'agreement clauses') as unknown as readonly Clause[];
}

/** Names what does not fit together in terms that could be read. */
export function incoherences(terms: SchemeTerms): readonly FieldError[] {
  const faults: FieldError[] = [];
  const ids = [...terms.clauses, ...terms.claims].map(({ id }) => id);
  terms.claims.forEach(({ id }, index) => {
    if (ids.indexOf(id) !== terms.clauses.length + index)
      faults.push({ pointer: `/claims/${index}/id`, rule: 'once', message: 'stands twice' });
  });
  terms.clauses.forEach((each, index) => {
    const pointer = `/clauses/${index}`;
    if (ids.indexOf(each.id) !== index)
      faults.push({ pointer: `${pointer}/id`, rule: 'once', message: 'stands twice' });
    if (each.kind === 'cap' && (each.amount === undefined) === (each.percent === undefined))
      faults.push({ pointer, rule: 'one_of', message: 'needs either an amount or a percent' });
    if (each.kind === 'tenor' && each.minMonths > each.maxMonths)
      faults.push({ pointer, rule: 'order', message: 'minMonths is above maxMonths' });
    if (each.kind === 'loan_amount' && each.min.gt(each.max))
      faults.push({ pointer, rule: 'order', message: 'min is above max' });
  });
  const kinds = new Set(terms.clauses.map(({ kind }) => kind));
  for (const kind of ['maximum_cover', 'retained_share'] as const)
    if (!kinds.has(kind)) faults.push({ pointer: '/clauses', rule: 'required', message: `must hold a clause ${kind}` });
  const floor = terms.clauses.find((each) => each.kind === 'retained_share');
  const covers = terms.clauses.flatMap((each) => (each.kind === 'maximum_cover' ? [each.percent] : []));
  if (floor && covers.some((cover) => cover.plus(floor.minPercent).gt(100)))
    faults.push({
      pointer: '/clauses',
      rule: 'sum',
      message: 'a cover leaves the lender less than its retained share',
    });
  return faults;
}
