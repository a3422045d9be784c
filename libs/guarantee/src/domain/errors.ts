// size: one table of refusals.
import { defineErrors } from '#kernel';

export const guaranteeError = defineErrors({
  scheme_unknown: { kind: 'not_found', title: 'There is no such scheme.', next: 'Read the list of schemes.' },
  scheme_code_taken: { kind: 'conflict', title: 'A scheme with this code exists.', next: 'Choose another code.' },
  scheme_not_active: {
    kind: 'conflict',
    title: 'The scheme takes nothing new at present.',
    next: 'Wait until its board opens it, or ask another scheme.',
  },
  scheme_terms_incoherent: {
    kind: 'invalid',
    title: 'The terms of the version do not fit together.',
    next: 'Change the fields named in "errors".',
  },
  scheme_version_pending: {
    kind: 'conflict',
    title: 'A version of this scheme waits for a decision already.',
    next: 'Have it put in force or rejected first.',
  },
  scheme_two_people: {
    kind: 'forbidden',
    title: 'The person who prepared this may not approve it.',
    next: 'Ask a second person of the guarantor.',
  },
  scheme_person_required: {
    kind: 'forbidden',
    title: 'This step is taken by a person, not by a program.',
    next: 'Sign in as a person.',
  },
  scheme_stopped: {
    kind: 'conflict',
    title: 'The scheme issues nothing new until its covenant holds again.',
    next: 'Ask again when the contributions are in proportion; claims are paid meanwhile.',
  },
  scheme_headroom: {
    kind: 'conflict',
    title: 'The scheme’s headroom does not leave room for this amount.',
    next: 'Use an amount within what is left, or ask again when guarantees end or capital is paid in.',
  },
  scheme_cap_reached: {
    kind: 'conflict',
    title: 'A cap of the scheme’s mandate does not leave room for this amount.',
    next: 'Use an amount within what is left under the clause named.',
  },
  board_member_required: {
    kind: 'forbidden',
    title: 'Only a member of the scheme’s board may do this.',
    next: 'Ask a member of the board.',
  },
  board_conflict: {
    kind: 'forbidden',
    title: 'A declared conflict of interest excludes this person.',
    next: 'Leave it to the members without a conflict.',
  },
  board_motion_needed: {
    kind: 'conflict',
    title: 'This needs a decision of the board.',
    next: 'Put a motion to the board and carry it with its minutes attached, then do this again; each motion serves once.',
  },
  board_motion_amount: {
    kind: 'conflict',
    title: 'The board’s decision does not name an approval limit for this seat.',
    next: 'Carry a motion about the person that names the amount, or seat the person without a limit.',
  },
  board_minutes_missing: {
    kind: 'conflict',
    title: 'The minutes of the meeting are not attached.',
    next: 'Upload the minutes, then close the vote.',
  },
  board_majority_missing: {
    kind: 'conflict',
    title: 'More votes are needed for a decision.',
    next: 'Let the other members without a conflict vote first.',
  },
  contribution_exceeded: {
    kind: 'conflict',
    title: 'More would be paid in than was promised.',
    next: 'Enter a further promise of the source first.',
  },
  bank_reference_used: {
    kind: 'conflict',
    title: 'A payment with this bank reference was entered before.',
    next: 'Look at the payment that has it; one line of the statement counts once.',
  },
  lender_not_accredited: {
    kind: 'conflict',
    title: 'The lender is not accredited with this scheme.',
    next: 'Ask the guarantor for accreditation; guarantees in force are not affected.',
  },
  accreditation_exists: {
    kind: 'conflict',
    title: 'The lender has an accreditation, or one is proposed.',
    next: 'Decide or end that one first.',
  },
  consent_missing: {
    kind: 'conflict',
    title: 'The enterprise’s written consent is missing or was withdrawn.',
    next: 'Ask the enterprise to give its consent to this scheme and lender.',
  },
  clauses_broken: {
    kind: 'conflict',
    title: 'Clauses of the scheme’s mandate are not met.',
    next: 'Read the clauses named in "data"; change the loan so that they hold, or ask another scheme.',
  },
  clause_unknown: {
    kind: 'invalid',
    title: 'A cited clause is not in the version that the application was made under.',
    next: 'Cite clauses of that version by their ids.',
  },
  refusal_without_clause: {
    kind: 'invalid',
    title: 'A refusal must cite the clauses that are not met.',
    next: 'Name at least one clause.',
  },
  approval_limit_exceeded: {
    kind: 'forbidden',
    title: 'The amount is above what this person may approve alone.',
    next: 'Have a person with a higher limit approve it, or carry a motion of the board that allows the amount; each motion serves once.',
  },
  decision_not_prepared: {
    kind: 'conflict',
    title: 'Nobody has prepared a decision on this application.',
    next: 'A reviewer of the guarantor proposes it first.',
  },
  application_open_for_offer: {
    kind: 'conflict',
    title: 'There is an application for this offer and scheme already.',
    next: 'Go on with that application.',
  },
  application_not_approved: {
    kind: 'conflict',
    title: 'A letter of intent is drawn on an approved application only.',
    next: 'Wait for the decision; an approval holds until its day.',
  },
  letter_exists: {
    kind: 'conflict',
    title: 'A letter of intent on this application is live.',
    next: 'Use that letter, or wait until its day is over.',
  },
  letter_missing: {
    kind: 'conflict',
    title: 'The offer’s guarantee is not reserved.',
    next: 'Draw a letter of intent for the offer before it is accepted.',
  },
  letter_amount_differs: {
    kind: 'conflict',
    title: 'The offer and its letter of intent do not agree in amount.',
    next: 'Apply for the guarantee of the offer as it stands now.',
  },
  agreement_unknown: {
    kind: 'not_found',
    title: 'There is no such portfolio agreement in force.',
    next: 'Read the agreements of the scheme, or apply individually.',
  },
  agreement_quota: {
    kind: 'conflict',
    title: 'The agreement’s quota does not leave room for this amount.',
    next: 'Apply individually, or agree on a larger quota.',
  },
  guarantee_unknown: { kind: 'not_found', title: 'There is no such guarantee.', next: 'Read the list of guarantees.' },
  guarantee_fee_unpaid: {
    kind: 'conflict',
    title: 'The guarantee’s fee is not paid.',
    next: 'Pay the fee; the guarantee is in force when the loan is disbursed and the fee is paid.',
  },
  guarantee_fee_settled: {
    kind: 'conflict',
    title: 'The fee is paid already.',
    next: 'Nothing is to be done; a wrong payment is given back by the guarantor.',
  },
  fee_table_version: {
    kind: 'invalid',
    title: 'The fee table is not published in this version.',
    next: 'Use the version of the table that is filed, and a table in the scheme’s currency.',
  },
  report_incoherent: {
    kind: 'conflict',
    title: 'The report does not fit what is known of the guarantee.',
    next: 'Correct the rows named in "data" and send the file again; rows that were taken stay taken.',
  },
  amendment_waiting: {
    kind: 'conflict',
    title: 'An amendment of this guarantee waits for a decision.',
    next: 'Have it approved or rejected first.',
  },
  amendment_above: {
    kind: 'conflict',
    title: 'An amendment cannot raise what is guaranteed.',
    next: 'Apply for a further guarantee.',
  },
  fee_run_exists: {
    kind: 'conflict',
    title: 'There was a run for this scheme and day.',
    next: 'Read that run; it bills each guarantee once a year.',
  },
});
