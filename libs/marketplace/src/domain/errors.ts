import { defineErrors } from '#kernel';

export const marketplaceError = defineErrors({
  request_incomplete: {
    kind: 'invalid',
    title: 'The request is not complete.',
    next: 'Supply what "errors" names; GET …/checklist shows what remains.',
  },
  reference_used: {
    kind: 'conflict',
    title: 'The enterprise already has a request with this reference.',
    next: 'Find the request under its reference, or give the new one another.',
  },
  text_identifies_firm: {
    kind: 'invalid',
    title: 'The text shows who the firm is, or how to reach somebody.',
    next: 'Write it again without what "errors" names; financiers learn who you are when you disclose it to them.',
  },
  request_not_editable: {
    kind: 'conflict',
    title: 'The request can no longer be edited.',
    next: 'Withdraw it and copy it to a new draft, or wait for the reviewer’s question.',
  },
  enterprise_not_verified: {
    kind: 'conflict',
    title: 'The enterprise is not verified yet.',
    next: 'Finish the verification of the enterprise; its home page shows what remains.',
  },
  enterprise_profile_incomplete: {
    kind: 'conflict',
    title: 'The enterprise’s profile lacks its sector, region, size or age.',
    next: 'Complete the profile and the last yearly statement.',
  },
  enterprise_too_large: {
    kind: 'conflict',
    title: 'This market serves micro, small and medium enterprises.',
    next: 'A large firm may take part as an anchor.',
  },
  request_needs_certificate: {
    kind: 'conflict',
    title: 'This product stands on what an anchor has confirmed.',
    next: 'Have the receivable confirmed, then list its certificate with POST /v1/receivable-requests.',
  },
  certificate_listed: {
    kind: 'conflict',
    title: 'A certificate of this list stands in another request.',
    next: 'Withdraw that request first, or leave the certificate out.',
  },
  certificates_mixed: {
    kind: 'invalid',
    title: 'These certificates do not make one request.',
    next: 'Put together what is of one kind and one currency; each other kind is a request of its own.',
  },
  guarantee_not_possible: {
    kind: 'conflict',
    title: 'No guarantee scheme would cover these receivables for a lender of this market.',
    next: 'GET /v1/receivable-requests/{requestId}/alternatives says what else is possible; the terms of schemes are public.',
  },
  not_unsold: {
    kind: 'conflict',
    title: 'This request has not ended unsold, or nothing of it is left.',
    next: 'Wait for the end of the time to decide; certificates that are free are listed with POST /v1/receivable-requests.',
  },
  not_a_receivable: {
    kind: 'conflict',
    title: 'This request does not stand on receivables.',
    next: 'Make an offer with POST /v1/market/requests/{requestId}/offers.',
  },
  market_closed: {
    kind: 'conflict',
    title: 'The market for receivables is closed now.',
    next: 'Bid again when it opens, at "opensAt".',
  },
  anchor_limit_needed: {
    kind: 'conflict',
    title: 'Your institution needs a limit on every anchor of this request.',
    next: 'Propose one with POST /v1/institution/anchor-limit-changes; a checker approves it.',
  },
  reasons_missing: {
    kind: 'invalid',
    title: 'A rejection needs at least one coded reason.',
    next: 'Choose among the codes of GET /v1/rejection-reasons.',
  },
  bidding_closed: {
    kind: 'conflict',
    title: 'The time for offers on this request is over.',
    next: 'Look for other requests; if an award lapses, the request opens again.',
  },
  bidding_open: {
    kind: 'conflict',
    title: 'Offers can be accepted only after the close, so that all compete fairly.',
    next: 'Wait for the close shown as "closesAt".',
  },
  not_matched: {
    kind: 'not_found',
    title: 'This request does not exist, or was not offered to your institution.',
    next: 'GET /v1/market/requests lists what was.',
  },
  offer_exists: {
    kind: 'conflict',
    title: 'Your institution already has an offer on this request.',
    next: 'In a ranked competition revise it; in a sealed one the first offer stands.',
  },
  offer_outside_mandate: {
    kind: 'invalid',
    title: 'The offer does not fit the request.',
    next: 'Change the fields named in "errors".',
  },
  offer_not_better: {
    kind: 'conflict',
    title: 'A revision may only be to the enterprise’s advantage.',
    next: 'Lower the price or raise the amount; everything else stays at least as good.',
  },
  offer_sealed: {
    kind: 'conflict',
    title: 'In a sealed competition an offer cannot be revised.',
    next: 'The first offer stands until the close.',
  },
  offer_binding_stands: {
    kind: 'conflict',
    title: 'A binding offer cannot be withdrawn before its expiry.',
    next: 'It ends by itself on its expiry, or when another offer is accepted.',
  },
  offer_not_binding: {
    kind: 'conflict',
    title: 'Only a binding offer can be accepted.',
    next: 'Ask for a binding one with POST …/ask-binding.',
  },
  offer_guarantee_indicative: {
    kind: 'conflict',
    title: 'The guarantee of this offer is only indicative, so the offer cannot be accepted yet.',
    next: 'Consent to it with POST …/guarantee-consent; the financier then applies and draws the letter of intent, which reserves it.',
  },
  offer_guarantee_refused: {
    kind: 'conflict',
    title: 'The scheme’s mandate does not cover this loan.',
    next: 'Change what "errors" names, choose a lower cover, or another scheme.',
  },
  offer_guarantee_applied: {
    kind: 'conflict',
    title: 'The offer’s guarantee is applied for with this amount, tenor and cover.',
    next: 'Better the price only, or withdraw the application before you change the rest.',
  },
  offer_without_guarantee: {
    kind: 'conflict',
    title: 'This offer has no guarantee.',
    next: 'The financier names a scheme and a cover in the offer’s terms.',
  },
  offer_not_live: {
    kind: 'conflict',
    title: 'This offer is no longer in the competition.',
    next: 'Look at the comparison for the offers that are.',
  },
  offer_expired: {
    kind: 'conflict',
    title: 'This offer’s day has passed.',
    next: 'Look at the comparison for the offers that still stand.',
  },
  offer_conditions_open: {
    kind: 'invalid',
    title: 'A binding offer lists every condition and the customer checks that were made.',
    next: 'Close or drop the conditions, and record the checks.',
  },
  identity_not_disclosed: {
    kind: 'conflict',
    title: 'A binding offer needs to know who the enterprise is.',
    next: 'Make an indicative offer, or ask the enterprise to disclose itself to you.',
  },
  request_not_open: {
    kind: 'conflict',
    title: 'The request is not open.',
    next: 'Read the request again; its state says which steps are possible.',
  },
  already_awarded: {
    kind: 'conflict',
    title: 'Another offer was accepted first.',
    next: 'The request shows which; this offer comes back if that award lapses.',
  },
  award_exceeds_request: {
    kind: 'conflict',
    title: 'The accepted offers would exceed the amount asked for.',
    next: 'Accept an offer of at most the amount that remains.',
  },
  contract_signed: {
    kind: 'conflict',
    title: 'A contract of this request is signed, so the request cannot be withdrawn.',
    next: 'Accept no further offer: the search for the rest ends by itself when the time to decide is over.',
  },
  financier_limit_reached: {
    kind: 'conflict',
    title: 'The financier cannot take this on within its limits any more.',
    next: 'Accept another offer, or ask this financier; its limits are its own affair and are not shown.',
  },
  award_not_yours: {
    kind: 'not_found',
    title: 'This award does not exist, or is not yours.',
    next: 'Check the identifier.',
  },
  account_not_usable: {
    kind: 'conflict',
    title: 'The enterprise has no account whose ownership was checked, or a changed one still waits its cooling time.',
    next: 'Do not pay to any other account; the enterprise declares one, the operator checks it.',
  },
  murabaha_not_sold: {
    kind: 'conflict',
    title: 'Under a murabaha the asset is bought, held and sold before anything is paid out.',
    next: 'The financier records purchase and possession with their documents, then the sale: GET /v1/awards/{awardId}/murabaha.',
  },
  purchase_exceeds_award: {
    kind: 'conflict',
    title: 'The asset cost more than what was awarded.',
    next: 'Record a purchase of at most the amount awarded, in its currency; the enterprise did not promise to buy for more.',
  },
  evidence_missing: {
    kind: 'conflict',
    title: 'This step needs a document that proves it.',
    next: 'Send it first with POST /v1/awards/{awardId}/murabaha/documents?kind=purchase or kind=possession.',
  },
  evidence_unreadable: {
    kind: 'invalid',
    title: 'This is no document that the portal keeps.',
    next: 'Send a PDF or a picture as it is, with its Content-Type.',
  },
  evidence_too_many: {
    kind: 'conflict',
    title: 'There are enough documents to this sale.',
    next: 'Put what belongs together into one file.',
  },
  amount_differs: {
    kind: 'conflict',
    title: 'The amount that arrived is not what was promised.',
    next: 'Ask the financier; if it stays so, send a complaint, which the operator rules on.',
  },
  paid_by_settlement: {
    kind: 'conflict',
    title: 'Receivables are paid through the settlement account, whose statement says what arrived.',
    next: 'Pay the first leg under its reference; the award follows when the bank has booked it.',
  },
  answer_exists: {
    kind: 'conflict',
    title: 'This question was answered.',
    next: 'Read the answer; a correction is a new answer to a new question.',
  },
});
