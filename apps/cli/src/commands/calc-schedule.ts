import { scheduleCalculator } from '#finance';
import { calculatorCommand } from '../calculator-command.js';

export const command = calculatorCommand(scheduleCalculator, `USAGE`);
