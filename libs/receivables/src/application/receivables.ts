import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { httpError, idBytes, isId, newId, type Transaction } from '#platform';
import {
  type ReceivableAction,
  receivableEvents,
  receivableLifecycle,
  type ReceivableRole,
  type ReceivableState,
} from '../domain/receivable.lifecycle.js';
import type { ReceivableRecord } from '../domain/receivable.js';
import { Receivable } from '../persistence/entities.js';

/** What a step writes besides the new state. */
export interface ReceivableStep {
  readonly role: ReceivableRole;
  /** Why, in words; shown in the history. */
  readonly reason?: string;
  readonly changes?: Partial<
    Pick<
      ReceivableRecord,
      | 'kind'
      | 'number'
      | 'issuedOn'
      | 'dueOn'
      | 'faceMinor'
      | 'netMinor'
      | 'orderNumber'
      | 'submittedAt'
      | 'confirmedAt'
    >
  >;
  /** For handlers of the event. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** The steps of receivables, in the caller's transaction. Locks are taken by id, the receivable before its certificates. */
@Injectable()
export class Receivables {
  /** The receivable, locked until the commit; `record_unknown` where there is none. */
  async lock(tx: Transaction, id: string): Promise<ReceivableRecord> {
    return (await this.lockAll(tx, [id]))[0] as ReceivableRecord;
  }

  /** Several, locked in the order of their ids. */
  async lockAll(tx: Transaction, ids: readonly string[]): Promise<readonly ReceivableRecord[]> {
    const ordered = [...new Set(ids)].sort();
    if (ordered.length === 0) return [];
    const rows = await tx.manager
      .createQueryBuilder(Receivable, 'r')
      .where(`r.id IN (${ordered.map((_, index) => `:id${index}`).join(',')})`)
      .setParameters(Object.fromEntries(ordered.map((id, index) => [`id${index}`, idBytes(id)])))
      .orderBy('r.id')
      .setLock('pessimistic_write')
      .getMany();
    if (rows.length !== ordered.length) throw httpError('record_unknown');
    return rows;
  }

  /** Several as they stand, without a lock; unknown ids are left out. */
  async readAll(tx: Transaction, ids: readonly string[]): Promise<readonly ReceivableRecord[]> {
    return ids.length === 0 ? [] : tx.manager.findBy(Receivable, { id: In([...ids]) });
  }

  /** Takes a step of the life cycle: state, version, history, audit entry and event together. */
  async move(
    tx: Transaction,
    before: ReceivableRecord,
    action: ReceivableAction,
    { role, reason = '', changes = {}, payload = {} }: ReceivableStep,
  ): Promise<ReceivableRecord> {
    const state = receivableLifecycle.after(before.state, action, role);
    const now = await tx.now();
    const after: ReceivableRecord = { ...before, ...changes, state, version: before.version + 1, updatedAt: now };
    const { affected } = await tx.manager.update(
      Receivable,
      { id: before.id, version: before.version },
      { ...changes, state, version: after.version, updatedAt: now },
    );
    if (affected !== 1) throw httpError('record_changed');
    await recordReceivableHistory(tx, [{ id: before.id, action, from: before.state, to: state, reason }], now);
    const { id, sellerId, anchorId, version } = after;
    tx.audit({ action: `receivable.${action}`, subjectType: 'receivable', subjectId: id, data: { to: state, reason } });
    tx.emit({
      name: receivableEvents[action],
      subjectType: 'receivable',
      subjectId: id,
      version,
      audience: [sellerId, anchorId],
      payload: { state, kind: after.kind, sellerId, anchorId, ...payload },
    });
    return after;
  }

  /** Changes what a receivable is called without a step of its life: an order that was delivered becomes the invoice. */
  async rename(
    tx: Transaction,
    before: ReceivableRecord,
    changes: Pick<ReceivableRecord, 'kind' | 'number' | 'issuedOn' | 'orderNumber'>,
    reason: string,
  ): Promise<ReceivableRecord> {
    const now = await tx.now();
    const after: ReceivableRecord = { ...before, ...changes, version: before.version + 1, updatedAt: now };
    const { id, version, state, sellerId, anchorId } = after;
    const { affected } = await tx.manager.update(
      Receivable,
      { id, version: before.version },
      { ...changes, version, updatedAt: now },
    );
    if (affected !== 1) throw httpError('record_changed');
    await recordReceivableHistory(tx, [{ id, action: 'deliver', from: state, to: state, reason }], now);
    tx.audit({ action: 'receivable.deliver', subjectType: 'receivable', subjectId: id, data: { ...changes, reason } });
    tx.emit({
      name: 'receivable.delivered',
      subjectType: 'receivable',
      subjectId: id,
      version,
      audience: [sellerId, anchorId],
      payload: { state, kind: after.kind, sellerId, anchorId },
    });
    return after;
  }
}

export interface ReceivableHistoryStep {
  readonly id: string;
  readonly action: string;
  readonly from: ReceivableState | null;
  readonly to: ReceivableState;
  readonly reason: string;
}

/** Who did what with receivables, when and why; one statement however many. */
export async function recordReceivableHistory(
  tx: Transaction,
  steps: readonly ReceivableHistoryStep[],
  at: Date,
): Promise<void> {
  const { kind, id, organisationId } = tx.context.actor;
  await tx.insertRows(
    'receivable_history',
    [
      'id',
      'receivable_id',
      'action',
      'from_state',
      'to_state',
      'actor_kind',
      'actor_id',
      'organisation_id',
      'reason',
      'at',
    ],
    steps.map((step) => [
      idBytes(newId()),
      idBytes(step.id),
      step.action,
      step.from,
      step.to,
      kind,
      id,
      isId(organisationId) ? idBytes(organisationId) : null,
      step.reason,
      at,
    ]),
  );
}
