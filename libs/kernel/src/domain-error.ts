/** What sort of refusal it is. The HTTP edge turns each kind into one status; a domain never names a status. */
export type ErrorKind =
  /** The input breaks a rule that the caller can see: change the named fields. */
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  /** The input is fine but the state of things does not allow it (any more). */
  | 'conflict'
  /** Somebody else changed what was being edited: read again. */
  | 'stale'
  | 'too_large'
  | 'too_many'
  /** A passing fault: try again later. */
  | 'unavailable';

export interface ErrorDefinition {
  readonly kind: ErrorKind;
  /** One plain sentence: what was refused. */
  readonly title: string;
  /** One plain sentence: what to do next. */
  readonly next: string;
}

/** One field of the input at fault; `pointer` is a JSON pointer such as `/terms/amount`. */
export interface FieldError {
  readonly pointer: string;
  readonly rule: string;
  readonly message: string;
}

export interface ErrorDetails {
  /** What happened in this case, in one plain sentence with its figures. */
  readonly detail?: string;
  readonly fields?: readonly FieldError[];
  /** Figures a program may want, such as `{limit: "500000.00"}`. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

/** An expected refusal with a stable code. Everything else that is thrown is a surprise. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: string,
    readonly definition: ErrorDefinition,
    readonly details: ErrorDetails = {},
  ) {
    super(details.detail ?? definition.title);
  }
}

const known = new Map<string, ErrorDefinition>();

/** Every code that the loaded contexts declare, for the published list of errors. */
export function declaredErrors(): ReadonlyMap<string, ErrorDefinition> {
  return known;
}

/**
 * Declares a context's refusals as one table and returns the function that makes them:
 * `throw marketplaceError('offer_expired', {detail})`. A code outside the table does not compile;
 * a code declared twice with another meaning fails when the program starts.
 */
export function defineErrors<const T extends Readonly<Record<string, ErrorDefinition>>>(table: T) {
  for (const [code, definition] of Object.entries(table)) {
    const earlier = known.get(code);
    if (earlier && (earlier.title !== definition.title || earlier.kind !== definition.kind)) {
      throw new Error(`error code ${code} is declared twice`);
    }
    known.set(code, definition);
  }
  return (code: keyof T & string, details: ErrorDetails = {}): DomainError =>
    new DomainError(code, table[code] as ErrorDefinition, details);
}
