import { In } from 'typeorm';
import type { CalendarDate } from '#kernel';
import { httpError, idBytes, idText, newId, type Transaction } from '#platform';
import {
  type ObligationAction,
  obligationLifecycle,
  type PayoutAction,
  payoutLifecycle,
} from '../domain/settlement.lifecycle.js';
import { creditorReference } from '../domain/settlement-reference.js';
import { Assignment, AssignmentItem } from '../persistence/certificate.entities.js';
import { type ObligationKind, SettlementObligation, SettlementPayout } from '../persistence/settlement.entities.js';
import { type AssignmentAction, assignmentLifecycle } from '../domain/assignment.lifecycle.js';
import { recordSettlementSteps, type SettlementStep } from './record-settlement-steps.js';

export interface NewObligation {
  readonly kind: ObligationKind;
  readonly subjectId: string;
  readonly payerId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly dueOn: CalendarDate;
}

/** Opens what a party is to pay, under a reference of its own. */
export async function openObligation(tx: Transaction, input: NewObligation): Promise<SettlementObligation> {
  const id = newId();
  const made: SettlementObligation = {
    id,
    ...input,
    paidMinor: 0n,
    reference: creditorReference(id),
    state: obligationLifecycle.initial,
    fileId: null,
    version: 1,
    createdAt: await tx.time(),
  };
  await tx.manager.insert(SettlementObligation, made);
  return made;
}

export async function lockObligation(tx: Transaction, id: string): Promise<SettlementObligation> {
  return locked(await tx.manager.findOne(SettlementObligation, { where: { id }, lock: { mode: 'pessimistic_write' } }));
}

/** The one of this kind that is not cancelled, locked; undefined when there is none. */
export async function lockObligationOf(
  tx: Transaction,
  kind: ObligationKind,
  subjectId: string,
): Promise<SettlementObligation | undefined> {
  const rows = await lockObligationsOf(tx, kind, subjectId);
  return rows.find(({ state }) => state !== 'cancelled');
}

