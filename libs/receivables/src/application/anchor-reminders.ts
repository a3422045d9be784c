import { Injectable } from '@nestjs/common';
import { notify } from '#notices';
import { idBytes, setTimer, type Transaction } from '#platform';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { receivableTimers } from './receivable-timers.js';

const dayMs = 86_400_000;

interface Waiting {
  readonly reminders: number;
  readonly waiting: string;
  readonly oldest: Date;
}

/** The ladder of reminders: one notice an anchor and step however many receivables wait, and from its last step on the administrator too. */
@Injectable()
export class AnchorReminders {
  constructor(private readonly book: ReceivableRuleBook) {}

  /** Something was handed to the anchor: its ladder stands, unless it did already. */
  async expect(tx: Transaction, anchorId: string, now: Date): Promise<void> {
    const [standing] = await tx.rows('SELECT 1 FROM timer WHERE subject_id = ? AND kind = ?', [
      idBytes(anchorId),
      receivableTimers.remind,
    ]);
    const [first] = this.book.rules.reminderDays;
    if (!standing && first !== undefined)
      await setTimer(tx, receivableTimers.remind, anchorId, new Date(now.getTime() + first * dayMs));
  }

  /** Tells the anchor of what waits past each step of the ladder, and sets the timer of the next. */
  async remind(tx: Transaction, anchorId: string, now: Date): Promise<void> {
    const steps = this.book.rules.reminderDays;
    for (const [step, days] of steps.entries()) {
      const until = new Date(now.getTime() - days * dayMs);
      const [row] = await tx.rows<Waiting>(
        `SELECT ${step} AS reminders, COUNT(*) AS waiting, MIN(submitted_at) AS oldest FROM receivable
         WHERE anchor_id = ? AND state = 'submitted' AND reminders = ? AND submitted_at <= ?`,
        [idBytes(anchorId), step, until],
      );
      if (!row || Number(row.waiting) === 0) continue;
      await tx.execute(
        "UPDATE receivable SET reminders = reminders + 1 WHERE anchor_id = ? AND state = 'submitted' AND reminders = ? AND submitted_at <= ?",
        [idBytes(anchorId), step, until],
      );
      const roles =
        step + 1 === steps.length
          ? ['maker', 'checker', 'administrator']
          : step === 0
            ? ['maker']
            : ['maker', 'checker'];
      notify(tx, {
        organisationId: anchorId,
        roles,
        template: 'receivables_wait',
        parameters: { count: Number(row.waiting), since: row.oldest.toISOString() },
        link: '/receivables?state=submitted',
      });
    }
    const next = await this.nextStep(tx, anchorId);
    if (next) await setTimer(tx, receivableTimers.remind, anchorId, next);
  }

  private async nextStep(tx: Transaction, anchorId: string): Promise<Date | undefined> {
    const steps = this.book.rules.reminderDays;
    const rows = await tx.rows<Waiting>(
      `SELECT reminders, COUNT(*) AS waiting, MIN(submitted_at) AS oldest FROM receivable
       WHERE anchor_id = ? AND state = 'submitted' AND reminders < ? GROUP BY reminders`,
      [idBytes(anchorId), steps.length],
    );
    const times = rows.map(({ reminders, oldest }) => oldest.getTime() + (steps[reminders] as number) * dayMs);
    return times.length > 0 ? new Date(Math.min(...times)) : undefined;
  }
}
