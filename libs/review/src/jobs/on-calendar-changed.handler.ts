import { Injectable } from '@nestjs/common';
import { notify } from '#notices';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { CaseClocks } from '../application/case-clocks.js';
import { calendarChanged } from '../application/edit-calendar.js';
import { recordSteps } from '../application/record-steps.js';
import { type Advance, reschedule } from '../application/reschedule.js';
import { groupBy } from '../domain/group-by.js';
import { lockCasesBefore, updateCases } from '../persistence/review-case.batch.js';
import { pausesOf } from '../persistence/review-case.store.js';

const batch = 500;
const continued = 'business_calendar.recompute_continued';

/**
 * Gives every open case the clock of the present calendar. One batch a transaction: a full one announces the next,
 * so a stopped worker goes on where it was, and a case that somebody works on delays nothing for long.
 */
@Injectable()
export class OnCalendarChanged implements EventHandler {
  readonly name = 'review.on_calendar_changed';
  readonly events = [calendarChanged, continued];

  constructor(private readonly clocks: CaseClocks) {}

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    const kept = await this.clocks.calendars.current(tx);
    const cases = await lockCasesBefore(tx, kept.version, batch);
    if (cases.length === 0) return;
    const now = await tx.now();
    const paused = await pausesOf(
      tx,
      cases.filter(({ informationRequests }) => informationRequests > 0).map(({ id }) => id),
    );
    const advances = cases.map((reviewCase) =>
      reschedule(this.clocks, kept, reviewCase, paused.get(reviewCase.id) ?? [], now),
    );
    await updateCases(tx, advances);
    await this.clocks.arm(tx, advances, now);
    const moved = advances.filter(({ moved }) => moved);
    await recordSteps(
      tx,
      now,
      moved.map(({ step }) => step),
    );
    tell(tx, moved, String(event.payload.reason ?? ''));
    if (cases.length === batch)
      tx.emit({ ...event, name: continued, audience: [], version: event.version + 1, payload: event.payload });
  }
}

function tell(tx: Transaction, moved: readonly Advance[], reason: string): void {
  for (const { before, after } of moved) {
    const [from, to] = [before.dueAt ?? before.returnAt, after.dueAt ?? after.returnAt] as [Date, Date];
    notify(tx, {
      organisationId: after.applicantOrganisationId,
      template: 'review_rescheduled',
      parameters: { reason, before: from.toISOString(), after: to.toISOString() },
    });
  }
  const byReviewer = groupBy(moved, ({ after }) => after.assigneeId);
  for (const [personId, { length: count }] of byReviewer) {
    const to = personId === null ? { roles: ['review_lead'] } : { personId };
    notify(tx, { ...to, template: 'review_calendar_changed', parameters: { reason, count }, link: '/review' });
  }
}
