import { defineErrors } from '#kernel';

export const enterpriseError = defineErrors({
  enterprise_profile_missing: {
    kind: 'conflict',
    title: 'The enterprise has no profile yet.',
    next: 'Begin it with PATCH /v1/enterprise and If-Match "0".',
  },
  enterprise_profile_invalid: {
    kind: 'invalid',
    title: 'Some facts of the profile cannot be right.',
    next: 'Change the fields named in "errors".',
  },
  enterprise_tasks_remain: {
    kind: 'invalid',
    title: 'Something is still missing before the profile can be handed in.',
    next: 'GET /v1/enterprise/tasks lists what remains.',
  },
  enterprise_under_review: {
    kind: 'conflict',
    title: 'What is under review cannot be changed.',
    next: 'Wait for the decision or for a request for information, or withdraw the verification.',
  },
  enterprise_identifier_taken: {
    kind: 'conflict',
    title: 'Another organisation has stated this identifier.',
    next: 'Check the number; if it is yours, send the operator a complaint, who decides whose it is.',
  },
  enterprise_large: {
    kind: 'conflict',
    title: 'The firm is larger than the firms that this market serves.',
    next: 'Check the statement and the staff; the rule that decided stands in the size evaluation.',
  },
  account_ownership_open: {
    kind: 'conflict',
    title: 'Nobody has confirmed that the bank account belongs to the firm.',
    next: 'Compare the account with the bank’s letter and confirm it in the decision.',
  },
  screening_open: {
    kind: 'conflict',
    title: 'The screening of an owner is open.',
    next: 'Look at the owners named in "data" and clear them in the decision, or reject.',
  },
  statement_invalid: {
    kind: 'invalid',
    title: 'The statement’s figures do not fit together.',
    next: 'Change the fields named in "errors".',
  },
  document_unreadable: {
    kind: 'invalid',
    title: 'The file is not of a kind that is accepted.',
    next: 'Send a PDF, PNG, JPEG or XLSX file with its own Content-Type; its first bytes must show the same.',
  },
});
