import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { calendarChanged } from '../application/edit-calendar.js';
import { RecomputeCases, recomputeContinued } from '../application/recompute-cases.js';

/** Lets the open cases follow the business calendar. */
@Injectable()
export class OnCalendarChanged implements EventHandler {
  readonly name = 'review.on_calendar_changed';
  readonly events = [calendarChanged, recomputeContinued];

  constructor(private readonly recomputeCases: RecomputeCases) {}

  async handle(tx: Transaction, { subjectId, version, payload }: DeliveredEvent): Promise<void> {
    await this.recomputeCases.within(tx, { calendarId: subjectId, version, reason: String(payload.reason ?? '') });
  }
}
