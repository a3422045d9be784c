import { defineErrors } from '#kernel';

export const reviewError = defineErrors({
  review_case_unknown: {
    kind: 'not_found',
    title: 'This review case does not exist, or not for you.',
    next: 'Check the identifier; your own cases are listed at /v1/own-review-cases.',
  },
  review_case_open: {
    kind: 'conflict',
    title: 'A review of this is already running.',
    next: 'Wait for its decision, or withdraw it first.',
  },
  review_not_assigned: {
    kind: 'forbidden',
    title: 'This case is not assigned to you.',
    next: 'Take it from the queue, or ask a review lead to assign it to you.',
  },
  review_conflict: {
    kind: 'forbidden',
    title: 'A conflict of interest keeps you from working on this case.',
    next: 'Leave it to a colleague; the case shows who may take it.',
  },
  review_lead_needed: {
    kind: 'forbidden',
    title: 'This step needs a review lead.',
    next: 'Ask a review lead to take the step or to allow it.',
  },
  review_reasons_missing: {
    kind: 'invalid',
    title: 'At least one reason is needed, each with a code and a sentence.',
    next: 'Name everything that is missing in one request; each reason tells the applicant what to do.',
  },
  review_silence_over: {
    kind: 'conflict',
    title: 'The time to answer is over; the case is returned.',
    next: 'Complete it and submit it again; a new review starts then.',
  },
  review_case_taken: {
    kind: 'conflict',
    title: 'Somebody else has this case.',
    next: 'Choose another case, or ask a review lead to assign it to you.',
  },
  review_assignee_unfit: {
    kind: 'invalid',
    title: 'This person cannot be given the case.',
    next: 'Choose a reviewer of the operator who has declared no conflict; "data" lists them.',
  },
  calendar_change_invalid: {
    kind: 'invalid',
    title: 'The calendar cannot be changed like this.',
    next: 'Change the fields named; the present calendar is at /v1/business-calendar.',
  },
  calendar_up_to_date: {
    kind: 'conflict',
    title: 'There is no newer rule book than the one that counts.',
    next: 'Nothing is to be done; single days are changed with PATCH /v1/business-calendar.',
  },
  calendar_missing: {
    kind: 'conflict',
    title: 'No business calendar is kept for this country.',
    next: 'Add a rule book of kind "business-calendar" for the country under config/countries and restart.',
  },
  complaint_unknown: {
    kind: 'not_found',
    title: 'This complaint does not exist, or not for you.',
    next: 'Check the identifier; your own are listed at /v1/complaints.',
  },
  appeal_not_possible: {
    kind: 'conflict',
    title: 'This decision cannot be appealed against.',
    next: 'Appeal once, within the time that the rule book gives, against a decision on a case of your own.',
  },
});
