import { aprCalculator } from '#finance';
import { calculatorCommand } from '../calculator-command.js';

export const command = calculatorCommand(aprCalculator, `USAGE`);
