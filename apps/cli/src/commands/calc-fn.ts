import { fnCalculator } from '#finance';
import { calculatorCommand } from '../calculator-command.js';

export const command = calculatorCommand(
  fnCalculator,
  `Reads one JSON object, or an array of them, on standard input and writes the value with 15 significant digits.

  {"name":"PMT","args":["0.08/12",10,10000,0,1]}
  {"name":"XIRR","args":[[-100,110],["2024-01-01","2025-01-01"],0.1]}

  names  PMT IPMT PPMT CUMIPMT CUMPRINC RATE RRI NPER PV FV ISPMT EFFECT NOMINAL XIRR XNPV IRR NPV
         DISC PRICEDISC YIELDDISC INTRATE RECEIVED
  args   in the order of the spreadsheets; rates are fractions, lists are lists, dates are YYYY-MM-DD

Answer: {"value":"-1030.16432717797"}.`,
);
