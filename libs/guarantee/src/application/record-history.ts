import { idBytes, newId, type Transaction } from '#platform';

export interface GuaranteeStep {
  /** `guarantee`, `guarantee_application`, `guarantee_claim`, `guarantee_scheme`, … */
  readonly subjectType: string;
  readonly subjectId: string;
  readonly schemeId: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string;
  readonly reason: string;
  /** Figures of the step, such as the cited clauses. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  /** Who took it, where one transaction carries the commands of several. */
  readonly actor?: { readonly kind: string; readonly id: string } | undefined;
}

/** Who took each step, when, from where to where and why; one statement however many. */
export async function recordHistory(tx: Transaction, steps: readonly GuaranteeStep[], at: Date): Promise<void> {
  await tx.insertRows(
    'guarantee_history',
    [
      'id',
      'subject_type',
      'subject_id',
      'scheme_id',
      'action',
      'from_state',
      'to_state',
      'actor_kind',
      'actor_id',
      'reason',
      'data',
      'at',
    ],
    steps.map(({ actor = tx.context.actor, ...step }) => [
      idBytes(newId()),
      step.subjectType,
      idBytes(step.subjectId),
      idBytes(step.schemeId),
      step.action,
      step.from,
      step.to,
      actor.kind,
      actor.id,
      step.reason.slice(0, 2000),
      step.data ? JSON.stringify(step.data) : null,
      at,
    ]),
  );
}
