import { daysCalculator } from '#finance';
import { calculatorCommand } from '../calculator-command.js';

export const command = calculatorCommand(daysCalculator, `USAGE`);
