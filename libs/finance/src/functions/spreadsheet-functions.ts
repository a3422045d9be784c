import { Exact } from '../exact-decimal.js';
import { refuseField } from '../input/index.js';
import { ratio } from '../ratio.js';
import {
  type Annuity,
  annuityFactor,
  futureValue,
  growth,
  interestPaid,
  nper,
  pmt,
  presentValue,
  principalPaid,
} from './annuities.js';
import type { Arguments } from './arguments.js';
import { basisFraction } from './discount-securities.js';
import { noValue } from './errors.js';
import { discounted, internalRate, yearsOf365 } from './flow-functions.js';
import { nearestRate } from './solve-rate.js';

type SpreadsheetFunction = { readonly most: number; readonly value: (args: Arguments) => Exact };

const zero = new Exact(0);

/** One payment's part, IPMT and PPMT: rate, per, nper, pv, fv, type. */
function partOfPayment(args: Arguments, part: typeof interestPaid): Exact {
  const annuity: Annuity = { rate: args.number(0), nper: args.number(2), due: args.due(5) };
  const per = args.number(1);
  if (per.lt(1) || per.gte(annuity.nper.add(1))) noValue(1, 'per must be from 1 to nper');
  return part(annuity, args.number(3), args.number(4, 0), per, per);
}

/** Payments together, CUMIPMT and CUMPRINC: rate, nper, pv, first, last, type. */
function partOfPayments(args: Arguments, part: typeof interestPaid): Exact {
  const annuity: Annuity = { rate: args.number(0), nper: args.whole(1), due: args.due(5) };
  const [pv, first, last] = [args.number(2), args.whole(3), args.whole(4)];
  if (annuity.rate.lte(0)) noValue(0, 'the rate must be above zero');
  if (annuity.nper.lte(0)) noValue(1, 'nper must be above zero');
  if (pv.lte(0)) noValue(2, 'pv must be above zero');
  if (first.lt(1) || first.gt(last)) noValue(3, 'the first period must be from 1 to the last');
  if (last.gt(annuity.nper)) noValue(4, 'the last period must be at most nper');
  return part(annuity, pv, zero, first, last);
}

function rate(args: Arguments): Exact {
  const [periods, payment, pv, fv] = [args.number(0), args.number(1), args.number(2), args.number(3, 0)];
  const due = args.due(4);
  if (periods.lte(0)) noValue(0, 'nper must be above zero');
  const [n, p, v, f] = [periods, payment, pv, fv].map((each) => each.toNumber()) as [number, number, number, number];
  const floating = (r: number): number => {
    const grown = (1 + r) ** n;
    const factor = Math.abs(r) < 1e-9 ? n * (1 + ((n - 1) / 2) * r) : Math.expm1(n * Math.log1p(r)) / r;
    return r > 0 ? v + (p * (1 + r * due) * factor + f) / grown : v * grown + p * (1 + r * due) * factor + f;
  };
  const exact = (r: Exact) =>
    pv
      .mul(growth(r, periods))
      .add(payment.mul(annuityFactor({ rate: r, nper: periods, due })))
      .add(fv);
  return nearestRate({ floating, exact }, args.number(5, 0.1).toNumber());
}

function rri(args: Arguments): Exact {
  const [periods, pv, fv] = [args.number(0), args.number(1), args.number(2)];
  if (periods.lte(0)) noValue(0, 'nper must be above zero');
  if (pv.isZero() || fv.div(pv).lt(0)) noValue(1, 'pv and fv must have one sign, and pv not be zero');
  return fv.div(pv).pow(new Exact(1).div(periods)).sub(1);
}

function ispmt(args: Arguments): Exact {
  const periods = args.number(2);
  if (periods.isZero()) noValue(2, 'nper must not be zero');
  return args.number(3).mul(args.number(0)).mul(args.number(1).div(periods).sub(1));
}

/** Nominal and effective rate of compounding `npery` times a year. */
function compounding(args: Arguments, convert: (rate: Exact, npery: Exact) => Exact): Exact {
  const [given, npery] = [args.number(0), args.whole(1)];
  if (given.lte(0)) noValue(0, 'the rate must be above zero');
  if (npery.lt(1)) noValue(1, 'npery must be at least 1');
  return convert(given, npery);
}

function xirr(args: Arguments): Exact {
  const [values, dates] = [args.numbers(0), args.dates(1)];
  if (values.length !== dates.length) refuseField('/args/1', 'list', 'must have as many dates as there are values');
  return internalRate(values, yearsOf365(dates), args.number(2, 0.1).toNumber());
}

