import { httpError, type Transaction } from '#platform';
import { type StatementEntryAction, statementEntryLifecycle } from '../domain/settlement.lifecycle.js';
import { StatementEntry } from '../persistence/settlement.entities.js';
import { recordSettlementSteps } from './record-settlement-steps.js';

/** What a step may write besides the state. */
export type EntryChanges = Partial<
  Pick<
    StatementEntry,
    | 'matchedBy'
    | 'matchedMinor'
    | 'reversesId'
    | 'obligationId'
    | 'payoutId'
    | 'matchTransferId'
    | 'why'
    | 'candidates'
    | 'proposal'
    | 'proposalId'
    | 'proposalParts'
    | 'proposalNote'
    | 'proposedBy'
    | 'decidedBy'
  >
>;

/** Takes a step of a locked entry. */
export async function moveEntry(
  tx: Transaction,
  before: StatementEntry,
  action: StatementEntryAction,
  role: 'settlement' | 'maker' | 'checker',
  changes: EntryChanges = {},
): Promise<StatementEntry> {
  const state = statementEntryLifecycle.after(before.state, action, role);
  const version = before.version + 1;
  const { affected } = await tx.manager.update(StatementEntry, { id: before.id, version: before.version }, {
    ...changes,
    state,
    version,
  } as never);
  if (affected !== 1) throw httpError('record_changed');
  await recordSettlementSteps(tx, [
    {
      subjectType: 'statement_entry',
      subjectId: before.id,
      action,
      from: before.state,
      to: state,
      version,
      reason: changes.why ?? changes.proposalNote ?? undefined,
    },
  ]);
  return { ...before, ...changes, state, version };
}

export async function lockEntry(tx: Transaction, id: string): Promise<StatementEntry> {
  const found = await tx.manager.findOne(StatementEntry, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!found) throw httpError('record_unknown');
  return found;
}
