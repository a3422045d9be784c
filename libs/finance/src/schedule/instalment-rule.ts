import { multiplyRatios, type Ratio } from '../ratio.js';
import { divideRounded, roundQuotient } from '../rounding.js';
import { scheduleError } from './errors.js';
import { factorsFrom, interestOn, type Plan, roundedLevel } from './plan.js';

/** How an instalment parts into principal and interest. It changes when an event re-computes the instalment. */
export interface InstalmentRule {
  /** The principal part of instalment `index` while `balance` is owed; the last instalment takes all. */
  principalPart(index: number, balance: bigint, interest: bigint): bigint;
  /** The instalment as a whole where it is equal from period to period. */
  readonly level: bigint | undefined;
}

/** The rule at the start of the loan. */
export function firstRule(plan: Plan): InstalmentRule {
  return ruleFrom(plan, 0, plan.principal, agreedInstalment(plan));
}

/**
 * The instalment that was given. Where balances are carried exactly, an instalment that is the level one rounded
 * for showing stands for the unrounded one, as in tables that print cents and compute without rounding.
 */
function agreedInstalment(plan: Plan): bigint | undefined {
  const { instalment, terms, scale, count } = plan;
  const isShown =
    terms.carry === 'exact' && terms.amortization === 'equal_instalments' && terms.interest === 'declining';
  if (instalment === undefined || !isShown || count === undefined) return instalment;
  const level = declining(plan, plan.principal, 0).level as bigint;
  const difference = level > instalment ? level - instalment : instalment - level;
  return difference * 2n <= terms.rounding.step * scale ? level : instalment;
}

/** The rule from instalment `index` on, for `balance`; `agreed` is an instalment that was given, not computed. */
export function ruleFrom(plan: Plan, index: number, balance: bigint, agreed?: bigint): InstalmentRule {
  switch (plan.terms.amortization) {
    case 'bullet':
      return { level: undefined, principalPart: () => 0n };
    case 'equal_principal':
      return equalPrincipal(plan, agreed ?? equalPart(plan, balance, index));
    default:
      if (agreed !== undefined) return equalInstalment(plan, agreed, true);
      return plan.terms.interest === 'flat' ? flatInstalment(plan, balance, index) : declining(plan, balance, index);
  }
}

function declining(plan: Plan, balance: bigint, index: number): InstalmentRule {
  const factors = factorsFrom(plan, Math.max(index, plan.gracePrincipal));
  if (factors.length === 0) return equalInstalment(plan, balance, false);
  return equalInstalment(plan, roundedLevel(plan, balance, factors, plan.terms.annualRate), false);
}

export function equalInstalment(plan: Plan, level: bigint, agreed: boolean): InstalmentRule {
  return {
    level,
    principalPart(index, balance, interest) {
      if (index < plan.gracePrincipal) return 0n;
      const part = level - interest;
      if (part < 0n) {
        if (agreed) throw neverRepaid(level, interest, plan);
        return 0n;
      }
      return part > balance ? balance : part;
    },
  };
}

function equalPrincipal(plan: Plan, part: bigint): InstalmentRule {
  return {
    level: undefined,
    principalPart: (index, balance) => (index < plan.gracePrincipal ? 0n : part > balance ? balance : part),
  };
}

/** Equal parts are rounded as interest is; a rounding of instalments is for equal instalments only. */
function equalPart(plan: Plan, balance: bigint, index: number): bigint {
  return roundQuotient(balance, BigInt(remaining(plan, index)), plan.interestRounding);
}

/** Flat interest: principal and interest are each spread evenly and each rounded to the instalment's unit. */
function flatInstalment(plan: Plan, balance: bigint, index: number): InstalmentRule {
  const { step, mode } = plan.instalmentRounding;
  const even = roundQuotient(balance - plan.balloon, BigInt(remaining(plan, index)), plan.interestRounding);
  const part = divideRounded(even, step, mode) * step;
  if (plan.terms.instalmentRounding === undefined) return equalPrincipal(plan, part);
  return {
    level: undefined,
    principalPart(at, owed, interest) {
      if (at < plan.gracePrincipal) return 0n;
      const whole = part + divideRounded(interest, step, mode) * step - interest;
      return whole < 0n ? 0n : whole > owed ? owed : whole;
    },
  };
}

function remaining(plan: Plan, index: number): number {
  return Math.max(1, (plan.count ?? 1) - Math.max(index, plan.gracePrincipal));
}

/**
 * Interest that was fixed on the amount lent, spread evenly over the instalments that pay it; the last one takes the
 * difference. Graced interest of equal instalments is left out or spread over the others; of other amortizations,
 * when deferred, it is owed as each period passes.
 */
export function flatInterest(plan: Plan, count: number, annualRate: Ratio): (index: number) => bigint {
  const { terms, graceInterest, interestRounding } = plan;
  const whole = interestOn(plan.principal, multiplyRatios(annualRate, plan.wholeTerm()), interestRounding);
  const share = (total: bigint, over: number) => roundQuotient(total, BigInt(over), interestRounding);
  const isSpread = terms.grace?.interestIs === 'waived' || terms.amortization === 'equal_instalments';
  const skipped = isSpread ? Math.min(graceInterest, count - 1) : 0;
  const waived = terms.grace?.interestIs === 'waived' ? share(whole, count) * BigInt(skipped) : 0n;
  const owed = waived > whole ? 0n : whole - waived;
  const each = share(owed, count - skipped);
  return (index) => {
    if (index < skipped) return 0n;
    const left = owed - each * BigInt(index - skipped);
    if (left <= 0n) return 0n;
    return index + 1 === count || left < each ? left : each;
  };
}

export function neverRepaid(level: bigint, interest: bigint, plan: Plan) {
  const places = plan.scale;
  return scheduleError('schedule_never_repaid', {
    detail: 'The instalment does not cover the interest of a period, so that the loan is never repaid.',
    fields: [{ pointer: '/instalment', rule: 'covers_interest', message: 'does not cover the interest of a period' }],
    data: { instalment: (level / places).toString(), interest: (interest / places).toString() },
  });
}
