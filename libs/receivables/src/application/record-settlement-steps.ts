import { idBytes, newId, type Transaction } from '#platform';

/** One step in the life of a certificate, transfer, ask, assignment, obligation, payout, statement entry or account. */
export interface SettlementStep {
  readonly subjectType: string;
  readonly subjectId: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string;
  readonly version: number;
  readonly reason?: string | undefined;
  /** Organisations that may hear of it by webhook. */
  readonly audience?: readonly string[];
  readonly payload?: Readonly<Record<string, unknown>>;
}

const irregular: Readonly<Record<string, string>> = {
  pay: 'paid',
  undo: 'undone',
  undo_assignment: 'assignment_undone',
  undo_early: 'early_undone',
  agree: 'agreed',
  agree_early: 'early_agreed',
  withdraw: 'withdrawn',
  fall_overdue: 'fallen_overdue',
  give_back: 'given_back',
  take_back: 'taken_back',
  pass_all: 'passed_on',
  refuse: 'refused',
  list: 'listed',
  unlist: 'unlisted',
  request_information: 'information_requested',
  answer: 'answered',
  satisfy: 'satisfied',
  propose: 'proposed',
  settle: 'settled',
  void: 'voided',
  set_off: 'set_off',
  match_part: 'part_matched',
  reopen_sold: 'reopened_sold',
  reopen_early: 'reopened_early',
};

/** Events are named by what has happened: `assignment.undone`. */
export function pastOf(action: string): string {
  return irregular[action] ?? (action.endsWith('e') ? `${action}d` : `${action}ed`);
}

/** History, audit entries and events of any number of steps: one statement now, the rest with the commit. */
export async function recordSettlementSteps(tx: Transaction, steps: readonly SettlementStep[]): Promise<void> {
  if (steps.length === 0) return;
  const at = await tx.time();
  const { kind, id } = tx.context.actor;
  await tx.insertRows(
    'settlement_history',
    ['id', 'subject_type', 'subject_id', 'action', 'from_state', 'to_state', 'actor_kind', 'actor_id', 'reason', 'at'],
    steps.map(({ subjectType, subjectId, action, from, to, reason }) => [
      idBytes(newId()),
      subjectType,
      idBytes(subjectId),
      action,
      from,
      to,
      kind,
      id,
      (reason ?? '').slice(0, 500),
      at,
    ]),
  );
  for (const { subjectType, subjectId, action, to, version, reason, audience, payload } of steps) {
    tx.audit({
      action: `${subjectType}.${action}`,
      subjectType,
      subjectId,
      data: { to, ...(reason ? { reason } : {}), ...payload },
    });
    tx.emit({
      name: `${subjectType}.${pastOf(action)}`,
      subjectType,
      subjectId,
      version,
      audience: audience ?? [],
      payload: { state: to, ...payload },
    });
  }
}
