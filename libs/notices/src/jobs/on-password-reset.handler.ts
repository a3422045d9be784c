import { Injectable } from '@nestjs/common';
import { passwordResetAsked, passwordResetDone, ResetPassword } from '#identity';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { WriteNotices } from '../application/write-notices.js';

/** Writes the letter with the key to a new password, and tells the person when it was used. */
@Injectable()
export class OnPasswordReset implements EventHandler {
  readonly name = 'notices.on_password_reset';
  readonly events = [passwordResetAsked, passwordResetDone];

  constructor(
    private readonly resets: ResetPassword,
    private readonly writeNotices: WriteNotices,
  ) {}

  async handle(tx: Transaction, { name, payload }: DeliveredEvent): Promise<void> {
    if (name === passwordResetDone) {
      await this.writeNotices.within(tx, { personId: String(payload['personId']), template: 'password_was_reset' });
      return;
    }
    const issued = await this.resets.issue(tx, String(payload['email']));
    if (!issued) return;
    const { personId, token, validMinutes } = issued;
    await this.writeNotices.within(tx, {
      personId,
      template: 'password_reset',
      parameters: { minutes: validMinutes },
      // After the #: no server, proxy or log ever sees it.
      link: `/reset-password#${token}`,
    });
  }
}
