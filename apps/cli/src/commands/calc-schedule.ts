import { scheduleCalculator } from '#finance';
import { calculatorCommand } from '../calculator-command.js';

export const command = calculatorCommand(
  scheduleCalculator,
  `Reads one JSON object, or an array of them, on standard input and writes the instalments.

  {"principal":"5000","annualRate":"12","interest":"declining","amortization":"equal_instalments",
   "dayCount":"equal_periods","start":"2024-01-31","periods":12,
   "rounding":{"to":"0.01","mode":"half_even"}}

  interest       declining, flat
  amortization   equal_instalments, equal_principal, bullet, balloon (with balloon)
  dayCount       30/360, 30E/360, 30E/360 ISDA, ACT/360, ACT/364, ACT/365, ACT/ACT, equal_periods
  periods        or dueDates, or an instalment that runs until the loan is repaid
  every          {count, unit: day, week, month}; a month when absent
  firstDue, stub an odd first period: period_days or 365
  rounding       {to, mode: half_even, half_up, up, down}; instalmentRounding likewise
  carry          rounded, or exact: balances are rounded for showing only
  grace          {principal, interest, interestIs: waived, deferred}, counted within periods
  events         [{on, kind: repayment, rate_change, payoff, amount, annualRate, then: fewer, smaller}]
  profit         murabaha: cost and profit fixed at the start

Answer: {instalments:[{n, due, principal, interest, total, balance}], totals:{principal, interest, total}}.`,
);
