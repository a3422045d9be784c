import { defineErrors } from '#kernel';

export const receivableError = defineErrors({
  anchor_profile_missing: {
    kind: 'conflict',
    title: 'The anchor has no profile yet.',
    next: 'Fill in the profile with PATCH /v1/anchor first.',
  },
  anchor_profile_incomplete: {
    kind: 'invalid',
    title: 'The profile is not complete.',
    next: 'Fill in the fields named in "errors", then hand it in again.',
  },
  anchor_under_review: {
    kind: 'conflict',
    title: 'What is under review cannot be changed.',
    next: 'Wait for the decision or for a request for information, or withdraw the verification.',
  },
  anchor_not_verified: {
    kind: 'conflict',
    title: 'The anchor is not verified, so it can confirm nothing.',
    next: 'Hand the profile in for verification; what was prepared is kept.',
  },
  anchor_confirmations_stopped: {
    kind: 'conflict',
    title: 'New confirmations are stopped because of overdue payments.',
    next: 'Pay what is overdue; after the time of cure the anchor can confirm again by itself.',
  },
  anchor_tax_id_taken: {
    kind: 'conflict',
    title: 'Another anchor has this tax number.',
    next: 'Check the number; if it is yours, tell the operator.',
  },
  branch_exists: {
    kind: 'conflict',
    title: 'A branch with this code exists.',
    next: 'Use another code, or change the branch that has it.',
  },
  branch_unknown: {
    kind: 'invalid',
    title: 'The anchor has no open branch with this code.',
    next: 'Send the code of an open branch, or leave it out.',
  },
  branch_person_unknown: {
    kind: 'invalid',
    title: 'A person named for the branch does not work for the anchor.',
    next: 'Invite the person first, then assign the branch.',
  },
  branch_not_yours: {
    kind: 'forbidden',
    title: 'The receivable belongs to a branch that you do not work for.',
    next: 'Ask a person of that branch, or the administrator to assign you.',
  },
  supplier_listed: {
    kind: 'conflict',
    title: 'This supplier is on the list already.',
    next: 'Change the entry that exists.',
  },
  supplier_not_listed: {
    kind: 'invalid',
    title: 'The seller is not on the anchor’s list of suppliers.',
    next: 'Add the supplier to the list, then send the receivable again.',
  },
  supplier_not_registered: {
    kind: 'invalid',
    title: 'The supplier is on the list but not registered here yet.',
    next: 'Ask the supplier to register with the same registration number; then send the receivable again.',
  },
  anchor_unknown: {
    kind: 'invalid',
    title: 'No anchor that takes receivables from you has this number.',
    next: 'Check the number, or ask the anchor to put you on its list of suppliers.',
  },
  party_not_yours: {
    kind: 'invalid',
    title: 'The document names another firm in your place.',
    next: 'Send documents of your own firm only; check the tax number on the document against your profile.',
  },
  receivable_invalid: {
    kind: 'invalid',
    title: 'The receivable cannot be taken as it is.',
    next: 'Change the fields named in "errors" and send it again.',
  },
  receivable_credit_note: {
    kind: 'invalid',
    title: 'A credit note is no receivable.',
    next: 'Record it on the invoice that it lowers: POST /v1/receivables/{receivableId}/credit-note.',
  },
  receivable_exists: {
    kind: 'conflict',
    title: 'This receivable is here already.',
    next: 'Go on with the one named in "data".',
  },
  receivable_registered: {
    kind: 'conflict',
    title: 'The same claim is confirmed already, so it cannot be confirmed again.',
    next: 'Go on with the receivable that is confirmed; if this is another claim, correct its number or its date.',
  },
  receivable_not_financeable: {
    kind: 'conflict',
    title: 'The receivable cannot be listed or awarded now.',
    next: 'Read the obstacles in "data"; a held receivable waits for its case, a missing answer is asked for again.',
  },
  receivable_not_held: {
    kind: 'conflict',
    title: 'The receivable has no open case.',
    next: 'Read it again; the case was decided.',
  },
  receivable_day_passed: {
    kind: 'conflict',
    title: 'The day of payment has come, so nothing can be confirmed any more.',
    next: 'Settle it directly, or agree on a new day in a new document.',
  },
  receivable_amount_wrong: {
    kind: 'invalid',
    title: 'The amount does not fit the receivable.',
    next: 'Send an amount above zero and below what is owed now, in its currency.',
  },
  receivable_reason_missing: {
    kind: 'invalid',
    title: 'This step needs a reason.',
    next: 'Say in "reason" what is wrong, so that the seller can answer.',
  },
  receivable_in_proposal_limit: {
    kind: 'too_large',
    title: 'Too many receivables in one proposal.',
    next: 'Send fewer at once, or name the batch.',
  },
  proposal_empty: {
    kind: 'conflict',
    title: 'No receivable of the proposal is in a state for this step.',
    next: 'Read the receivables again and propose the steps that are open.',
  },
  undertaking_outdated: {
    kind: 'conflict',
    title: 'The undertaking has another version now.',
    next: 'Read GET /v1/undertaking, agree to the present text and send its version.',
  },
  undertaking_missing: {
    kind: 'invalid',
    title: 'This step binds the anchor to pay and needs its agreement to the undertaking.',
    next: 'Send "undertaking" with the version and the language in which it was read.',
  },
  above_approval_limit: {
    kind: 'forbidden',
    title: 'The amount is above what you may approve.',
    next: 'Ask a checker with a higher approval limit.',
  },
  uploader_and_checker_same: {
    kind: 'forbidden',
    title: 'The person who uploaded a receivable for the anchor may not approve it.',
    next: 'Ask another checker.',
  },
  delivery_not_stated: {
    kind: 'conflict',
    title: 'The seller has not stated a delivery of this order.',
    next: 'Wait for the seller’s invoice, or ask for it.',
  },
  delivery_not_possible: {
    kind: 'conflict',
    title: 'Only a confirmed order that is not due can be delivered.',
    next: 'Read the receivable again; its state and kind say what is possible.',
  },
  certificate_moved: {
    kind: 'conflict',
    title: 'The certificate is not whole in the hands of the seller any more.',
    next: 'After a part was passed on or sold, a credit note is settled between seller and anchor; it changes no certificate.',
  },
  batch_file_refused: {
    kind: 'invalid',
    title: 'The file is not of a kind that is read here.',
    next: 'Send CSV, XLSX, or an electronic invoice in XML (UBL 2.1 or CII).',
  },
  registry_peer_exists: {
    kind: 'conflict',
    title: 'A registry with this name or this key is there already.',
    next: 'Use another name, or change the entry that exists.',
  },
  registry_address_refused: {
    kind: 'invalid',
    title: 'The address of the registry cannot be used.',
    next: 'Send a full https address.',
  },
  registry_signature_invalid: {
    kind: 'unauthenticated',
    title: 'The question is not signed by a registry that is known here.',
    next: 'Sign it with the shared key as docs/guide/registry-protocol.md says; check the clock.',
  },
  registry_version_unknown: {
    kind: 'invalid',
    title: 'This version of the protocol is not spoken here.',
    next: 'Send Registry-Version with the version in "data".',
  },
});
