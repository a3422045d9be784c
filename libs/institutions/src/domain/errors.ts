import { defineErrors } from '#kernel';

export const institutionError = defineErrors({
  institution_profile_missing: {
    kind: 'conflict',
    title: 'The institution has no profile yet.',
    next: 'Fill in the profile with PATCH /v1/institution first.',
  },
  institution_profile_incomplete: {
    kind: 'invalid',
    title: 'The profile is not complete.',
    next: 'Fill in the fields named in "errors", then hand it in again.',
  },
  institution_not_verified: {
    kind: 'conflict',
    title: 'The institution is not verified, so nothing of it can be published.',
    next: 'Hand the profile in for verification; what was prepared is kept.',
  },
  verification_under_review: {
    kind: 'conflict',
    title: 'What is under review cannot be changed.',
    next: 'Wait for the decision or for a request for information, or withdraw the verification.',
  },
  maker_and_checker_same: {
    kind: 'forbidden',
    title: 'The person who proposed this may not decide it.',
    next: 'Ask a second person of your institution who has the checker role.',
  },
  person_required: {
    kind: 'forbidden',
    title: 'This step is taken by a person, not by a program.',
    next: 'Sign in as a person with the checker role.',
  },
  product_incoherent: {
    kind: 'invalid',
    title: 'The terms of the product do not fit together.',
    next: 'Change the fields named in "errors".',
  },
  mandate_incoherent: {
    kind: 'invalid',
    title: 'The terms of the mandate do not fit together.',
    next: 'Change the fields named in "errors".',
  },
  mandate_reference_taken: {
    kind: 'conflict',
    title: 'Another mandate of this institution has the same reference.',
    next: 'Choose another reference, or change the mandate that has it.',
  },
  mandate_ended: {
    kind: 'conflict',
    title: 'An ended mandate is not changed any more.',
    next: 'Make a new mandate.',
  },
  limits_not_approved: {
    kind: 'conflict',
    title: 'No checker has approved the limits of this mandate.',
    next: 'Propose limits (they may also say that there are none) and have a second person approve them.',
  },
  limit_change_pending: {
    kind: 'conflict',
    title: 'A change of these limits waits for a decision already.',
    next: 'Have it approved, rejected or withdrawn first.',
  },
  enterprise_limit_reached: {
    kind: 'conflict',
    title: 'The financier’s limit for one enterprise does not leave room for this amount.',
    next: 'Use an amount within what is left, or have a higher limit approved by maker and checker.',
  },
  anchor_limit_missing: {
    kind: 'conflict',
    title: 'The financier has no limit on this anchor.',
    next: 'Propose one with POST /v1/institution/anchor-limit-changes and have it approved by a checker.',
  },
  anchor_limit_reached: {
    kind: 'conflict',
    title: 'The financier’s limit for one anchor does not leave room for this amount.',
    next: 'Use an amount within what is left, or have a higher limit approved by maker and checker.',
  },
  monthly_appetite_reached: {
    kind: 'conflict',
    title: 'What the financier wants to fund this month does not leave room for this amount.',
    next: 'Use an amount within what is left, wait for the next month, or have a higher appetite approved.',
  },
  limit_currency_differs: {
    kind: 'invalid',
    title: 'The amount is not in the currency of the mandate.',
    next: 'Use the currency of the mandate.',
  },
  reservation_exists: {
    kind: 'conflict',
    title: 'A reservation with this reference exists already.',
    next: 'Use the reservation that is there, or another reference.',
  },
  reservation_unknown: {
    kind: 'not_found',
    title: 'There is no reservation with this reference.',
    next: 'Check the reference.',
  },
  auto_bid_incoherent: {
    kind: 'invalid',
    title: 'The terms of the rule do not fit together or outside its mandate.',
    next: 'Change the fields named in "errors".',
  },
});
