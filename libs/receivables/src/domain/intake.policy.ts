import { type CalendarDate, type FieldError, maxMinor } from '#kernel';
import type { AnchorKind } from './anchor.js';
import { exactNumber } from './fingerprint.js';
import type { ReceivableKind } from './receivable.js';

/** What a document says about a receivable, however it came. */
export interface IntakeFacts {
  readonly kind: ReceivableKind;
  readonly number: string;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly amountMinor: bigint;
}

/** The fields at fault of a receivable that is to be taken in; empty when it can be. */
export function intakeFaults(facts: IntakeFacts, anchor: AnchorKind, today: CalendarDate): readonly FieldError[] {
  const faults: FieldError[] = [];
  const fault = (field: string, rule: string, message: string) => faults.push({ pointer: `/${field}`, rule, message });
  const number = exactNumber(facts.number);
  if (number === '' || number.length > 100) fault('number', 'length', 'must have 1 to 100 characters');
  if (facts.amountMinor <= 0n || facts.amountMinor > maxMinor) fault('amount', 'positive', 'must be above zero');
  if (facts.issuedOn > today) fault('issuedOn', 'past', 'must not lie in the future');
  if (facts.dueOn < facts.issuedOn) fault('dueOn', 'order', 'must not be before the day of issue');
  if (facts.dueOn <= today) fault('dueOn', 'future', 'must lie in the future');
  if (facts.kind === 'tax_refund' && anchor !== 'tax_authority')
    fault('kind', 'authority', 'a refund claim is confirmed by a tax authority');
  return faults;
}
