import { type FieldError, isCalendarDate, isCurrencyCode, maxMinor } from '#kernel';
import { accountName, chartOfAccounts, ownerTypes } from './chart-of-accounts.js';
import { ledgerError } from './errors.js';
import { expiryReferencePrefix } from './reservation.lifecycle.js';
import type { Line, Posting, PostInput, TransferHeader } from './transfer.js';

/** Most postings of one transfer: what is larger is several transfers of one unit of work. */
export const maxPostings = 1_000;

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Visible ASCII, so that a reference reads and compares alike on every system it passes. */
const referencePattern = /^[\x21-\x7e]{1,120}$/;

/** Refuses a transfer that breaks the form, with every fault at once. */
export function assertWellFormed(input: PostInput & { readonly expiresAt?: Date | undefined }): void {
  const faults = [
    ...headerFaults(input),
    ...(/^[a-z_]{1,40}$/.test(input.subject.type) ? [] : [fault('/subject/type', 'pattern', 'lower-case words')]),
    ...(idPattern.test(input.subject.id) ? [] : [fault('/subject/id', 'id', 'must be an identifier')]),
    ...(input.postings.length > 0 && input.postings.length <= maxPostings
      ? input.postings.flatMap(postingFaults)
      : [fault('/postings', 'size', `must have 1 to ${maxPostings} entries`)]),
  ];
  refuseAny(faults);
}

/** The same for a transfer that takes its lines from another. */
export function assertHeader(header: TransferHeader): void {
  refuseAny(headerFaults(header));
}

function headerFaults({ reference, description, bookDate }: TransferHeader): FieldError[] {
  const own = reference.startsWith(expiryReferencePrefix);
  return [
    ...(referencePattern.test(reference) && !own
      ? []
      : [fault('/reference', 'pattern', '1 to 120 visible ASCII characters, not beginning with ledger.expire:')]),
    ...(description.trim() !== '' && description.length <= 300
      ? []
      : [fault('/description', 'size', '1 to 300 characters')]),
    ...(bookDate === undefined || isCalendarDate(bookDate) ? [] : [fault('/bookDate', 'date', 'must be a date')]),
  ];
}

function postingFaults({ debit, credit, amount, currency }: Posting, index: number): FieldError[] {
  const at = `/postings/${index}`;
  const accounts = [
    ['debit', debit],
    ['credit', credit],
  ] as const;
  return [
    ...(amount > 0n && amount <= maxMinor ? [] : [fault(`${at}/amount`, 'range', `must be 1 to ${maxMinor}`)]),
    ...(isCurrencyCode(currency) ? [] : [fault(`${at}/currency`, 'currency', 'must be a three-letter code')]),
    ...accounts.flatMap(([side, { ownerType, ownerId, purpose }]) =>
      ownerTypes.includes(ownerType) && idPattern.test(ownerId) && Object.hasOwn(chartOfAccounts, purpose)
        ? []
        : [fault(`${at}/${side}`, 'account', 'must name an owner and a purpose of the chart of accounts')],
    ),
    ...(accountName(debit, currency) === accountName(credit, currency)
      ? [fault(at, 'two_accounts', 'debit and credit must be two accounts')]
      : []),
  ];
}

/**
 * The lines that post a reservation: all of it, or `amounts` of its lines in their order, none above what was
 * reserved and not all zero. What is left of each line is released.
 */
export function linesToPost(reserved: readonly Line[], amounts: readonly bigint[] | undefined): Line[] {
  if (amounts === undefined) return [...reserved];
  const sized = amounts.length === reserved.length && amounts.every((amount) => amount >= 0n);
  if (!sized || amounts.every((amount) => amount === 0n)) {
    refuseAny([fault('/amounts', 'lines', `must be ${reserved.length} amounts, not all zero and none negative`)]);
  }
  const above = reserved.findIndex(({ amount }, index) => (amounts[index] as bigint) > amount);
  if (above !== -1) {
    throw ledgerError('ledger_amount_above_reserved', {
      fields: [fault(`/amounts/${above}`, 'reserved', `must be at most ${String(reserved[above]?.amount)}`)],
    });
  }
  return reserved
    .map((line, index) => ({ ...line, amount: amounts[index] as bigint }))
    .filter(({ amount }) => amount > 0n);
}

/** The mirror of a transfer's lines. */
export function mirrored(lines: readonly Line[]): Line[] {
  return lines.map(({ debit, credit, ...rest }) => ({ ...rest, debit: credit, credit: debit }));
}

function fault(pointer: string, rule: string, message: string): FieldError {
  return { pointer, rule, message };
}

function refuseAny(faults: readonly FieldError[]): void {
  const [first] = faults;
  if (first) {
    throw ledgerError('ledger_input_invalid', { detail: `${first.pointer}: ${first.message}.`, fields: [...faults] });
  }
}
