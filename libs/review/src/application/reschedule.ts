import { endOfSilence, type Pause, passagesUntil } from '../domain/clock.calculation.js';
import { clockStage, type ReviewCase } from '../domain/review-case.js';
import type { ChangedCase } from '../persistence/review-case.batch.js';
import type { KeptCalendar } from './business-calendars.js';
import type { CaseClocks, RunningClock } from './case-clocks.js';
import type { CaseStep } from './record-steps.js';

/** A case under another version of the calendar. */
export interface Advance extends ChangedCase {
  readonly running: RunningClock;
  /** The due time, or the end of silence, is another than before. */
  readonly moved: boolean;
  readonly step: CaseStep;
}

/**
 * Recomputes a case from its facts. A warning or breach that the new calendar has not reached yet is taken back, so
 * that a holiday entered late does not leave a reviewer blamed; the case stays in the queue where it is, and its
 * history keeps what happened.
 */
export function reschedule(
  clocks: CaseClocks,
  kept: KeptCalendar,
  before: ReviewCase,
  pauses: readonly Pause[],
  now: Date,
): Advance {
  const running = clocks.under(kept, before, pauses);
  const askedAt = pauses.at(-1)?.from;
  const returnAt =
    before.returnAt && askedAt !== undefined
      ? new Date(endOfSilence(kept.calendar, askedAt, clocks.level.silenceDays))
      : null;
  const stage = before.dueAt === null ? before.stage : reached(clocks, running, before, now);
  const shown = { ...clocks.shown(running), returnAt, stage };
  const breachedAt = stage === clockStage.breached ? before.breachedAt : null;
  const moved =
    before.dueAt?.getTime() !== shown.dueAt?.getTime() || before.returnAt?.getTime() !== returnAt?.getTime();
  const after = { ...before, ...shown, breachedAt, version: before.version + (moved ? 1 : 0) };
  const step: CaseStep = {
    after,
    from: before.state,
    action: 'reschedule',
    event: 'rescheduled',
    data: {
      before: (before.dueAt ?? before.returnAt)?.toISOString(),
      after: (after.dueAt ?? after.returnAt)?.toISOString(),
      calendarVersion: kept.version,
    },
  };
  return { before, after, running, moved, step };
}

/** The last stage that still holds: never beyond what was announced, because the timer announces the rest. */
function reached(
  clocks: CaseClocks,
  { kept, clock }: RunningClock,
  before: ReviewCase,
  now: Date,
): ReviewCase['stage'] {
  const passed = passagesUntil(kept.calendar, clock, clockStage.running, now.getTime(), clocks.shares);
  const stages = passed.map((passage) => (passage.kind === 'remind' ? clockStage.breached : passage.stage));
  return Math.min(before.stage, Math.max(clockStage.running, ...stages)) as ReviewCase['stage'];
}
