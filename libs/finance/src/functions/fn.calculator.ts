import { type Calculator, object, oneOf, type Reader, readInput, refuse } from '../input/index.js';
import { Arguments } from './arguments.js';
import { noValue } from './errors.js';
import { type SpreadsheetFunctionName, spreadsheetFunctions } from './spreadsheet-functions.js';

const names = Object.keys(spreadsheetFunctions) as SpreadsheetFunctionName[];

const args: Reader<readonly unknown[]> = {
  read(value, pointer, problems) {
    return Array.isArray(value) && value.length <= 255
      ? (value as readonly unknown[])
      : refuse(problems, pointer, 'list', 'must be a list of at most 255 arguments');
  },
};

const fnInput = object({ name: oneOf(names), args });

/**
 * `calc fn`: a financial function with the meaning that the spreadsheets document (arguments in their order, rates as
 * fractions, money paid out negative), computed with 50 digits and printed with 15.
 */
export const fnCalculator: Calculator = (input) => {
  const read = readInput(input, fnInput);
  const { most, value } = spreadsheetFunctions[read.name];
  const given = new Arguments(read.args);
  given.atMost(most);
  const result = value(given).toSignificantDigits(15);
  if (!result.isFinite() || Math.abs(result.e) > 307) noValue(0, 'the result is beyond the numbers of a spreadsheet');
  return { value: (result.isZero() ? result.abs() : result).toFixed() };
};
