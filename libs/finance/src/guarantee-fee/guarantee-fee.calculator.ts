import { currencyDigits, type FieldError } from '#kernel';
import { Exact } from '../exact-decimal.js';
import {
  type Calculator,
  decimal,
  flag,
  integer,
  invalidInput,
  type JsonValue,
  list,
  object,
  oneOf,
  optional,
  type ReadBy,
  readInput,
  refuseField,
  text,
  withDefault,
} from '../input/index.js';
import { bandRateFee, type LoanPart, partsWithGrace } from './band-rate-fee.js';
import { cappedRateFee } from './capped-rate-fee.js';
import type { BandRateBook, CappedRateBook, GuaranteeFeeBook, TiersOfGuaranteedBook } from './guarantee-fee-book.js';
import type { FeeStep, GuaranteeFee, Term } from './guarantee-fee.js';
import { guaranteedTiersFee } from './guaranteed-tiers-fee.js';

const amount = decimal({ positive: true, max: '1000000000000' });
const months = integer({ min: 1, max: 1200 });
const repayment = oneOf(['bullet', 'instalments', 'unequal_instalments']);

const shape = {
  band: optional(integer({ min: 1, max: 9 })),
  amount: optional(amount),
  months: optional(months),
  days: optional(integer({ min: 1, max: 36_600 })),
  repayment: optional(repayment),
  graceMonths: withDefault(integer({ min: 0, max: 1199 }), 0),
  collateral: withDefault(flag, false),
  parts: optional(list(object({ amount, months, repayment }), { max: 100 })),
  programme: optional(text({ max: 40 })),
} as const;
const caseReader = object({ table: text({ max: 20 }), ...shape });
type FeeInput = ReadBy<typeof caseReader>;

/**
 * `calc guarantee-fee`: `{table, band?, amount, months?, days?, repayment, graceMonths?, collateral?, parts?,
 * programme?}` → `{fee, guaranteed?, steps}`. What a table does not use is refused rather than ignored. With `parts`
 * the parts are the whole loan: their amounts add up to `amount`.
 */
export function guaranteeFeeCalculator(tables: ReadonlyMap<string, GuaranteeFeeBook>): Calculator {
  const reader = object({ table: oneOf([...tables.keys()]), ...shape });
  return (input) => {
    const read = readInput(input, reader);
    const book = tables.get(read.table) as GuaranteeFeeBook;
    refuseFinerAmounts(read, book.currency);
    switch (book.method) {
      case 'band_rate_of_loan':
        return print(bandRate(book, read));
      case 'tiers_of_guaranteed':
        return print(tiers(book, read));
      case 'capped_rate_of_loan':
        return print(capped(book, read));
    }
  };
}

function bandRate(book: BandRateBook, input: FeeInput): GuaranteeFee {
  refuseUnused(input, ['programme']);
  const { table, band, collateral } = input;
  return bandRateFee(book, {
    table,
    band,
    collateral,
    parts: input.parts ? givenParts(input, input.parts) : wholeLoan(input),
  });
}

function givenParts(input: FeeInput, parts: NonNullable<FeeInput['parts']>): LoanPart[] {
  refuseUnused(input, ['days', 'graceMonths']);
  const sum = parts.reduce((total, part) => total.plus(part.amount), new Exact(0));
  if (input.amount && !sum.eq(input.amount)) {
    refuseField('/parts', 'sum', `add up to ${sum.toFixed()}, not to the amount of ${input.amount.toFixed()}`);
  }
  return parts.map((part) => ({ amount: part.amount, term: { months: part.months }, repayment: part.repayment }));
}

function wholeLoan(input: FeeInput): LoanPart[] {
  const loan = required(input.amount, '/amount');
  const term = termOf(input) ?? required<Term>(undefined, '/months');
  const way = required(input.repayment ?? ('days' in term ? 'bullet' : undefined), '/repayment');
  if ('days' in term) {
    if (way !== 'bullet') refuseField('/repayment', 'bullet', 'must be bullet where the term is in days');
    refuseUnused(input, ['graceMonths']);
    return [{ amount: loan, term, repayment: way }];
  }
  if (way === 'bullet') refuseUnused(input, ['graceMonths']);
  if (input.graceMonths >= term.months) refuseField('/graceMonths', 'below_months', 'must be fewer than months');
  return partsWithGrace(loan, term.months, input.graceMonths, way);
}

function tiers(book: TiersOfGuaranteedBook, input: FeeInput): GuaranteeFee {
  refuseUnused(input, ['band', 'days', 'graceMonths', 'collateral', 'parts']);
  return guaranteedTiersFee(book, {
    programme: programmeOf(book.programmes, input),
    amount: required(input.amount, '/amount'),
    months: required(input.months, '/months'),
  });
}

function capped(book: CappedRateBook, input: FeeInput): GuaranteeFee {
  refuseUnused(input, ['band', 'graceMonths', 'collateral', 'parts']);
  const programme = programmeOf(book.programmes, input);
  return cappedRateFee(book, {
    programme,
    amount: required(input.amount, '/amount'),
    term: termOf(input) ?? { months: 12 },
  });
}

/** The book's first programme when none is named; capitals, blanks and hyphens do not matter. */
function programmeOf(programmes: readonly { readonly id: string }[], { programme }: FeeInput): string {
  const plain = (written: string) => written.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const found = programme === undefined ? programmes[0] : programmes.find(({ id }) => plain(id) === plain(programme));
  return (
    found?.id ?? refuseField('/programme', 'one_of', `must be one of ${programmes.map(({ id }) => id).join(', ')}`)
  );
}

function termOf({ months: inMonths, days }: FeeInput): Term | undefined {
  if (inMonths !== undefined && days !== undefined)
    refuseField('/days', 'one_term', 'must be absent where months are given');
  return inMonths !== undefined ? { months: inMonths } : days !== undefined ? { days } : undefined;
}

function required<T>(value: T | undefined, pointer: string): T {
  return value ?? refuseField(pointer, 'required', 'is required');
}

function refuseUnused(input: FeeInput, names: readonly (keyof typeof shape)[]): void {
  const used = names.filter((name) => input[name] !== undefined && input[name] !== 0 && input[name] !== false);
  if (used.length === 0) return;
  throw invalidInput(
    used.map((name) => ({
      pointer: `/${name}`,
      rule: 'unused',
      message: `has no meaning in this case of ${input.table}`,
    })),
  );
}

/** A yen has no decimals: an amount finer than the currency is a mistake, not something to round. */
function refuseFinerAmounts({ amount: whole, parts }: FeeInput, currency: string): void {
  const digits = currencyDigits(currency);
  const problems: FieldError[] = [];
  const check = (pointer: string, value: Exact | undefined) => {
    if (value && value.decimalPlaces() > digits) {
      problems.push({ pointer, rule: 'decimals', message: `must have at most ${digits} decimals in ${currency}` });
    }
  };
  check('/amount', whole);
  parts?.forEach((part, index) => check(`/parts/${index}/amount`, part.amount));
  if (problems.length > 0) throw invalidInput(problems);
}

function print({ fee, guaranteed, currency, steps }: GuaranteeFee): JsonValue {
  const money = (value: Exact) => value.toFixed(currencyDigits(currency));
  const printStep = ({ clause, of, rate, term, factor, fee: part }: FeeStep): JsonValue => ({
    clause,
    of: money(of),
    rate: rate.toFixed(),
    ...term,
    ...(factor && { factor: factor.toFixed() }),
    fee: money(part),
  });
  return { fee: money(fee), ...(guaranteed && { guaranteed: money(guaranteed) }), steps: steps.map(printStep) };
}
