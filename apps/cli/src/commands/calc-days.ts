import { daysCalculator } from '#finance';
import { calculatorCommand } from '../calculator-command.js';

export const command = calculatorCommand(
  daysCalculator,
  `Reads one JSON object, or an array of them, on standard input and writes the days between two dates.

  {"dayCount":"30E/360 ISDA","from":"2007-02-28","to":"2008-02-29","terminationDate":"2008-02-29"}

  dayCount  30/360, 30E/360, 30E/360 ISDA, ACT/360, ACT/364, ACT/365, ACT/ACT (2006 ISDA Definitions)

Answer: {"days":359,"yearFraction":"0.997222222222"}.`,
);
