// size: one table of refusals.
import { defineErrors } from '#kernel';

export const claimError = defineErrors({
  claim_unknown: { kind: 'not_found', title: 'There is no such claim.', next: 'Read the list of claims.' },
  claim_too_early: {
    kind: 'conflict',
    title: 'The days past due that were reported do not allow a claim yet.',
    next: 'Report outstanding and days past due first; claim from the day that the clause in "data" names.',
  },
  claim_figures_incoherent: {
    kind: 'invalid',
    title: 'The figures of the claim do not fit what is known of the guarantee.',
    next: 'Correct the fields named in "errors".',
  },
  claim_live: {
    kind: 'conflict',
    title: 'A claim on this guarantee is under way.',
    next: 'Go on with that claim, or withdraw it when the arrears are paid.',
  },
  claim_documents_missing: {
    kind: 'conflict',
    title: 'Documents that a clause asks for are missing.',
    next: 'Ask the lender for the kinds in "data", or deny the claim citing the clause.',
  },
  claim_worth_nothing: {
    kind: 'conflict',
    title: 'By its bounds the claim is worth nothing.',
    next: 'Deny it and cite the clause that bounds it.',
  },
  claim_clauses_needed: {
    kind: 'invalid',
    title: 'A reduction or a denial must cite clauses of the terms that the guarantee was made under.',
    next: 'Name at least one clause by its id; "data" lists them.',
  },
  claim_reduction_invalid: {
    kind: 'invalid',
    title: 'A claim approved in part is reduced by more than nothing and less than all.',
    next: 'State a reduction within the computed amount; approve or deny otherwise.',
  },
  claim_decision_not_prepared: {
    kind: 'conflict',
    title: 'Nobody has prepared this step.',
    next: 'A first person of the guarantor prepares it, a second one takes it.',
  },
  claim_decision_by_others: {
    kind: 'forbidden',
    title: 'Who decided the claim before may not decide the appeal.',
    next: 'Leave the appeal to colleagues who had no part in the decision.',
  },
  claim_facts_changed: {
    kind: 'conflict',
    title: 'What the claim is worth has changed since the decision was prepared.',
    next: 'Prepare the decision again with the amount in "data".',
  },
  payee_account_missing: {
    kind: 'conflict',
    title: 'There is no checked account of the lender to pay to.',
    next: 'The lender enters its account, a person of the guarantor checks whose it is; after the cooling time it can be used.',
  },
  payee_account_unknown: {
    kind: 'not_found',
    title: 'There is no such account.',
    next: 'Read the lender’s account with this scheme.',
  },
  payee_account_decided: {
    kind: 'conflict',
    title: 'This account was checked, rejected or replaced already.',
    next: 'Enter the account anew if it has changed.',
  },
  claim_evidence_missing: {
    kind: 'invalid',
    title: 'The evidence of the payment is missing.',
    next: 'Upload the bank’s advice as payment_evidence of this claim and name it.',
  },
  claim_bank_reference_used: {
    kind: 'conflict',
    title: 'This bank reference stands for another payment.',
    next: 'One line of the bank’s statement counts once; use the reference of this payment.',
  },
  recovery_unknown: { kind: 'not_found', title: 'There is no such recovery.', next: 'Read the claim’s recoveries.' },
  recovery_decided: {
    kind: 'conflict',
    title: 'This recovery was confirmed, rejected or reversed already.',
    next: 'Enter a new one; what was confirmed by mistake is reversed.',
  },
  recovery_above_loss: {
    kind: 'conflict',
    title: 'More would be recovered than is lost.',
    next: 'Enter at most the open loss in "data"; what exceeds it belongs to the debtor.',
  },
  recovery_paid_out: {
    kind: 'conflict',
    title: 'Parts of this recovery were paid out already.',
    next: 'Have them given back first, then reverse the recovery.',
  },
  settlement_unknown: {
    kind: 'not_found',
    title: 'There is no such settlement.',
    next: 'Read the claim’s settlements.',
  },
  settlement_decided: {
    kind: 'conflict',
    title: 'This settlement was confirmed or rejected already.',
    next: 'Enter a new one.',
  },
  settlement_exceeds: {
    kind: 'conflict',
    title: 'More would be settled than is owed.',
    next: 'Settle at most the open amount in "data".',
  },
  claim_unsettled: {
    kind: 'conflict',
    title: 'Amounts of this claim are not settled yet.',
    next: 'Settle what re-guarantors owe and what belongs to others, then close the claim.',
  },
  reguarantee_unknown: {
    kind: 'not_found',
    title: 'There is no such re-guarantee agreement.',
    next: 'Read the scheme’s agreements.',
  },
  reguarantee_incoherent: {
    kind: 'invalid',
    title: 'The layers of the agreement do not fit together.',
    next: 'Correct what "errors" names: shares above zero that add up to 100 %, the scheme in one layer, each party once.',
  },
  reguarantee_overlaps: {
    kind: 'conflict',
    title: 'Another agreement covers some of these days.',
    next: 'End that agreement on an earlier day first; a guarantee has one agreement, that of the day on which it was issued.',
  },
  reguarantee_decided: {
    kind: 'conflict',
    title: 'This agreement was decided already.',
    next: 'Propose a new agreement.',
  },
  provision_run_exists: {
    kind: 'conflict',
    title: 'The provision of this month was posted already.',
    next: 'Read that run; the next month corrects it.',
  },
  provision_month_invalid: {
    kind: 'conflict',
    title: 'A provision is posted for the present month or the one before it, after earlier ones.',
    next: 'Use one of these months.',
  },
  evaluation_exists: {
    kind: 'conflict',
    title: 'The evaluation of this year was published.',
    next: 'Read it; a published evaluation is not changed.',
  },
  evaluation_unknown: {
    kind: 'not_found',
    title: 'There is no such evaluation.',
    next: 'Prepare the evaluation of the year first.',
  },
  evaluation_year_open: {
    kind: 'conflict',
    title: 'A year is evaluated when it is over.',
    next: 'Choose an earlier year.',
  },
});
