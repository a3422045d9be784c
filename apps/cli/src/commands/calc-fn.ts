import { fnCalculator } from '#finance';
import { calculatorCommand } from '../calculator-command.js';

export const command = calculatorCommand(fnCalculator, `USAGE`);
