import { type DomainError, printAmount } from '#kernel';
import { guaranteeError } from '../domain/errors.js';
import type { ReservationRefusal } from '../domain/reservation.policy.js';
import type { Clause } from '../domain/scheme-terms.js';
import type { SchemeInForce } from './scheme-book.js';

/** The caps of a scheme's mandate. */
export function capsOf({ terms }: SchemeInForce): readonly (Clause & { readonly kind: 'cap' })[] {
  return terms.clauses.filter((clause): clause is Clause & { kind: 'cap' } => clause.kind === 'cap');
}

/**
 * Why headroom was not granted, with what is left and the clause. `figures` false leaves the amounts out, for a caller who may not read
 * what the lender takes.
 */
export function refusedHeadroom(
  refusal: ReservationRefusal,
  { scheme, terms }: SchemeInForce,
  askedMinor: bigint,
  figures = true,
): DomainError {
  const print = (minor: bigint): string => printAmount({ minor, currency: scheme.currency });
  if (refusal.refused === 'stopped') return guaranteeError('scheme_stopped', { data: { why: refusal.why } });
  const data = { asked: print(askedMinor), left: print(refusal.leftMinor), currency: scheme.currency };
  if (refusal.refused === 'headroom')
    return guaranteeError('scheme_headroom', {
      detail: `${data.asked} ${scheme.currency} was asked for; ${data.left} is left.`,
      data,
    });
  const { clauseId, scope } = refusal;
  const clause = { id: clauseId, text: terms.clauses.find(({ id }) => id === clauseId)?.text };
  if (!figures) return guaranteeError('scheme_cap_reached', { data: { clause, scope } });
  return guaranteeError('scheme_cap_reached', {
    detail: `Clause ${clauseId} leaves ${data.left} ${scheme.currency}; ${data.asked} was asked for.`,
    data: { ...data, clause, scope },
  });
}
