// size: one table of every refusal of certificates and settlement; cutting it would hide which there are.
import { defineErrors } from '#kernel';

/** Refusals of certificates, transfers, early payment, assignment and settlement. */
export const settlementError = defineErrors({
  certificate_amount_too_large: {
    kind: 'conflict',
    title: 'The certificate does not have this much free.',
    next: 'Pass on at most what is free: the amount less what is on hold or was passed on already.',
  },
  certificate_of_order: {
    kind: 'conflict',
    title: 'The certificate is of an order that is not delivered yet.',
    next: 'Wait until the anchor has accepted the delivery; until then it can be financed as a whole only.',
  },
  certificate_not_whole: {
    kind: 'conflict',
    title: 'A part of the certificate is on hold.',
    next: 'Wait until its pending transfers are decided, or withdraw them.',
  },
  certificate_not_free: {
    kind: 'conflict',
    title: 'The certificate is not in its holder’s free hands.',
    next: 'Read the certificate again; its state says where it is.',
  },
  certificate_too_near_due: {
    kind: 'conflict',
    title: 'Too few days are left until the due day.',
    next: 'Use the anchor’s early payment, or wait for the due day.',
  },
  certificate_overdue: {
    kind: 'conflict',
    title: 'The due day has come.',
    next: 'Nothing can be done with the certificate any more but to be paid.',
  },
  certificate_party_unsound: {
    kind: 'conflict',
    title: 'A party of the certificate is suspended or not verified.',
    next: 'Wait until the party is in good standing again.',
  },
  certificate_on_sale_by_others: {
    kind: 'conflict',
    title: 'The certificate is listed under another request.',
    next: 'Take it off that listing first.',
  },
  certificate_not_sellers: {
    kind: 'conflict',
    title: 'The certificate does not belong to the seller.',
    next: 'Sell only certificates that the seller holds now.',
  },
  transfer_receiver_unsuitable: {
    kind: 'conflict',
    title: 'This organisation cannot receive a certificate.',
    next: 'Name the registration number of another verified enterprise on this market.',
  },
  transfer_late: {
    kind: 'conflict',
    title: 'The time for this transfer is over.',
    next: 'Ask the holder to offer it again.',
  },
  maker_and_second_signatory_same: {
    kind: 'forbidden',
    title: 'The person who proposed this may not be the second to sign.',
    next: 'Ask another authorised signatory of your enterprise.',
  },
  settlement_maker_and_checker_same: {
    kind: 'forbidden',
    title: 'The person who proposed this may not decide it.',
    next: 'Ask a second person of your organisation.',
  },
  settlement_person_required: {
    kind: 'forbidden',
    title: 'This step is taken by a person, not by a program.',
    next: 'Sign in as a person who may take it.',
  },
  settlement_amounts_incoherent: {
    kind: 'invalid',
    title: 'The amounts do not fit together.',
    next: 'Change the fields named in "errors".',
  },
  discount_day_unsuitable: {
    kind: 'conflict',
    title: 'This day is not one on which the anchor pays early.',
    next: 'Choose a working day from tomorrow on, early enough before the due day for the programme’s curve.',
  },
  discount_programme_closed: {
    kind: 'conflict',
    title: 'The anchor takes no asks for early payment now.',
    next: 'Wait until a programme of this anchor is live.',
  },
  discount_rate_below_floor: {
    kind: 'conflict',
    title: 'The rate is below the lowest that the anchor takes.',
    next: 'Name a rate at or above the floor.',
  },
  discount_currency_differs: {
    kind: 'conflict',
    title: 'The programme pays in another currency.',
    next: 'Use a programme of the certificate’s currency.',
  },
  assignment_reference_taken: {
    kind: 'conflict',
    title: 'An assignment with this reference exists already.',
    next: 'Use the assignment that is there.',
  },
  assignment_money_moved: {
    kind: 'conflict',
    title: 'Money of this assignment has moved.',
    next: 'Have the bank take the payment back first, or let the seller buy it back.',
  },
  repurchase_not_owed: {
    kind: 'conflict',
    title: 'The seller does not have to buy this back.',
    next: 'Without recourse only fraud, double assignment and non-delivery oblige it; the debtor’s non-payment does not.',
  },
  repurchase_pending: {
    kind: 'conflict',
    title: 'This certificate is to be bought back already.',
    next: 'Wait for the seller’s payment.',
  },
  payment_account_malformed: {
    kind: 'invalid',
    title: 'The account number cannot be right.',
    next: 'Check the account number; its check digits must fit.',
  },
  payment_account_elsewhere: {
    kind: 'conflict',
    title: 'An enterprise declares its account in its profile.',
    next: 'Use POST /v1/enterprise/bank-account.',
  },
  payment_account_missing: {
    kind: 'conflict',
    title: 'There is no checked account to which this money may go.',
    next: 'Declare an account; money moves when its ownership was checked and the waiting time is over.',
  },
  payout_not_instructed: {
    kind: 'conflict',
    title: 'No payment file with this payout is on its way.',
    next: 'Read the payout again; its state says where it is.',
  },
  nothing_to_instruct: {
    kind: 'conflict',
    title: 'There is nothing to pay at the moment.',
    next: 'Come back on the day of the next payment.',
  },
  statement_unreadable: {
    kind: 'invalid',
    title: 'The bank statement cannot be read.',
    next: 'Send the file as the bank gave it: ISO 20022 camt.053.001.08, at most 10 MB, UTF-8.',
  },
  statement_not_balanced: {
    kind: 'invalid',
    title: 'The bank statement does not add up.',
    next: 'Ask the bank for a complete statement: opening balance, every movement, closing balance.',
  },
  statement_of_other_account: {
    kind: 'invalid',
    title: 'The statement is of another account than the settlement account.',
    next: 'Send statements of the settlement account only.',
  },
  statement_id_reused: {
    kind: 'conflict',
    title: 'A statement with this identification and other content is on file.',
    next: 'Ask the bank which of the two is right; nothing of this file was booked.',
  },
  statement_entry_differs: {
    kind: 'conflict',
    title: 'A movement of this statement was booked before with other content.',
    next: 'Ask the bank which of the two is right; nothing of this file was booked.',
  },
  reversal_unsuitable: {
    kind: 'conflict',
    title: 'This movement cannot be what the bank took back.',
    next: 'Choose a payment that came in, of the same amount, and was not taken back yet; or say who owes the amount ("owed").',
  },
  match_amount_exceeds: {
    kind: 'conflict',
    title: 'The obligation does not have this much open.',
    next: 'Choose the obligation that the payment is for, or return the payment.',
  },
});
