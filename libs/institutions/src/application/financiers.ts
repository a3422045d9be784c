import { type Actor, httpError, type Transaction } from '#platform';
import { institutionError } from '../domain/errors.js';
import { FinancierProfile } from '../persistence/entities.js';

/** The profile, locked until the commit. */
export async function lockFinancier(tx: Transaction, financierId: string): Promise<FinancierProfile> {
  const profile = await tx.manager.findOne(FinancierProfile, {
    where: { id: financierId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!profile) throw institutionError('institution_profile_missing');
  return profile;
}

/** Refuses an institution that may publish nothing. Read under a lock, so that a withdrawn verification is not raced. */
export async function assertVerified(tx: Transaction, financierId: string): Promise<void> {
  const profile = await lockFinancier(tx, financierId);
  if (profile.status !== 'verified' || profile.suspended) throw institutionError('institution_not_verified');
}

/** Approving is done by people: a program has no judgement of its own to add to the maker's. */
export function assertPerson(actor: Actor): void {
  if (actor.kind !== 'person') throw institutionError('person_required');
}

/** Refuses a change that was based on another version. */
export function assertVersion(current: number, expected: number): void {
  if (current !== expected) throw httpError('record_changed', { data: { version: current } });
}
