import { civilOfDay, printCivil } from '../day-count/civil-day.js';
import { divideRounded, roundQuotient } from '../rounding.js';
import { equalInstalment, firstRule, flatInterest, type InstalmentRule } from './instalment-rule.js';
import { applyMurabahaEvents } from './murabaha.js';
import { rowsWithEvents } from './payment-events.js';
import { interestOn, isWaived, type Plan, planOf, type Row, tooLong } from './plan.js';
import { type Instalment, maxInstalments, type Schedule, type ScheduleTerms } from './terms.js';

/**
 * The repayment schedule of a loan. Principal always adds up to the amount lent; the last instalment takes what
 * rounding left. Refuses instalments that never repay, events that do not fit, and over 5,000 instalments.
 */
export function repaymentSchedule(terms: ScheduleTerms): Schedule {
  const plan = planOf(terms);
  const events = terms.events ?? [];
  if (events.length === 0) return scheduleOf(plan, plainRows(plan).rows);
  if (terms.profit === 'murabaha') return applyMurabahaEvents(plan, scheduleOf(plan, plainRows(plan).rows), events);
  return scheduleOf(plan, rowsWithEvents(plan, plainRows(plan).rule));
}

/** The rows of a loan that is paid as agreed, and the rule that made them. */
export function plainRows(plan: Plan): { rows: Row[]; rule: InstalmentRule } {
  const rule = firstRule(plan);
  const rows = rowsBy(plan, rule);
  return isLevelled(plan, rule) ? levelled(plan, rule, rows) : { rows, rule };
}

function isLevelled({ terms, instalment, count }: Plan, rule: InstalmentRule): boolean {
  const computed = instalment === undefined && terms.instalmentRounding === undefined && terms.carry !== 'exact';
  return computed && rule.level !== undefined && terms.balloon === undefined && (count ?? 0) > 1;
}

/**
 * A computed instalment is moved once by the n-th part of what the last one differs by, when that is more than half
 * a unit an instalment and brings the last one nearer: rounding is spread instead of piling up at the end.
 */
function levelled(plan: Plan, rule: InstalmentRule, rows: Row[]): { rows: Row[]; rule: InstalmentRule } {
  const { step, mode } = plan.instalmentRounding;
  const level = rule.level as bigint;
  const first = rows.length - plan.gracePrincipal;
  const difference = lastTotal(rows) - level;
  if (first < 2 || size(difference) <= step * BigInt(Math.floor(first / 2))) return { rows, rule };
  const moved = level + roundQuotient(difference, BigInt(first), { step, mode });
  if (moved === level) return { rows, rule };
  const other = equalInstalment(plan, moved, false);
  const otherRows = rowsBy(plan, other);
  return size(lastTotal(otherRows) - moved) < size(difference) ? { rows: otherRows, rule: other } : { rows, rule };
}

function lastTotal(rows: readonly Row[]): bigint {
  const last = rows[rows.length - 1] as Row;
  return last.principal + last.interest;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function rowsBy(plan: Plan, rule: InstalmentRule): Row[] {
  const { count, graceInterest, terms, interestRounding, factorAt } = plan;
  const flat =
    terms.interest === 'flat' && count !== undefined ? flatInterest(plan, count, terms.annualRate) : undefined;
  const rows: Row[] = [];
  let balance = plan.principal;
  let deferred = 0n;
  for (let index = 0; balance > 0n || (flat && index < (count as number)); index += 1) {
    if (index >= maxInstalments) throw tooLong();
    const isLast = index + 1 === count;
    const own = flat
      ? flat(index)
      : isWaived(plan, index)
        ? 0n
        : interestOn(balance, factorAt(index), interestRounding);
    const part = isLast ? balance : rule.principalPart(index, balance, own);
    const inGrace = index < graceInterest;
    if (inGrace && terms.grace?.interestIs === 'deferred') deferred += own;
    const interest = inGrace && !isLast ? 0n : inGrace ? deferred : own + deferred;
    if (!inGrace || isLast) deferred = 0n;
    balance -= part;
    rows.push({ index, principal: part, interest, balance });
  }
  return rows;
}

function scheduleOf(plan: Plan, rows: readonly Row[]): Schedule {
  const { scale, terms } = plan;
  const show = (value: bigint) =>
    scale === 1n ? value : roundQuotient(value, scale, { step: terms.rounding.step, mode: terms.rounding.mode });
  const end = plan.periodAt(rows[rows.length - 1]?.index ?? 0).to;
  if (end && end.year > 2199) throw tooLong();
  let interestSum = 0n;
  const instalments = rows.map(({ index, principal, interest, balance, paidOn }): Instalment => {
    interestSum += interest;
    return {
      n: index + 1,
      due: dueDate(plan, index, paidOn),
      principal: show(principal),
      interest: show(interest),
      total: show(principal + interest),
      balance: show(balance),
    };
  });
  const interest = scale === 1n ? interestSum : divideRounded(interestSum, scale, terms.rounding.mode);
  return { instalments, totals: { principal: terms.principal, interest, total: terms.principal + interest } };
}

function dueDate(plan: Plan, index: number, paidOn: number | undefined) {
  if (paidOn !== undefined) return printCivil(civilOfDay(paidOn));
  const { to } = plan.periodAt(index);
  return to && printCivil(to);
}
