import { httpError, idBytes, newId, type Transaction } from '#platform';
import { receivableError } from '../domain/errors.js';
import { AnchorProfile } from '../persistence/entities.js';

/** The anchor's profile, locked until the commit. */
export async function lockAnchor(tx: Transaction, anchorId: string): Promise<AnchorProfile> {
  const profile = await tx.manager.findOne(AnchorProfile, {
    where: { id: anchorId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!profile) throw receivableError('anchor_profile_missing');
  return profile;
}

/** Refuses an anchor that may confirm nothing at this moment. */
export async function assertMayConfirm(tx: Transaction, anchorId: string): Promise<void> {
  const profile = await tx.manager.findOneBy(AnchorProfile, { id: anchorId });
  if (!profile) throw receivableError('anchor_profile_missing');
  if (profile.status !== 'verified') throw receivableError('anchor_not_verified');
  if (profile.confirmationsStoppedAt)
    throw receivableError('anchor_confirmations_stopped', {
      data: { since: profile.confirmationsStoppedAt.toISOString() },
    });
}

/** The branches for which a person works; undefined for one who works for the whole anchor. */
export async function branchesOf(
  tx: Transaction,
  anchorId: string,
  personId: string,
): Promise<ReadonlySet<string> | undefined> {
  const rows = await tx.rows<{ branch_id: string }>(
    'SELECT LOWER(HEX(branch_id)) AS branch_id FROM anchor_branch_person WHERE anchor_id = ? AND person_id = ?',
    [idBytes(anchorId), idBytes(personId)],
  );
  return rows.length === 0 ? undefined : new Set(rows.map((row) => row.branch_id));
}

/** Whether a person with these branches may act on a receivable of that branch; what belongs to no branch is the whole anchor's. */
export function worksFor(branches: ReadonlySet<string> | undefined, branchId: string | null): boolean {
  return branches === undefined || (branchId !== null && branches.has(branchId.replaceAll('-', '')));
}

export function assertVersion(current: number, expected: number): void {
  if (current !== expected) throw httpError('record_changed', { data: { version: current } });
}

/** Who took each step of an anchor's verification, branches and list, when and why. */
export async function recordAnchorHistory(
  tx: Transaction,
  step: {
    readonly subjectType: 'anchor' | 'branch' | 'supplier';
    readonly subjectId: string;
    readonly anchorId: string;
    readonly action: string;
    readonly from: string | null;
    readonly to: string;
    readonly reason?: string;
  },
  at: Date,
): Promise<void> {
  const { kind, id } = tx.context.actor;
  await tx.insertRows(
    'anchor_history',
    [
      'id',
      'subject_type',
      'subject_id',
      'anchor_id',
      'action',
      'from_state',
      'to_state',
      'actor_kind',
      'actor_id',
      'reason',
      'at',
    ],
    [
      [
        idBytes(newId()),
        step.subjectType,
        idBytes(step.subjectId),
        idBytes(step.anchorId),
        step.action,
        step.from,
        step.to,
        kind,
        id,
        step.reason ?? '',
        at,
      ],
    ],
  );
}
