import { dueCalculator } from '#finance';
import { businessCalendars } from '#platform/rulebooks';
import { calculatorCommand } from '../calculator-command.js';

export const command = calculatorCommand(
  dueCalculator(businessCalendars()),
  `
Reads {"calendar", "submittedAt", "workingDays"} or an array of them; answers {"dueAt", "firstDay", "provisional"}.

  calendar     ${[...businessCalendars().keys()].join(', ')}
  submittedAt  date and time, with an offset or as the calendar's local time
  workingDays  1 to 1000

A case submitted on a working day by closing time counts that day as the first.

  echo '{"calendar":"SA","submittedAt":"2025-06-04T10:00","workingDays":3}' | sanad calc due`,
);