function xnpv(args: Arguments): Exact {
  const [values, dates] = [args.numbers(1), args.dates(2)];
  if (values.length !== dates.length) refuseField('/args/2', 'list', 'must have as many dates as there are values');
  return discounted(args.number(0), values, yearsOf365(dates));
}

/** IRR: a list and a guess, or the values one by one. */
function irr(args: Arguments): Exact {
  const values = args.isList(0) ? args.numbers(0) : args.rest(0);
  const guess = args.isList(0) ? args.number(1, 0.1).toNumber() : 0.1;
  return internalRate(
    values,
    values.map((_, index) => ratio(index)),
    guess,
  );
}

function npv(args: Arguments): Exact {
  const values = args.rest(1);
  if (values.length === 0) refuseField('/args/1', 'required', 'is required');
  return discounted(
    args.number(0),
    values,
    values.map((_, index) => ratio(index + 1)),
  );
}

/** A discounted security: settlement, maturity, two figures and a basis. */
function security(args: Arguments, value: (first: Exact, second: Exact, time: Exact) => Exact): Exact {
  const time = basisFraction(args.basis(4), args.date(0), args.date(1));
  const [first, second] = [args.number(2), args.number(3)];
  if (first.lte(0)) noValue(2, 'must be above zero');
  if (second.lte(0)) noValue(3, 'must be above zero');
  return value(first, second, time);
}

function received(investment: Exact, discount: Exact, time: Exact): Exact {
  const rest = new Exact(1).sub(discount.mul(time));
  return rest.lte(0) ? noValue(3, 'the discount takes the whole amount') : investment.div(rest);
}

/** The functions by their spreadsheet names, with the number of arguments that they take at most. */
export const spreadsheetFunctions = {
  PMT: {
    most: 5,
    value: (a) => pmt({ rate: a.number(0), nper: a.number(1), due: a.due(4) }, a.number(2), a.number(3, 0)),
  },
  IPMT: { most: 6, value: (a) => partOfPayment(a, interestPaid) },
  PPMT: { most: 6, value: (a) => partOfPayment(a, principalPaid) },
  CUMIPMT: { most: 6, value: (a) => partOfPayments(a, interestPaid) },
  CUMPRINC: { most: 6, value: (a) => partOfPayments(a, principalPaid) },
  RATE: { most: 6, value: rate },
  RRI: { most: 3, value: rri },
  NPER: { most: 5, value: (a) => nper(a.number(0), a.number(1), a.number(2), a.number(3, 0), a.due(4)) },
  PV: {
    most: 5,
    value: (a) => presentValue({ rate: a.number(0), nper: a.number(1), due: a.due(4) }, a.number(2, 0), a.number(3, 0)),
  },
  FV: {
    most: 5,
    value: (a) => futureValue({ rate: a.number(0), nper: a.number(1), due: a.due(4) }, a.number(2, 0), a.number(3, 0)),
  },
  ISPMT: { most: 4, value: ispmt },
  EFFECT: { most: 2, value: (a) => compounding(a, (given, n) => given.div(n).add(1).pow(n).sub(1)) },
  NOMINAL: {
    most: 2,
    value: (a) => compounding(a, (given, n) => given.add(1).pow(new Exact(1).div(n)).sub(1).mul(n)),
  },
  XIRR: { most: 3, value: xirr },
  XNPV: { most: 3, value: xnpv },
  IRR: { most: 255, value: irr },
  NPV: { most: 255, value: npv },
  DISC: { most: 5, value: (a) => security(a, (pr, redemption, t) => redemption.sub(pr).div(redemption).div(t)) },
  PRICEDISC: {
    most: 5,
    value: (a) => security(a, (discount, redemption, t) => redemption.sub(discount.mul(redemption).mul(t))),
  },
  YIELDDISC: { most: 5, value: (a) => security(a, (pr, redemption, t) => redemption.sub(pr).div(pr).div(t)) },
  INTRATE: { most: 5, value: (a) => security(a, (paid, redemption, t) => redemption.sub(paid).div(paid).div(t)) },
  RECEIVED: { most: 5, value: (a) => security(a, received) },
} as const satisfies Readonly<Record<string, SpreadsheetFunction>>;

export type SpreadsheetFunctionName = keyof typeof spreadsheetFunctions;
