import { type CivilDate, dayOf } from '../day-count/civil-day.js';
import { addRatios, multiplyRatios, type Ratio, ratio } from '../ratio.js';
import { type DatedEvent, datedEvents, impossible } from './dated-events.js';
import { equalInstalment, flatInterest, type InstalmentRule, ruleFrom } from './instalment-rule.js';
import { fractionInside, type Period } from './periods.js';
import { factorsFrom, interestOn, isWaived, type Plan, roundedLevel, type Row } from './plan.js';

/** The loan between two instalments. `owed` is what interest runs on, `unbilled` what no instalment asked for yet. */
interface State {
  rule: InstalmentRule;
  rate: Ratio;
  owed: bigint;
  unbilled: bigint;
  overdueInterest: bigint;
  overduePrincipal: bigint;
  deferred: bigint;
}

/** One instalment in the making. */
interface Current {
  readonly index: number;
  readonly period: Period;
  readonly to: number;
  accruedTo: number;
  interest: bigint;
  /** Interest per unit of balance over the period when the rate changed within it. */
  factor: Ratio;
  /** Principal paid before the due date as part of this instalment, and beside it. */
  advance: bigint;
  extra: bigint;
  renew: boolean;
}

/** The rows of a declining or flat loan whose course was changed by payments, rates or an early settlement. */
export function rowsWithEvents(plan: Plan, rule: InstalmentRule): Row[] {
  const events = datedEvents(plan.terms);
  const lastPayment = Math.max(
    -Infinity,
    ...events.filter((event) => event.kind === 'repayment' && event.then === undefined).map(({ day }) => day),
  );
  const state: State = {
    rule,
    rate: plan.terms.annualRate,
    owed: plan.principal,
    unbilled: plan.principal,
    overdueInterest: 0n,
    overduePrincipal: 0n,
    deferred: 0n,
  };
  const rows: Row[] = [];
  let next = 0;
  for (let index = 0; state.unbilled > 0n && index < (plan.count ?? 5000); index += 1) {
    const current = openPeriod(plan, index);
    for (; next < events.length && (events[next] as DatedEvent).day < current.to; next += 1) {
      const event = events[next] as DatedEvent;
      accrue(plan, state, current, event.day);
      if (event.kind === 'payoff') return finish(rows, settle(state, current, event.day), events, next);
      applyInside(plan, state, current, event);
      if (event.day === lastPayment) bringCurrent(state);
    }
    accrue(plan, state, current, current.to);
    const due: DatedEvent[] = [];
    for (; next < events.length && (events[next] as DatedEvent).day === current.to; next += 1)
      due.push(events[next] as DatedEvent);
    rows.push(closePeriod(plan, state, current, due, current.to >= lastPayment));
  }
  return finish(rows, undefined, events, next - 1);
}

function finish(rows: Row[], last: Row | undefined, events: readonly DatedEvent[], done: number): Row[] {
  const left = events[done + 1];
  if (left) throw impossible(left.on, 'the loan is repaid by then');
  return last ? [...rows, last] : rows;
}

function openPeriod(plan: Plan, index: number): Current {
  const period = plan.periodAt(index);
  const [from, to] = [dayOf(period.from as CivilDate), dayOf(period.to as CivilDate)];
  return {
    index,
    period,
    to,
    accruedTo: from,
    interest: 0n,
    factor: ratio(0n),
    advance: 0n,
    extra: 0n,
    renew: false,
  };
}

function accrue(plan: Plan, state: State, current: Current, until: number): void {
  const since = current.accruedTo;
  if (until === since) return;
  const part = multiplyRatios(state.rate, fractionInside(plan.terms, current.period, current.accruedTo, until));
  current.factor = addRatios(current.factor, part);
  current.accruedTo = until;
  if (isWaived(plan, current.index)) return;
  current.interest +=
    plan.terms.interest === 'flat'
      ? flatPart(plan, state, current, since, until)
      : interestOn(state.owed, part, plan.interestRounding);
}

/** Flat interest is one even share an instalment, whatever its days; a piece of a period takes its part of the share. */
function flatPart(plan: Plan, state: State, { index, to, period }: Current, since: number, until: number): bigint {
  const share = flatInterest(plan, plan.count as number, state.rate)(index);
  const from = dayOf(period.from as CivilDate);
  const upTo = (day: number) => interestOn(share, ratio(day - from, to - from), plan.interestRounding);
  return upTo(until) - upTo(since);
}

function applyInside(plan: Plan, state: State, current: Current, event: DatedEvent): void {
  if (event.kind === 'rate_change') {
    state.rate = event.annualRate;
    current.renew ||= event.then !== 'fewer';
    return;
  }
  if (event.kind !== 'repayment') return;
  const amount = event.amount * plan.scale;
  if (event.then === undefined) {
    const advance = payOverdue(state, amount);
    if (advance > state.unbilled - current.advance) throw impossible(event.on, 'it is more than what is owed');
    current.advance += advance;
    state.owed -= advance;
    return;
  }
  if (amount > state.unbilled - current.advance) throw impossible(event.on, 'it is more than what is owed');
  state.owed -= amount;
  state.unbilled -= amount;
  current.extra += amount;
  if (event.then === 'smaller') current.renew = true;
}

