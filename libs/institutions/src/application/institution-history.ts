import { idBytes, newId, type Transaction } from '#platform';

export interface HistoryStep {
  readonly subjectType: 'financier' | 'product' | 'mandate' | 'limit_change' | 'anchor_limit_change' | 'auto_bid_rule';
  readonly subjectId: string;
  readonly financierId: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string;
  readonly reason: string;
}

/** Who took each step, when, from where to where and why; one statement however many. */
export async function recordHistory(tx: Transaction, steps: readonly HistoryStep[], at: Date): Promise<void> {
  const { kind, id } = tx.context.actor;
  await tx.insertRows(
    'institution_history',
    [
      'id',
      'subject_type',
      'subject_id',
      'financier_id',
      'action',
      'from_state',
      'to_state',
      'actor_kind',
      'actor_id',
      'reason',
      'at',
    ],
    steps.map((step) => [
      idBytes(newId()),
      step.subjectType,
      idBytes(step.subjectId),
      idBytes(step.financierId),
      step.action,
      step.from,
      step.to,
      kind,
      id,
      step.reason,
      at,
    ]),
  );
}
