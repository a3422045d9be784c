import { Injectable } from '@nestjs/common';
import { notify } from '#notices';
import { clearTimers, idBytes, setTimer, type Transaction } from '#platform';
import { AnchorProfile } from '../persistence/entities.js';
import { lockAnchor } from './anchors.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { receivableTimers } from './receivable-timers.js';

const dayMs = 86_400_000;

/** Payment discipline: too many overdue payments stop an anchor's new confirmations, and paying what is overdue cures it. */
@Injectable()
export class AnchorStanding {
  constructor(private readonly book: ReceivableRuleBook) {}

  /** A payment was missed or made: counts again. */
  async follow(tx: Transaction, anchorId: string): Promise<void> {
    if (!(await tx.manager.existsBy(AnchorProfile, { id: anchorId }))) return;
    const anchor = await lockAnchor(tx, anchorId);
    const now = await tx.now();
    const { overdue, months, cureDays } = this.book.rules.suspension;
    if (!anchor.confirmationsStoppedAt) {
      const since = new Date(now);
      since.setUTCMonth(since.getUTCMonth() - months);
      const from = anchor.curedAt && anchor.curedAt > since ? anchor.curedAt : since;
      const missed = await this.missedSince(tx, anchorId, from);
      if (missed < overdue) return;
      await this.write(tx, anchor, { confirmationsStoppedAt: now }, 'stopped', now);
      notify(tx, {
        organisationId: anchorId,
        template: 'anchor_confirmations_stopped',
        parameters: { count: missed, months, days: cureDays },
        link: '/anchor',
      });
    }
    if ((await this.unpaid(tx, anchorId)) > 0) await clearTimers(tx, anchorId, [receivableTimers.cure]);
    else await setTimer(tx, receivableTimers.cure, anchorId, new Date(now.getTime() + cureDays * dayMs));
  }

  /** The time of cure is over: the anchor may confirm again, if nothing has become overdue since. */
  async cure(tx: Transaction, anchorId: string): Promise<void> {
    const anchor = await lockAnchor(tx, anchorId);
    if (!anchor.confirmationsStoppedAt || (await this.unpaid(tx, anchorId)) > 0) return;
    const now = await tx.now();
    await this.write(tx, anchor, { confirmationsStoppedAt: null, curedAt: now }, 'resumed', now);
    notify(tx, { organisationId: anchorId, template: 'anchor_confirmations_resumed', link: '/anchor' });
  }

  private async write(
    tx: Transaction,
    anchor: AnchorProfile,
    changes: Partial<Pick<AnchorProfile, 'confirmationsStoppedAt' | 'curedAt'>>,
    word: 'stopped' | 'resumed',
    now: Date,
  ): Promise<void> {
    const { id } = anchor;
    const version = anchor.version + 1;
    await tx.manager.update(AnchorProfile, { id }, { ...changes, version, updatedAt: now });
    tx.audit({ action: `anchor.confirmations_${word}`, subjectType: 'anchor', subjectId: id, data: {} });
    tx.emit({
      name: `anchor.confirmations_${word}`,
      subjectType: 'anchor',
      subjectId: id,
      version,
      audience: [id],
      payload: {},
    });
  }

  private async missedSince(tx: Transaction, anchorId: string, since: Date): Promise<number> {
    const [row] = await tx.rows<{ missed: string }>(
      `SELECT COUNT(DISTINCT h.receivable_id) AS missed FROM receivable r JOIN receivable_history h ON h.receivable_id = r.id
       WHERE r.anchor_id = ? AND r.kind <> 'purchase_order' AND r.state IN ('overdue','defaulted','settled','repurchased') AND h.action = 'miss' AND h.at > ?`,
      [idBytes(anchorId), since],
    );
    return Number(row?.missed ?? 0);
  }

  private async unpaid(tx: Transaction, anchorId: string): Promise<number> {
    const [row] = await tx.rows<{ unpaid: string }>(
      "SELECT COUNT(*) AS unpaid FROM receivable WHERE anchor_id = ? AND kind <> 'purchase_order' AND state IN ('overdue','defaulted')",
      [idBytes(anchorId)],
    );
    return Number(row?.unpaid ?? 0);
  }
}
