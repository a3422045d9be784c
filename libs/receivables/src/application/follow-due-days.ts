import { Injectable } from '@nestjs/common';
import { setTimer, type Transaction } from '#platform';
import { addDays } from '#kernel';
import type { ReceivableRecord } from '../domain/receivable.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { receivableTimers } from './receivable-timers.js';
import { Receivables } from './receivables.js';
import { Registry } from './registry.js';
import { VoidCertificate } from './void-certificate.js';

/** What the days themselves do to receivables: due, overdue, defaulted; and what was never confirmed is withdrawn. */
@Injectable()
export class FollowDueDays {
  constructor(
    private readonly receivables: Receivables,
    private readonly registry: Registry,
    private readonly certificates: VoidCertificate,
    private readonly book: ReceivableRuleBook,
  ) {}

  /** The day of payment has come. */
  async dayCame(tx: Transaction, ids: readonly string[]): Promise<void> {
    for (const receivable of await this.receivables.lockAll(tx, ids)) {
      switch (receivable.state) {
        case 'draft':
        case 'submitted':
        case 'disputed':
        case 'reduced':
          await this.receivables.move(tx, receivable, 'withdraw', {
            role: 'system',
            reason: 'not confirmed by its day',
          });
          await this.registry.release(tx, receivable.id);
          break;
        case 'listed':
          await this.fallDue(
            tx,
            await this.receivables.move(tx, receivable, 'unlist', { role: 'system', reason: 'its day has come' }),
          );
          break;
        case 'confirmed':
          if (receivable.kind === 'purchase_order') await this.lapse(tx, receivable);
          else await this.fallDue(tx, receivable);
          break;
        case 'assigned':
          await this.fallDue(tx, receivable);
          break;
        default:
      }
    }
  }

  /** The days of grace are over. */
  async graceEnded(tx: Transaction, ids: readonly string[]): Promise<void> {
    for (const receivable of await this.receivables.lockAll(tx, ids)) {
      if (receivable.state !== 'due') continue;
      const reason = 'not paid within the days of grace';
      const after = await this.receivables.move(tx, receivable, 'miss', { role: 'system', reason });
      await this.set(tx, receivableTimers.default, after, this.book.rules.defaultDays);
    }
  }

  async defaultCame(tx: Transaction, ids: readonly string[]): Promise<void> {
    for (const receivable of await this.receivables.lockAll(tx, ids)) {
      if (receivable.state !== 'overdue') continue;
      const reason = `overdue for ${this.book.rules.defaultDays} days`;
      await this.receivables.move(tx, receivable, 'default', { role: 'system', reason });
    }
  }

  /** Nothing is owed under an order that was not delivered, so long as nobody bought it. */
  private async lapse(tx: Transaction, order: ReceivableRecord): Promise<void> {
    await this.certificates.within(tx, order.id, order.sellerId);
    await this.receivables.move(tx, order, 'lapse', { role: 'system', reason: 'not delivered by its day' });
    await this.registry.release(tx, order.id);
  }

  private async fallDue(tx: Transaction, receivable: ReceivableRecord): Promise<void> {
    const due = await this.receivables.move(tx, receivable, 'fall_due', { role: 'system', reason: 'its day has come' });
    // The day itself and the days of grace pass in full.
    await this.set(tx, receivableTimers.grace, due, this.book.rules.graceDays + 1);
  }

  private async set(tx: Transaction, kind: string, { id, dueOn }: ReceivableRecord, days: number): Promise<void> {
    await setTimer(tx, kind, id, this.book.startOf(addDays(dueOn, days)));
  }
}
