import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import { liveCertificateStates } from '../domain/certificate.lifecycle.js';
import type { ReceivableRecord } from '../domain/receivable.js';
import type { Certificate } from '../persistence/certificate.entities.js';
import { Receivables } from './receivables.js';

const live: readonly string[] = liveCertificateStates;

/** A receivable is as far as the furthest of its certificates: its state follows what becomes of them. */
@Injectable()
export class FollowCertificates {
  constructor(private readonly receivables: Receivables) {}

  /**
   * Moves a locked receivable to where its certificates now are. `early` says that the last payment was one before the
   * day at a discount.
   */
  async within(
    tx: Transaction,
    receivable: ReceivableRecord,
    certificates: readonly Certificate[],
    early = false,
  ): Promise<void> {
    const open = certificates.filter(({ status }) => live.includes(status));
    if (open.length === 0) return this.end(tx, receivable, early);
    const isAssigned = open.some(({ status }) => status === 'assigned');
    const isListed = open.some(({ status }) => status === 'listed');
    if (receivable.state === 'assigned' && !isAssigned) {
      const back = await this.receivables.move(tx, receivable, 'undo_assignment', { role: 'settlement' });
      if (isListed) await this.receivables.move(tx, back, 'list', { role: 'market' });
      return;
    }
    if (receivable.state === 'listed' && !isListed && !isAssigned)
      await this.receivables.move(tx, receivable, 'unlist', { role: 'market' });
    if (receivable.state === 'confirmed' && isListed)
      await this.receivables.move(tx, receivable, 'list', { role: 'market' });
    if (receivable.state === 'listed' && isAssigned)
      await this.receivables.move(tx, receivable, 'assign', { role: 'market' });
  }

  private async end(tx: Transaction, receivable: ReceivableRecord, early: boolean): Promise<void> {
    let at = receivable;
    if (at.state === 'listed') at = await this.receivables.move(tx, at, 'unlist', { role: 'system' });
    if (at.state === 'confirmed' && early) {
      await this.receivables.move(tx, at, 'pay_early', { role: 'settlement' });
      return;
    }
    // Paid before its day without a discount: the day has come by the debtor's own will.
    if (at.state === 'confirmed' || at.state === 'assigned')
      at = await this.receivables.move(tx, at, 'fall_due', { role: 'system', reason: 'paid before its day' });
    await this.receivables.move(tx, at, 'settle', { role: 'settlement' });
  }
}
