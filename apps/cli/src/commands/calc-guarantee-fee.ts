import { guaranteeFeeCalculator } from '#finance';
import { guaranteeFeeTables } from '#platform/rulebooks';
import { calculatorCommand } from '../calculator-command.js';

export const command = calculatorCommand(
  guaranteeFeeCalculator(guaranteeFeeTables()),
  `
Reads {"table", "band"?, "amount", "months"?, "days"?, "repayment", "graceMonths"?, "collateral"?, "parts"?, "programme"?}
or an array of them; answers {"fee", "guaranteed"?, "steps"}.

  table      ${[...guaranteeFeeTables().keys()].join(', ')}
  band       JP: 1 (weakest) to 9; absent: 5, a firm without statements
  repayment  JP: bullet, instalments, unequal_instalments
  parts      JP: [{"amount", "months", "repayment"}], the whole loan in parts; each part is rounded down
  programme  US-7a: standard, express, export_express; CN: guarantee, reguarantee
  months     US-7a: the maturity; CN: 12 when absent, the answer is the highest fee allowed

  echo '{"table":"JP-shared","amount":"12000000","months":24,"repayment":"instalments"}' | sanad calc guarantee-fee`,
);
