import { allocate } from '#kernel';
import { impossible } from './dated-events.js';
import type { Plan } from './plan.js';
import { scheduleError } from './errors.js';
import type { Instalment, Schedule, ScheduleEvent } from './terms.js';

/**
 * Events of a murabaha. The price (cost plus profit) was fixed at the sale: a payment before its time shortens or
 * lightens what is left but lowers nothing, a late one adds nothing, and the rate cannot change. A rebate at early
 * settlement is the financier's discretion and stands outside the schedule (see `murabahaRebate`).
 */
export function applyMurabahaEvents(plan: Plan, schedule: Schedule, events: readonly ScheduleEvent[]): Schedule {
  const rows = schedule.instalments.map((row) => ({ principal: row.principal, interest: row.interest, due: row.due }));
  for (const event of [...events].sort((first, second) => (first.on < second.on ? -1 : 1))) {
    if (event.kind === 'rate_change') {
      throw scheduleError('murabaha_price_fixed', {
        fields: [{ pointer: '/events', rule: 'murabaha', message: 'a murabaha has no rate that could change' }],
      });
    }
    if (plan.terms.start === undefined || event.on <= plan.terms.start) {
      throw impossible(event.on, 'it is not after the start');
    }
    const at = rows.findIndex(({ due }) => due !== undefined && due >= event.on);
    if (at < 0) throw impossible(event.on, 'the price is paid by then');
    const row = rows[at] as (typeof rows)[number];
    const rest = rows.slice(at + 1);
    const left = rest.reduce((sum, { principal, interest }) => sum + principal + interest, 0n);
    if (event.kind === 'payoff') {
      for (const later of rest) move(later, row, later.principal + later.interest);
      row.due = event.on;
      rows.length = at + 1;
      continue;
    }
    const own = row.principal + row.interest;
    const ahead = event.then === undefined || (row.due === event.on && event.amount >= own);
    const surplus = ahead ? (event.amount > own ? event.amount - own : 0n) : event.amount;
    if (surplus > left) throw impossible(event.on, 'it is more than what is left of the price');
    if (surplus > 0n) takeFrom(rest, row, surplus, event.then ?? 'smaller');
    while (rows.length > at + 1 && isEmpty(rows[rows.length - 1] as Parts)) rows.pop();
  }
  return rebuilt(schedule, rows);
}

interface Parts {
  principal: bigint;
  interest: bigint;
}

function isEmpty({ principal, interest }: Parts): boolean {
  return principal + interest === 0n;
}

function takeFrom(rest: Parts[], row: Parts, amount: bigint, then: 'fewer' | 'smaller'): void {
  if (then === 'smaller') {
    const shares = allocate(
      amount,
      rest.map(({ principal, interest }) => principal + interest),
    );
    rest.forEach((later, index) => move(later, row, shares[index] as bigint));
    return;
  }
  let left = amount;
  for (const later of rest.toReversed()) {
    const whole = later.principal + later.interest;
    const taken = left < whole ? left : whole;
    move(later, row, taken);
    left -= taken;
  }
}

/** Moves `amount` of an instalment forward, cost and profit in the proportion they have there. */
function move(from: Parts, to: Parts, amount: bigint): void {
  if (amount === 0n) return;
  const [principal, interest] = allocate(amount, [from.principal, from.interest]) as [bigint, bigint];
  from.principal -= principal;
  from.interest -= interest;
  to.principal += principal;
  to.interest += interest;
}

function rebuilt(schedule: Schedule, rows: readonly (Parts & Pick<Instalment, 'due'>)[]): Schedule {
  let balance = schedule.totals.principal;
  const instalments = rows.map(({ principal, interest, due }, index): Instalment => {
    balance -= principal;
    return { n: index + 1, due, principal, interest, total: principal + interest, balance };
  });
  return { instalments, totals: schedule.totals };
}
