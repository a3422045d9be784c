import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '#kernel';
import { httpError, idBytes, isDuplicateKey, type Transaction } from '#platform';
import { receivableError } from '../domain/errors.js';
import type { ReceivableRecord } from '../domain/receivable.js';
import { type Proposal, type ProposalItem } from '../persistence/proposal.store.js';
import type { ConfirmedAmount } from './issue-certificate.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { assertDeliverable } from './receivable-steps.js';
import { Receivables } from './receivables.js';
import { Registry } from './registry.js';

/** What an approved proposal does to one receivable. What refuses does so before it has written anything. */
@Injectable()
export class CarryOutProposal {
  constructor(
    private readonly receivables: Receivables,
    private readonly registry: Registry,
    private readonly book: ReceivableRuleBook,
  ) {}

  /** `before` is locked by the caller, who issues the certificates of all that it answers for, with the ledger's locks, last. */
  async within(
    tx: Transaction,
    proposal: Proposal,
    item: ProposalItem,
    before: ReceivableRecord,
  ): Promise<ConfirmedAmount | undefined> {
    if (before.version !== item.receivableVersion) throw httpError('record_changed');
    const { action, reason } = proposal;
    switch (action) {
      case 'confirm':
        return this.confirm(tx, before);
      case 'accept_delivery':
        await this.acceptDelivery(tx, before);
        return;
      case 'reduce': {
        if (before.state === 'confirmed') throw receivableError('receivable_amount_wrong');
        await this.receivables.move(tx, before, 'reduce', {
          role: 'anchor',
          reason,
          changes: { netMinor: item.netMinor },
        });
        return;
      }
      case 'dispute':
        await this.receivables.move(tx, before, 'dispute', { role: 'anchor', reason });
        return;
      case 'reject':
        await this.receivables.move(tx, before, 'reject', { role: 'anchor', reason });
        await this.registry.release(tx, before.id);
    }
  }

  private async confirm(tx: Transaction, before: ReceivableRecord): Promise<ConfirmedAmount> {
    const now = await tx.now();
    if (before.dueOn <= this.book.today(now)) throw receivableError('receivable_day_passed');
    if (!['submitted', 'disputed', 'reduced'].includes(before.state)) throw httpError('record_changed');
    await this.registry.register(tx, before);
    const { id, sellerId, anchorId, netMinor, currency, dueOn } = before;
    await this.receivables.move(tx, before, 'confirm', { role: 'anchor', changes: { confirmedAt: now } });
    return {
      receivableId: id,
      holderOrganisationId: sellerId,
      anchorOrganisationId: anchorId,
      amount: netMinor,
      currency,
      dueOn,
    };
  }

  /** The order becomes the invoice: the same receivable, with the same holders and the same day of payment. */
  private async acceptDelivery(tx: Transaction, order: ReceivableRecord): Promise<void> {
    assertDeliverable(order);
    const [stated] = await tx.rows<{ invoice_number: string; issued_on: CalendarDate }>(
      'SELECT invoice_number, issued_on FROM receivable_delivery WHERE receivable_id = ? AND accepted_at IS NULL FOR UPDATE',
      [idBytes(order.id)],
    );
    if (!stated) throw receivableError('delivery_not_stated');
    const changes = {
      kind: 'invoice' as const,
      number: stated.invoice_number,
      issuedOn: stated.issued_on,
      orderNumber: order.number,
    };
    // Its new name is registered beside the old one: neither the order nor the invoice can be financed once more.
    const invoice = { ...order, ...changes };
    await this.registry.register(tx, invoice);
    const { exact } = await this.registry.printsOf(tx, invoice);
    await tx
      .execute('UPDATE receivable SET exact_key = ? WHERE id = ?', [exact, idBytes(order.id)])
      .catch((error: unknown) => {
        throw isDuplicateKey(error) ? receivableError('receivable_exists') : error;
      });
    await this.receivables.rename(tx, order, changes, `delivered and invoiced as ${changes.number}`);
    await tx.execute('UPDATE receivable_delivery SET accepted_at = ? WHERE receivable_id = ?', [
      await tx.now(),
      idBytes(order.id),
    ]);
  }
}