/** All of this kind, found first and then locked by their ids: a search that locks would wait for those of others. */
export async function lockObligationsOf(
  tx: Transaction,
  kind: ObligationKind,
  subjectId: string,
): Promise<SettlementObligation[]> {
  const found = await tx.rows<{ id: Buffer }>(
    'SELECT id FROM settlement_obligation WHERE subject_id = ? AND kind = ?',
    [idBytes(subjectId), kind],
  );
  if (found.length === 0) return [];
  return tx.manager.find(SettlementObligation, {
    where: { id: In(found.map(({ id }) => idText(id))) },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
}

/** Changes a locked obligation; with an action, also its state. Returns the step to be recorded, if there is one. */
export async function changeObligation(
  tx: Transaction,
  before: SettlementObligation,
  changes: Partial<Pick<SettlementObligation, 'paidMinor' | 'amountMinor' | 'fileId'>>,
  action?: ObligationAction,
): Promise<{ readonly after: SettlementObligation; readonly steps: readonly SettlementStep[] }> {
  const role = action === 'fall_overdue' ? 'clock' : 'settlement';
  const state = action ? obligationLifecycle.after(before.state, action, role) : before.state;
  const version = before.version + 1;
  const { affected } = await tx.manager.update(
    SettlementObligation,
    { id: before.id, version: before.version },
    { ...changes, state, version },
  );
  if (affected !== 1) throw httpError('record_changed');
  const after = { ...before, ...changes, state, version };
  const step = {
    subjectType: 'settlement_obligation',
    subjectId: before.id,
    from: before.state,
    to: state,
    version,
    audience: [before.payerId],
    payload: { kind: before.kind },
  };
  return { after, steps: action ? [{ ...step, action }] : [] };
}

export interface NewPayout {
  readonly kind: SettlementPayout['kind'];
  readonly payeeId: string;
  readonly amountMinor: bigint;
}

/** Puts money that is there into the queue of the next payment file: one row a payee and kind. */
export async function createPayouts(
  tx: Transaction,
  of: {
    readonly obligationId: string | null;
    readonly matchId?: string;
    readonly reference: string;
    readonly currency: string;
  },
  payouts: readonly NewPayout[],
): Promise<void> {
  const sums = new Map<string, NewPayout>();
  for (const payout of payouts) {
    const key = `${payout.kind}:${payout.payeeId}`;
    const before = sums.get(key)?.amountMinor ?? 0n;
    sums.set(key, { ...payout, amountMinor: before + payout.amountMinor });
  }
  const made = [...sums.values()].filter(({ amountMinor }) => amountMinor > 0n);
  const now = await tx.time();
  await tx.insertRows(
    'settlement_payout',
    [
      'id',
      'kind',
      'obligation_id',
      'match_id',
      'payee_id',
      'currency',
      'amount_minor',
      'reference',
      'state',
      'version',
      'created_at',
    ],
    made.map(({ kind, payeeId, amountMinor }) => [
      idBytes(newId()),
      kind,
      of.obligationId && idBytes(of.obligationId),
      of.matchId === undefined ? null : idBytes(of.matchId),
      idBytes(payeeId),
      of.currency,
      amountMinor,
      of.reference,
      'due',
      1,
      now,
    ]),
  );
}

export async function lockPayout(tx: Transaction, id: string): Promise<SettlementPayout> {
  return locked(await tx.manager.findOne(SettlementPayout, { where: { id }, lock: { mode: 'pessimistic_write' } }));
}

export async function movePayout(
  tx: Transaction,
  before: SettlementPayout,
  action: PayoutAction,
  role: 'settlement' | 'operator',
  changes: Partial<
    Pick<SettlementPayout, 'fileId' | 'endToEnd' | 'accountNumber' | 'attempts' | 'reason' | 'amountMinor'>
  > = {},
): Promise<SettlementPayout> {
  const state = payoutLifecycle.after(before.state, action, role);
  const version = before.version + 1;
  const { affected } = await tx.manager.update(
    SettlementPayout,
    { id: before.id, version: before.version },
    { ...changes, state, version },
  );
  if (affected !== 1) throw httpError('record_changed');
  await recordSettlementSteps(tx, [
    {
      subjectType: 'settlement_payout',
      subjectId: before.id,
      action,
      from: before.state,
      to: state,
      version,
      audience: [before.payeeId],
      reason: changes.reason ?? undefined,
    },
  ]);
  return { ...before, ...changes, state, version };
}

export async function lockAssignment(tx: Transaction, id: string): Promise<Assignment> {
  return locked(await tx.manager.findOne(Assignment, { where: { id }, lock: { mode: 'pessimistic_write' } }));
}

export async function itemsOf(tx: Transaction, assignmentId: string): Promise<AssignmentItem[]> {
  return tx.manager.find(AssignmentItem, { where: { assignmentId }, order: { id: 'ASC' } });
}

/** Takes a step of a locked assignment; the caller records it. */
export async function moveAssignment(
  tx: Transaction,
  before: Assignment,
  action: AssignmentAction,
  role: 'settlement' | 'operator' | 'clock',
  reason = '',
): Promise<{ readonly after: Assignment; readonly step: SettlementStep }> {
  const state = assignmentLifecycle.after(before.state, action, role);
  const version = before.version + 1;
  const isEnd = state !== 'registered' && state !== 'paid';
  const changes = {
    state,
    version,
    endedAt: isEnd ? await tx.time() : null,
    undoReason: action === 'undo' ? reason.slice(0, 500) : before.undoReason,
  };
  const { affected } = await tx.manager.update(Assignment, { id: before.id, version: before.version }, changes);
  if (affected !== 1) throw httpError('record_changed');
  const step = {
    subjectType: 'assignment',
    subjectId: before.id,
    action,
    from: before.state,
    to: state,
    version,
    reason,
    audience: [before.sellerId, before.assigneeId],
    payload: { reference: before.reference, sellerId: before.sellerId, assigneeId: before.assigneeId },
  };
  return { after: { ...before, ...changes }, step };
}

function locked<T>(row: T | null): T {
  if (row === null) throw httpError('record_unknown');
  return row;
}
