import { defineErrors } from '#kernel';

export const ledgerError = defineErrors({
  ledger_input_invalid: {
    kind: 'invalid',
    title: 'This transfer cannot be written.',
    next: 'Change the fields named in "errors": amounts above zero, two different accounts of one currency, a reference.',
  },
  ledger_reference_reused: {
    kind: 'conflict',
    title: 'This reference stands for another transfer.',
    next: 'Repeat a transfer with exactly the same content, or give a new transfer a reference of its own.',
  },
  ledger_funds_insufficient: {
    kind: 'conflict',
    title: 'The account does not have this much available.',
    next: 'Use at most the available amount in "data", or wait until a reservation is given back.',
  },
  ledger_period_closed: {
    kind: 'conflict',
    title: 'The books of this month are closed.',
    next: 'Post the correction with a date in the open month.',
  },
  ledger_period_not_closable: {
    kind: 'conflict',
    title: 'This month cannot be closed yet.',
    next: 'Close months in their order, each after its last day.',
  },
  ledger_transfer_unknown: {
    kind: 'not_found',
    title: 'This transfer does not exist.',
    next: 'Check the identifier of the transfer.',
  },
  ledger_account_unknown: {
    kind: 'not_found',
    title: 'This account does not exist, or not for you.',
    next: 'Check the identifier; an account comes into being when it is first posted to.',
  },
  ledger_reservation_resolved: {
    kind: 'conflict',
    title: 'This reservation was posted or given back already.',
    next: 'Look at "data" for how it ended; make a new reservation if the amount is still needed.',
  },
  ledger_reservation_expired: {
    kind: 'conflict',
    title: 'The time of this reservation is over.',
    next: 'Make a new reservation; the amount of this one is given back.',
  },
  ledger_amount_above_reserved: {
    kind: 'invalid',
    title: 'More cannot be posted than was reserved.',
    next: 'Post at most the reserved amount of each line; post the rest as a transfer of its own.',
  },
  ledger_not_reversible: {
    kind: 'conflict',
    title: 'This transfer cannot be reversed.',
    next: 'Give a reservation back instead of reversing it; write a new transfer instead of reversing a reversal.',
  },
  ledger_statement_long: {
    kind: 'invalid',
    title: 'This statement has too many lines to print.',
    next: 'Choose a shorter time with from and to, or take the whole as statement.csv.',
  },
  ledger_already_reversed: {
    kind: 'conflict',
    title: 'This transfer was reversed already.',
    next: 'Look at the reversal in "data"; a transfer is reversed once.',
  },
});
