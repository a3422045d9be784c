import { aprCalculator } from '#finance';
import { calculatorCommand } from '../calculator-command.js';

export const command = calculatorCommand(
  aprCalculator,
  `Reads one JSON object, or an array of them, on standard input and writes the answer.

EU equation (Directives 2008/48/EC and 2014/17/EU); money drawn is positive, paid back negative:
  {"method":"eu","flows":[{"at":"0","amount":"1000"},{"at":"7/12","amount":"-1050"}]}
  at   years as a decimal or a fraction, also negative; or on, a date YYYY-MM-DD, in every flow

United States, Regulation Z appendix J:
  {"method":"nominal","unitPeriodsPerYear":12,"advance":"5000",
   "payments":[{"unitPeriods":1,"fraction":"0.4","amount":"230"}]}
  or advances:[{unitPeriods, fraction, amount}]

Answer: {"apr":"8.723772"}, percent a year. --json writes JSON to a terminal too.`,
);
