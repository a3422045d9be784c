import { defineErrors } from '#kernel';

export const identityError = defineErrors({
  sign_in_failed: {
    kind: 'unauthenticated',
    title: 'E-mail or password is wrong.',
    next: 'Try again, or ask for a new password with POST /v1/password-resets.',
  },
  sign_in_locked: {
    kind: 'too_many',
    title: 'Too many wrong passwords.',
    next: 'Wait as long as Retry-After says, then try again.',
  },
  not_signed_in: {
    kind: 'unauthenticated',
    title: 'You are not signed in.',
    next: 'Sign in with POST /v1/sessions, or send an API key or access token as "Authorization: Bearer …".',
  },
  csrf_failed: {
    kind: 'forbidden',
    title: 'The request did not carry the token of this session.',
    next: 'Send the csrfToken of GET /v1/session in the header X-CSRF-Token.',
  },
  organisation_suspended: {
    kind: 'forbidden',
    title: 'Your organisation is suspended.',
    next: 'Ask the operator why; you can switch to another organisation of yours with POST /v1/session/organisation.',
  },
  permission_missing: {
    kind: 'forbidden',
    title: 'Your role does not allow this.',
    next: 'Ask an administrator of your organisation for a role that does.',
  },
  step_up_needed: {
    kind: 'forbidden',
    title: 'This step binds your organisation and needs your second factor.',
    next: 'Show it with POST /v1/session/step-up, then send the request again.',
  },
  second_factor_wrong: {
    kind: 'forbidden',
    title: 'The code is wrong or was used before.',
    next: 'Enter the code that your app shows now.',
  },
  second_factor_absent: {
    kind: 'conflict',
    title: 'No second factor is set up.',
    next: 'Set one up with POST /v1/second-factors/totp.',
  },
  passkey_refused: {
    kind: 'unauthenticated',
    title: 'The passkey was not accepted.',
    next: 'Ask for new options and try again, or sign in with your password.',
  },
  passkey_known: {
    kind: 'conflict',
    title: 'This passkey is registered already.',
    next: 'Use it, or register another one.',
  },
  passkey_unknown: {
    kind: 'not_found',
    title: 'You have no such passkey.',
    next: 'GET /v1/passkeys lists yours.',
  },
  member_unknown: {
    kind: 'not_found',
    title: 'This person does not belong to your organisation.',
    next: 'GET /v1/people lists those who do.',
  },
  own_rights: {
    kind: 'forbidden',
    title: 'Nobody raises his own rights or limit.',
    next: 'Ask another administrator of your organisation.',
  },
  invitation_unknown: {
    kind: 'not_found',
    title: 'There is no such invitation, or it is over.',
    next: 'Ask the organisation to invite you again.',
  },
  member_already: {
    kind: 'conflict',
    title: 'This person belongs to the organisation already.',
    next: 'Change the roles with PATCH /v1/people/{personId}.',
  },
  delegation_beyond: {
    kind: 'invalid',
    title: 'This cannot be delegated.',
    next: 'Choose permissions that you hold by your own role; administration and the second look of a checker stay personal.',
  },
  delegation_unknown: {
    kind: 'not_found',
    title: 'There is no such delegation.',
    next: 'GET /v1/delegations lists yours.',
  },
  email_taken: {
    kind: 'conflict',
    title: 'This e-mail address is already registered.',
    next: 'Sign in, or register with another address.',
  },
  registration_number_taken: {
    kind: 'conflict',
    title: 'This organisation is already registered.',
    next: 'Ask its administrator to invite you.',
  },
  role_unknown: {
    kind: 'invalid',
    title: 'This kind of organisation has no such role.',
    next: 'Choose one of the roles listed in "data".',
  },
  last_administrator: {
    kind: 'conflict',
    title: 'An organisation needs at least one person who may manage it.',
    next: 'Give the role to somebody else first.',
  },
  maker_is_checker: {
    kind: 'forbidden',
    title: 'The person who prepared this may not approve it.',
    next: 'Ask a second person with the approving role.',
  },
  scope_unknown: {
    kind: 'invalid',
    title: 'A program cannot have this permission here.',
    next: 'Choose among the permissions of your organisation; binding, approving and administration stay with people.',
  },
  password_wrong: {
    kind: 'forbidden',
    title: 'The present password is wrong.',
    next: 'Enter the password with which you signed in.',
  },
  reset_token_unknown: {
    kind: 'not_found',
    title: 'This link to a new password does not work, or not any more.',
    next: 'Ask for a new one with POST /v1/password-resets; it works once, for half an hour.',
  },
  password_weak: {
    kind: 'invalid',
    title: 'The password is too easy to guess.',
    next: 'Use at least 12 characters that are not a common password or your own name.',
  },
});
