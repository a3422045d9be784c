import { Inject, Injectable } from '@nestjs/common';
import { ENVIRONMENT, type Environment, idBytes, idText, systemContext, UnitOfWork } from '#platform';
import { type Letter, Mailer } from './mailer.js';
import { mailWait } from '../domain/retry.policy.js';
import type { Language } from '../domain/template.js';

/** How long one process may hold a letter; longer than any attempt lasts. */
const leaseMs = 60_000;
const batch = 20;
const job = 'notices.send_mail';

interface MailRow {
  readonly id: Buffer;
  readonly address: string;
  readonly language: Language;
  readonly subject: string;
  readonly body: string;
  readonly link: string | null;
  readonly attempts: number;
}

type Claimed = Letter & { readonly attempts: number };

/**
 * Sends what is due. A letter is leased before and marked after it is sent, so one that was sent is never sent again;
 * only a process that dies in between can repeat it, under the same Message-ID.
 */
@Injectable()
export class SendMail {
  private readonly mailer: Mailer;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.mailer = new Mailer(environment);
  }

  /** Sends one batch; returns how many it tried. */
  async execute(): Promise<number> {
    const letters = await this.claim();
    await Promise.all(letters.map((letter) => this.attempt(letter)));
    return letters.length;
  }

  private claim(): Promise<Claimed[]> {
    return this.unitOfWork.run(systemContext(job), async (tx) => {
      const now = await tx.now();
      const rows = await tx.rows<MailRow>(
        `SELECT id, address, language, subject, body, link, attempts FROM mail WHERE open = 1 AND due_at <= ?
         ORDER BY due_at LIMIT ${batch} FOR UPDATE SKIP LOCKED`,
        [now],
      );
      if (rows.length > 0)
        await tx.execute(
          `UPDATE mail SET attempts = attempts + 1, due_at = ? WHERE id IN (${rows.map(() => '?').join(',')})`,
          [new Date(now.getTime() + leaseMs), ...rows.map(({ id }) => id)],
        );
      return rows.map((row) => ({ ...row, id: idText(row.id), attempts: row.attempts + 1 }));
    });
  }

  private async attempt(letter: Claimed): Promise<void> {
    const error = await this.mailer.deliver(letter).then(
      () => null,
      (reason: unknown) => String(reason instanceof Error ? reason.message : reason).slice(0, 500),
    );
    await this.unitOfWork.run(systemContext(job), async (tx) => {
      const now = await tx.now();
      const wait = error === null ? null : mailWait(letter.attempts, Math.random());
      const state = error === null ? 'sent' : wait === null ? 'given_up' : 'waiting';
      await tx.execute(
        // Assigned from the left: the link goes with the new state.
        "UPDATE mail SET state = ?, link = CASE WHEN confidential = 1 AND state <> 'waiting' THEN NULL ELSE link END, due_at = ?, sent_at = ?, last_error = ? WHERE id = ? AND state = 'waiting' AND attempts = ?",
        [
          state,
          new Date(now.getTime() + (wait ?? 0)),
          state === 'sent' ? now : null,
          error,
          idBytes(letter.id),
          letter.attempts,
        ],
      );
    });
  }
}