/** After the last payment that is known, what is still overdue counts as paid with it. */
function bringCurrent(state: State): void {
  state.owed -= state.overduePrincipal;
  state.overduePrincipal = 0n;
  state.overdueInterest = 0n;
}

/** Pays what is overdue, interest first, and returns what is left of the amount. */
function payOverdue(state: State, amount: bigint): bigint {
  const interest = amount < state.overdueInterest ? amount : state.overdueInterest;
  const rest = amount - interest;
  const principal = rest < state.overduePrincipal ? rest : state.overduePrincipal;
  state.overdueInterest -= interest;
  state.overduePrincipal -= principal;
  state.owed -= principal;
  return rest - principal;
}

function closePeriod(plan: Plan, state: State, current: Current, due: readonly DatedEvent[], isPaid: boolean): Row {
  const { index } = current;
  const isLast = index + 1 === plan.count;
  const changedInside = current.renew && current.extra === 0n;
  if (changedInside) renew(plan, state, index, current);
  const inGrace = index < plan.graceInterest;
  const own = current.interest;
  let part = isLast ? state.unbilled : state.rule.principalPart(index, state.unbilled, own);
  let isRenewed = current.renew && !changedInside;
  if (current.advance > part) {
    part = current.advance;
    isRenewed = true;
  }
  if (inGrace && plan.terms.grace?.interestIs === 'deferred') state.deferred += own;
  const interest = inGrace && !isLast && part < state.unbilled ? 0n : inGrace ? state.deferred : own + state.deferred;
  if (interest > 0n) state.deferred = 0n;

  let asked = part + interest - current.advance;
  for (const event of due) {
    if (event.kind === 'payoff') part = state.unbilled;
    else if (event.kind === 'rate_change') {
      state.rate = event.annualRate;
      isRenewed ||= event.then !== 'fewer';
    } else {
      const amount =
        event.then === undefined ? payOverdue(state, event.amount * plan.scale) : event.amount * plan.scale;
      // A payment on a due date includes the instalment when it reaches it; a smaller early repayment comes beside it.
      const surplus = amount >= asked ? amount - asked : event.then === undefined ? 0n : amount;
      asked = amount >= asked ? 0n : event.then === undefined ? asked - amount : asked;
      if (surplus > state.unbilled - part) throw impossible(event.on, 'it is more than what is owed');
      part += surplus;
      if (surplus > 0n) isRenewed ||= event.then !== 'fewer';
    }
  }
  state.unbilled -= part;
  if (isPaid) {
    state.owed = state.unbilled;
    state.overdueInterest = 0n;
    state.overduePrincipal = 0n;
  } else {
    bookUnpaid(state, asked, interest, part - current.advance);
  }
  if (isRenewed && state.unbilled > 0n) renew(plan, state, index + 1);
  return { index, principal: part + current.extra, interest, balance: state.unbilled };
}

/** What was asked for and not paid by the due date stays owed; a part payment went to the interest first. */
function bookUnpaid(state: State, unpaid: bigint, interest: bigint, principal: bigint): void {
  const unpaidPrincipal = unpaid < principal ? unpaid : principal;
  const unpaidInterest = unpaid - unpaidPrincipal;
  state.overduePrincipal += unpaidPrincipal;
  state.overdueInterest += unpaidInterest < interest ? unpaidInterest : interest;
  state.owed = state.unbilled + state.overduePrincipal;
}

/** The instalment anew, from `index` on; `current` when the rate changed inside its period. */
function renew(plan: Plan, state: State, index: number, current?: Current): void {
  const { terms } = plan;
  const isLevel = terms.amortization === 'equal_instalments' || terms.amortization === 'balloon';
  if (!isLevel || terms.interest === 'flat' || plan.count === undefined) {
    if (plan.count !== undefined) state.rule = ruleFrom(plan, index, state.unbilled);
    return;
  }
  const factorAt = (at: number): Ratio =>
    current && at === index ? current.factor : multiplyRatios(state.rate, plan.periodAt(at).fraction);
  const factors = sameObjects(factorsFrom(plan, Math.max(index, plan.gracePrincipal), factorAt));
  if (factors.length === 0) return;
  state.rule = equalInstalment(plan, roundedLevel(plan, state.unbilled, factors, state.rate), false);
}

/** Equal factors that follow each other as one object, so that the formula of equal periods applies. */
function sameObjects(factors: readonly Ratio[]): Ratio[] {
  let last: Ratio | undefined;
  return factors.map((factor) => {
    const isSame = last?.numerator === factor.numerator && last.denominator === factor.denominator;
    last = isSame ? last : factor;
    return last as Ratio;
  });
}

function settle(state: State, current: Current, day: number): Row {
  const interest = current.interest + state.deferred;
  const row: Row = {
    index: current.index,
    principal: state.unbilled + current.extra,
    interest,
    balance: 0n,
    paidOn: day,
  };
  state.unbilled = 0n;
  return row;
}
