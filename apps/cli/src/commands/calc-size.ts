import { sizeCalculator } from '#finance';
import { sizeStandards } from '#platform/rulebooks';
import { calculatorCommand } from '../calculator-command.js';

const industries = [...sizeStandards().values()].flatMap(({ rules }) =>
  rules.flatMap(({ industry }) => industry ?? []),
);

export const command = calculatorCommand(
  sizeCalculator(sizeStandards()),
  `
Reads {"standard", "industry"?, "staff"?, "revenue"?, "assets"?, "balanceSheet"?} or an array of them; answers {"class", "rule"}.

  standard  ${[...sizeStandards().keys()].join(', ')}
  industry  for CN-2011: ${industries.slice(0, 8).join(', ')},
            ${industries.slice(8).join(', ')}
  staff     full-time equivalents; amounts in whole units of the standard's currency

A figure may be left out where no value of it could change the class.

  echo '{"standard":"EU-2003","staff":9,"revenue":"2000000","balanceSheet":"99000000"}' | sanad calc size`,
);
