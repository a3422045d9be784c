import { Injectable } from '@nestjs/common';
import { notify } from '#notices';
import type { Transaction } from '#platform';
import { CaseClocks } from './case-clocks.js';
import { recordSteps } from './record-steps.js';
import { type Advance, reschedule } from './reschedule.js';
import { groupBy } from '../domain/group-by.js';
import { lockCasesBefore, updateCases } from '../persistence/review-case.batch.js';
import { pausesOf } from '../persistence/review-case.store.js';

const batch = 500;
/** Announces that more cases wait for the present calendar. */
export const recomputeContinued = 'business_calendar.recompute_continued';

/** Which change of the calendar is followed. */
export interface CalendarNews {
  readonly calendarId: string;
  readonly version: number;
  readonly reason: string;
}

/**
 * Gives every open case the clock of the present calendar. One batch a transaction: a full one announces the next,
 * so a stopped worker goes on where it was, and a case that somebody works on delays nothing for long.
 */
@Injectable()
export class RecomputeCases {
  constructor(private readonly clocks: CaseClocks) {}

  async within(tx: Transaction, news: CalendarNews): Promise<void> {
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
    tell(tx, moved, news.reason);
    if (cases.length === batch)
      tx.emit({
        name: recomputeContinued,
        subjectType: 'business_calendar',
        subjectId: news.calendarId,
        version: news.version,
        payload: { reason: news.reason },
      });
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
