import { Inject, Injectable } from '@nestjs/common';
import { ENVIRONMENT, type Environment, setTimers, type Transaction } from '#platform';
import {
  type Clock,
  type ClockFacts,
  clockUnder,
  nextPoint,
  type Pause,
  type WarningShares,
} from '../domain/clock.calculation.js';
import type { ReviewCase } from '../domain/review-case.js';
import type { ServiceLevel } from '../domain/service-level.js';
import { pausesOf } from '../persistence/review-case.store.js';
import { BusinessCalendars, type KeptCalendar } from './business-calendars.js';
import { serviceLevelOf } from './service-levels.js';

/** The one timer of a case: its next warning, breach, reminder or, while paused, the end of silence. */
export const clockTimer = 'review_case.clock';

/** A case's clock under the calendar that counts now. */
export interface RunningClock {
  readonly kept: KeptCalendar;
  readonly facts: ClockFacts;
  readonly clock: Clock;
}

/** Reads and sets the clocks of cases. */
@Injectable()
export class CaseClocks {
  readonly level: ServiceLevel;
  readonly shares: WarningShares;

  constructor(
    readonly calendars: BusinessCalendars,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.level = serviceLevelOf(environment.country);
    this.shares = { half: this.level.warnings.half / 100, late: this.level.warnings.late / 100 };
  }

  async read(tx: Transaction, reviewCase: ReviewCase): Promise<RunningClock> {
    const kept = await this.calendars.current(tx);
    const paused = reviewCase.informationRequests > 0 ? await pausesOf(tx, [reviewCase.id]) : undefined;
    return this.under(kept, reviewCase, paused?.get(reviewCase.id) ?? []);
  }

  under(kept: KeptCalendar, reviewCase: ReviewCase, pauses: readonly Pause[]): RunningClock {
    const facts = { openedAt: reviewCase.openedAt.getTime(), serviceDays: reviewCase.serviceDays, pauses };
    return { kept, facts, clock: clockUnder(kept.calendar, facts) };
  }

  /** What a case looks like once its clock is `running`: due time, calendar version and whether that is provisional. */
  shown({ kept, clock }: RunningClock): Pick<ReviewCase, 'dueAt' | 'calendarVersion' | 'provisional'> {
    return {
      dueAt: clock.dueAt === null ? null : new Date(clock.dueAt),
      calendarVersion: kept.version,
      provisional: clock.provisional,
    };
  }

  /** Sets the timers of cases to their next point. */
  async arm(
    tx: Transaction,
    cases: readonly { readonly after: ReviewCase; readonly running: RunningClock }[],
    now: Date,
  ): Promise<void> {
    await setTimers(
      tx,
      cases.map(({ after, running: { kept, clock } }) => ({
        kind: clockTimer,
        subjectId: after.id,
        dueAt: after.returnAt ?? new Date(nextPoint(kept.calendar, clock, after.stage, now.getTime(), this.shares)),
      })),
    );
  }
}
