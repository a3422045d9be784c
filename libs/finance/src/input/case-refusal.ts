import { DomainError } from '#kernel';

/** What stands in the place of a case that was refused. */
export interface CaseRefusal {
  readonly error: { readonly code: string; readonly field: string; readonly message: string };
}

/** Says why a case was refused, by its first fault; throws again what is no refusal. */
export function describeRefusal(error: unknown): CaseRefusal {
  if (!(error instanceof DomainError)) throw error;
  const first = error.details.fields?.[0];
  return { error: { code: error.code, field: first?.pointer ?? '', message: first?.message ?? error.message } };
}
