import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '#kernel';
import { idBytes, idText, isDuplicateKey, newId, setTimers, type Transaction } from '#platform';
import type { ReceivableKind, Side } from '../domain/receivable.js';
import { receivableEvents } from '../domain/receivable.lifecycle.js';
import { exactNumber } from '../domain/fingerprint.js';
import { AnchorReminders } from './anchor-reminders.js';
import type { FoundParties } from './counterparties.js';
import { Fingerprints } from './fingerprints.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { recordReceivableHistory } from './receivables.js';
import { receivableTimers } from './receivable-timers.js';

/** One receivable that is to be taken in, its parties found and its figures sound. */
export interface IntakeRow {
  readonly parties: FoundParties;
  readonly side: Side;
  readonly kind: ReceivableKind;
  readonly number: string;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly branchId: string | null;
  readonly orderNumber: string | null;
  readonly documentChecksum: string | null;
  readonly batchId: string | null;
  readonly batchRow: number | null;
  /** Straight to the anchor, instead of a draft. */
  readonly submit: boolean;
}

export interface IntakeAnswer {
  readonly receivableId: string;
  /** False where the same claim was here already, from this side or from the other. */
  readonly created: boolean;
}

/** How often rows are sorted out anew when somebody else uploads the same claims at the same moment. */
const attempts = 5;

/** Takes receivables in: the one way in which their rows come to be, whether one or hundreds in one statement. */
@Injectable()
export class ReceivableIntake {
  constructor(
    private readonly fingerprints: Fingerprints,
    private readonly book: ReceivableRuleBook,
    private readonly reminders: AnchorReminders,
  ) {}

  /** Answers each row in its order. The same claim sent again is answered with the receivable that is there. */
  async within(tx: Transaction, rows: readonly IntakeRow[]): Promise<readonly IntakeAnswer[]> {
    const keyed = rows.map((row) => ({ row, key: this.exactKey(row) }));
    for (let attempt = 1; ; attempt++) {
      const standing = await this.standing(tx, keyed);
      const fresh = new Map<string, (typeof keyed)[number] & { id: string }>();
      for (const entry of keyed) {
        const name = entry.key.toString('hex');
        if (!standing.has(name) && !fresh.has(name)) fresh.set(name, { ...entry, id: newId() });
      }
      try {
        await this.insert(tx, [...fresh.values()]);
      } catch (error) {
        if (isDuplicateKey(error) && attempt < attempts) continue;
        throw error;
      }
      const seen = new Set<string>();
      return keyed.map(({ key }) => {
        const name = key.toString('hex');
        const created = fresh.has(name) && !seen.has(name);
        seen.add(name);
        return { receivableId: (standing.get(name) ?? fresh.get(name)?.id) as string, created };
      });
    }
  }

  private exactKey({ parties, number, issuedOn, currency, amountMinor }: IntakeRow): Buffer {
    const { seller, debtor } = parties;
    return this.fingerprints.of({ seller, debtor, number, issuedOn, currency, amountMinor }).exact;
  }

  /** The receivables that are here already: of the own side in any state, of the other side once they were handed over. */
  private async standing(
    tx: Transaction,
    keyed: readonly { readonly row: IntakeRow; readonly key: Buffer }[],
  ): Promise<Map<string, string>> {
    if (keyed.length === 0) return new Map();
    // A locking read: it waits for the same claims that another transaction is taking in.
    const rows = await tx.rows<{ id: Buffer; exact_key: Buffer; uploaded_by_side: Side; state: string }>(
      `SELECT id, exact_key, uploaded_by_side, state FROM receivable WHERE exact_key IN (${keyed.map(() => '?').join(',')}) AND live = 1 FOR UPDATE`,
      keyed.map(({ key }) => key),
    );
    const side = keyed[0]?.row.side;
    const standing = new Map<string, string>();
    for (const row of rows) {
      const name = row.exact_key.toString('hex');
      const isOwn = row.uploaded_by_side === side;
      if (isOwn || (row.state !== 'draft' && !standing.has(name))) standing.set(name, idText(row.id));
    }
    return standing;
  }

  private async insert(
    tx: Transaction,
    fresh: readonly { readonly row: IntakeRow; readonly key: Buffer; readonly id: string }[],
  ): Promise<void> {
    if (fresh.length === 0) return;
    const now = await tx.now();
    const { id: actorId } = tx.context.actor;
    await tx.insertRows(
      'receivable',
      columns,
      fresh.map(({ row, key, id }) => [
        idBytes(id),
        row.kind,
        row.submit ? 'submitted' : 'draft',
        idBytes(row.parties.sellerId),
        idBytes(row.parties.anchorId),
        row.branchId && idBytes(row.branchId),
        exactNumber(row.number),
        row.issuedOn,
        row.dueOn,
        row.currency,
        row.amountMinor,
        row.amountMinor,
        row.orderNumber,
        row.side,
        actorId,
        row.batchId && idBytes(row.batchId),
        row.batchRow,
        row.documentChecksum,
        key,
        row.submit ? now : null,
        row.submit ? 2 : 1,
        now,
        now,
      ]),
    );
    await recordReceivableHistory(
      tx,
      fresh.flatMap(({ id, row }) => [
        { id, action: 'upload', from: null, to: 'draft' as const, reason: '' },
        ...(row.submit ? [{ id, action: 'submit', from: 'draft' as const, to: 'submitted' as const, reason: '' }] : []),
      ]),
      now,
    );
    for (const { id, row } of fresh) this.announce(tx, id, row);
    const submitted = fresh.filter(({ row }) => row.submit);
    await setTimers(
      tx,
      submitted.map(({ id, row }) => ({
        kind: receivableTimers.day,
        subjectId: id,
        dueAt: this.book.startOf(row.dueOn),
      })),
    );
    for (const anchorId of new Set(submitted.map(({ row }) => row.parties.anchorId)))
      await this.reminders.expect(tx, anchorId, now);
  }

  private announce(tx: Transaction, id: string, { submit, kind, side, parties, batchId }: IntakeRow): void {
    const { sellerId, anchorId } = parties;
    tx.audit({
      action: 'receivable.upload',
      subjectType: 'receivable',
      subjectId: id,
      data: { kind, side, submit, ...(batchId ? { batchId } : {}) },
    });
    if (!submit) return;
    tx.emit({
      name: receivableEvents.submit,
      subjectType: 'receivable',
      subjectId: id,
      version: 2,
      audience: [sellerId, anchorId],
      payload: { state: 'submitted', kind, sellerId, anchorId },
    });
  }
}

const columns = [
  'id',
  'kind',
  'state',
  'seller_id',
  'anchor_id',
  'branch_id',
  'number',
  'issued_on',
  'due_on',
  'currency',
  'face_minor',
  'net_minor',
  'order_number',
  'uploaded_by_side',
  'uploaded_by',
  'batch_id',
  'batch_row',
  'document_checksum',
  'exact_key',
  'submitted_at',
  'version',
  'created_at',
  'updated_at',
] as const;
