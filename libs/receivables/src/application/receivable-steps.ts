import { Injectable } from '@nestjs/common';
import { type MoneyJson, moneyFromJson } from '#kernel';
import {
  type CommandContext,
  DocumentStore,
  httpError,
  idBytes,
  newId,
  setTimer,
  sniffMediaType,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { receivableError } from '../domain/errors.js';
import { exactNumber } from '../domain/fingerprint.js';
import type { ReceivableRecord } from '../domain/receivable.js';
import { AnchorReminders } from './anchor-reminders.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { receivableTimers } from './receivable-timers.js';
import { receivableView } from './receivable-views.js';
import { Receivables } from './receivables.js';
import { Registry } from './registry.js';
import { VoidCertificate } from './void-certificate.js';

export interface DeliveryInput {
  readonly invoiceNumber: string;
  readonly issuedOn: string;
  readonly deliveredOn: string;
}

/** What the seller or the uploader does with a receivable of its own. */
@Injectable()
export class ReceivableSteps {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly receivables: Receivables,
    private readonly registry: Registry,
    private readonly certificates: VoidCertificate,
    private readonly reminders: AnchorReminders,
    private readonly book: ReceivableRuleBook,
    private readonly documents: DocumentStore,
  ) {}

  /** Hands a draft to the anchor; after a dispute, hands it over again. */
  async submit(context: CommandContext, id: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockOwn(tx, this.receivables, id);
      const role = isUploader(tx, before) ? 'uploader' : sellerOnly(tx, before);
      const now = await tx.now();
      if (before.dueOn <= this.book.today(now)) throw receivableError('receivable_day_passed');
      const after = await this.receivables.move(tx, before, 'submit', { role, changes: { submittedAt: now } });
      await setTimer(tx, receivableTimers.day, id, this.book.startOf(after.dueOn));
      await tx.execute('UPDATE receivable SET reminders = 0 WHERE id = ?', [idBytes(id)]);
      await this.reminders.expect(tx, after.anchorId, now);
      return receivableView(after);
    });
  }

  async withdraw(context: CommandContext, id: string, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockOwn(tx, this.receivables, id);
      const role = isUploader(tx, before) ? 'uploader' : sellerOnly(tx, before);
      const after = await this.receivables.move(tx, before, 'withdraw', { role, reason });
      await this.registry.release(tx, id);
      return receivableView(after);
    });
  }

  /** The seller's credit note lowers what is owed; what was confirmed is confirmed anew, for the lower amount. */
  async creditNote(
    context: CommandContext,
    id: string,
    input: { readonly netAmount: MoneyJson; readonly number: string },
  ) {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockOwn(tx, this.receivables, id);
      sellerOnly(tx, before);
      const netMinor = lowerAmount(before, input.netAmount);
      if (before.state === 'confirmed') await this.certificates.within(tx, id, before.sellerId);
      const after = await this.receivables.move(tx, before, 'reduce', {
        role: 'seller',
        reason: `credit note ${input.number}`,
        changes: { netMinor },
      });
      return receivableView(after);
    });
  }

  /** The seller states that an order was delivered and invoiced; the anchor accepts it by maker and checker. */
  async stateDelivery(context: CommandContext, id: string, input: DeliveryInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const order = await lockOwn(tx, this.receivables, id);
      sellerOnly(tx, order);
      assertDeliverable(order);
      const now = await tx.now();
      const { issuedOn, deliveredOn } = input;
      const today = this.book.today(now);
      if (issuedOn > today || deliveredOn > today || issuedOn > order.dueOn)
        throw receivableError('receivable_invalid', {
          fields: [
            {
              pointer: '/issuedOn',
              rule: 'past',
              message: 'must be a day that has come, not after the day of payment',
            },
          ],
        });
      await tx.execute(
        `INSERT INTO receivable_delivery (receivable_id, invoice_number, issued_on, delivered_on, stated_by, stated_at)
         VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE invoice_number = VALUES(invoice_number), issued_on = VALUES(issued_on),
         delivered_on = VALUES(delivered_on), stated_by = VALUES(stated_by), stated_at = VALUES(stated_at)`,
        [idBytes(id), exactNumber(input.invoiceNumber), issuedOn, deliveredOn, context.actor.id, now],
      );
      tx.audit({ action: 'receivable.state_delivery', subjectType: 'receivable', subjectId: id, data: { ...input } });
      tx.emit({
        name: 'receivable.delivery_stated',
        subjectType: 'receivable',
        subjectId: id,
        version: order.version,
        audience: [order.sellerId, order.anchorId],
        payload: { invoiceNumber: input.invoiceNumber },
      });
      return receivableView(order);
    });
  }

  /** Keeps a document, such as the invoice as PDF, beside the receivable. */
  async attach(context: CommandContext, id: string, content: Buffer) {
    const mediaType = Buffer.isBuffer(content) ? sniffMediaType(content) : undefined;
    if (!mediaType) throw receivableError('batch_file_refused');
    const checksum = await this.documents.put(content);
    return this.unitOfWork.run(context, async (tx) => {
      const receivable = await lockOwn(tx, this.receivables, id);
      const now = await tx.now();
      await tx.execute(
        `INSERT IGNORE INTO receivable_document (id, receivable_id, media_type, size_bytes, checksum, added_by, added_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [idBytes(newId()), idBytes(id), mediaType, content.length, checksum, context.actor.id, now],
      );
      tx.audit({
        action: 'receivable.attach',
        subjectType: 'receivable',
        subjectId: id,
        data: { checksum, mediaType },
      });
      return { receivableId: receivable.id, checksum, mediaType, sizeBytes: content.length };
    });
  }
}

/** The receivable, locked, for one of its parties; a draft is there for its uploader only. */
export async function lockOwn(tx: Transaction, receivables: Receivables, id: string): Promise<ReceivableRecord> {
  const receivable = await receivables.lock(tx, id);
  if (!isVisibleTo(tx.context.actor.organisationId, receivable)) throw httpError('record_unknown');
  return receivable;
}

export function isVisibleTo(organisationId: string, receivable: ReceivableRecord): boolean {
  const { sellerId, anchorId, state } = receivable;
  if (state === 'draft') return organisationId === uploaderOf(receivable);
  return organisationId === sellerId || organisationId === anchorId;
}

export function assertDeliverable({ kind, state }: ReceivableRecord): void {
  if (kind !== 'purchase_order' || !['confirmed', 'listed', 'assigned'].includes(state))
    throw receivableError('delivery_not_possible');
}

/** A net amount below what is owed now. */
export function lowerAmount({ currency, netMinor }: ReceivableRecord, amount: MoneyJson): bigint {
  const lower = moneyFromJson(amount);
  if (lower.currency !== currency || lower.minor <= 0n || lower.minor >= netMinor)
    throw receivableError('receivable_amount_wrong', {
      fields: [
        { pointer: '/netAmount', rule: 'lower', message: `must be above zero and below what is owed, in ${currency}` },
      ],
    });
  return lower.minor;
}

function uploaderOf({ uploadedBySide, sellerId, anchorId }: ReceivableRecord): string {
  return uploadedBySide === 'seller' ? sellerId : anchorId;
}

function isUploader(tx: Transaction, receivable: ReceivableRecord): boolean {
  return tx.context.actor.organisationId === uploaderOf(receivable);
}

function sellerOnly(tx: Transaction, { sellerId }: ReceivableRecord): 'seller' {
  if (tx.context.actor.organisationId !== sellerId) throw httpError('record_unknown');
  return 'seller';
}
