import { declaredErrors, defineErrors, DomainError, type ErrorKind, type FieldError } from '#kernel';

/** One status for each kind of refusal; a kind without one does not compile. */
export const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
};

export const httpError = defineErrors({
  input_invalid: {
    kind: 'invalid',
    title: 'Some fields are not as they should be.',
    next: 'Change the fields named in "errors" and send the request again.',
  },
  body_malformed: {
    kind: 'invalid',
    title: 'The body of the request cannot be read.',
    next: 'Send one JSON object with Content-Type: application/json.',
  },
  body_too_large: {
    kind: 'too_large',
    title: 'The request is larger than this address accepts.',
    next: 'Send a smaller body; documents have an address of their own.',
  },
  route_unknown: {
    kind: 'not_found',
    title: 'There is nothing at this address.',
    next: 'The addresses are listed in the API reference at /reference.',
  },
  record_unknown: {
    kind: 'not_found',
    title: 'This record does not exist, or not for you.',
    next: 'Check the identifier; a record of another organisation is never shown.',
  },
  record_changed: {
    kind: 'stale',
    title: 'Somebody else changed this record since you read it.',
    next: 'Read it again, look at the changes, and send yours with the new ETag in If-Match.',
  },
  if_match_missing: {
    kind: 'invalid',
    title: 'This change needs the version that it is based on.',
    next: 'Send the ETag of the record you read in the header If-Match.',
  },
  too_many_requests: {
    kind: 'too_many',
    title: 'Too many requests in a short time.',
    next: 'Wait as long as Retry-After says.',
  },
  content_type_unknown: {
    kind: 'invalid',
    title: 'This address reads JSON only.',
    next: 'Send the body as JSON with Content-Type: application/json.',
  },
  shutting_down: {
    kind: 'unavailable',
    title: 'This replica is about to stop.',
    next: 'Send the request again; another replica answers.',
  },
  unexpected: {
    kind: 'unavailable',
    title: 'Something went wrong on our side; nothing was changed.',
    next: 'Try again; if it happens again, tell the operator the traceId.',
  },
});

/** RFC 9457 problem details, with a stable code, the way out, and the fields at fault. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly next: string;
  readonly traceId: string;
  readonly errors?: readonly FieldError[];
  readonly data?: Readonly<Record<string, unknown>>;
}

export function problemOf(error: DomainError, traceId: string, status = statusOfKind[error.definition.kind]): Problem {
  const { fields, data } = error.details;
  return {
    type: `/reference/errors#${error.code}`,
    title: error.definition.title,
    status,
    code: error.code,
    detail: error.message,
    next: error.definition.next,
    traceId,
    ...(fields && fields.length > 0 ? { errors: fields } : {}),
    ...(data ? { data } : {}),
  };
}

/** The published list of refusals: every code with its status, meaning and way out. */
export function errorCatalogue(): { code: string; status: number; title: string; next: string }[] {
  return [...declaredErrors()]
    .map(([code, { kind, title, next }]) => ({ code, status: statusOfKind[kind], title, next }))
    .sort((a, b) => a.code.localeCompare(b.code));
}
