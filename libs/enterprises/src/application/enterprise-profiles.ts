import { httpError, idBytes, newId, type Transaction } from '#platform';
import { enterpriseError } from '../domain/errors.js';
import { EnterpriseProfile } from '../persistence/entities.js';

/** The profile, locked until the commit. */
export async function lockProfile(tx: Transaction, enterpriseId: string): Promise<EnterpriseProfile> {
  const profile = await findProfile(tx, enterpriseId);
  if (!profile) throw enterpriseError('enterprise_profile_missing');
  return profile;
}

export async function findProfile(tx: Transaction, enterpriseId: string): Promise<EnterpriseProfile | null> {
  return tx.manager.findOne(EnterpriseProfile, { where: { id: enterpriseId }, lock: { mode: 'pessimistic_write' } });
}

/** Refuses a change that was based on another version. */
export function assertVersion(current: number, expected: number): void {
  if (current !== expected) throw httpError('record_changed', { data: { version: current } });
}

/** While a reviewer looks, nothing moves under his eyes; when he asks for something, it can be changed. */
export function assertEditable({ status }: EnterpriseProfile): void {
  if (status === 'submitted' || status === 'in_review') throw enterpriseError('enterprise_under_review');
}

export interface ProfileStep {
  readonly enterpriseId: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string;
  readonly reason: string;
}

export async function recordProfileStep(tx: Transaction, step: ProfileStep, at: Date): Promise<void> {
  const { kind, id } = tx.context.actor;
  await tx.insertRows(
    'enterprise_history',
    ['id', 'enterprise_id', 'action', 'from_state', 'to_state', 'actor_kind', 'actor_id', 'reason', 'at'],
    [[idBytes(newId()), idBytes(step.enterpriseId), step.action, step.from, step.to, kind, id, step.reason, at]],
  );
}
