import {
  addWorkingDays,
  addWorkingTime,
  dueAt,
  type EpochMs,
  instantOfLocal,
  localDate,
  type WorkingCalendar,
  workingTimeBetween,
} from '#finance';
import { dayNumber } from '#kernel';
import { clockStage, type ClockStage } from './review-case.js';

/** The clock stood still from `from` to `to`; `to` is null while it still does. */
export interface Pause {
  readonly from: EpochMs;
  readonly to: EpochMs | null;
}

/** All that a clock depends on besides the calendar: the same facts give the same clock, whenever it is asked. */
export interface ClockFacts {
  readonly openedAt: EpochMs;
  /** Working days promised, 1 or more. */
  readonly serviceDays: number;
  /** In the order in which they happened. */
  readonly pauses: readonly Pause[];
}

/** A case's clock under one calendar. Durations are working milliseconds. */
export interface Clock {
  /** The whole promised working time. */
  readonly total: number;
  /** Null while paused. */
  readonly dueAt: EpochMs | null;
  /** When the present run began: the opening, or the last resumption. While paused, the instant of the pause. */
  readonly since: EpochMs;
  /** Working time that remained at `since`; negative when the case was late then. */
  readonly remainingAtStart: number;
  readonly provisional: boolean;
}

/** Shares of the working time at which the reviewer is warned, such as 0.5 and 0.8. */
export interface WarningShares {
  readonly half: number;
  readonly late: number;
}

/**
 * The clock of a case: due by Rule L of `dueAt`, and after each pause at resumption plus the working time that
 * remained. Computed anew from its facts, so that a changed calendar also corrects the days before a pause.
 */
export function clockUnder(calendar: WorkingCalendar, facts: ClockFacts): Clock {
  const first = dueAt(calendar, facts.openedAt, facts.serviceDays);
  const total = workingTimeBetween(calendar, facts.openedAt, first.dueAt);
  let clock: Clock = {
    total,
    dueAt: first.dueAt,
    since: facts.openedAt,
    remainingAtStart: total,
    provisional: first.provisional,
  };
  for (const pause of facts.pauses) {
    const remaining = workingTimeBetween(calendar, pause.from, clock.dueAt as EpochMs);
    if (pause.to === null) return { ...clock, dueAt: null, since: pause.from, remainingAtStart: remaining };
    const due = addWorkingTime(calendar, pause.to, remaining);
    const { timeZone } = calendar.definition;
    clock = {
      total,
      dueAt: due,
      since: pause.to,
      remainingAtStart: remaining,
      provisional: calendar.isProvisional(localDate(timeZone, facts.openedAt), localDate(timeZone, due)),
    };
  }
  return clock;
}

/** Working time left at `now`; while paused, what was left at the pause. Negative when late. */
export function timeLeft(calendar: WorkingCalendar, clock: Clock, now: EpochMs): number {
  return clock.dueAt === null ? clock.remainingAtStart : workingTimeBetween(calendar, now, clock.dueAt);
}

/** The share of the promised working time that is used at `now`: 0 at the opening, 1 at the due time, above 1 when late. */
export function shareUsed(calendar: WorkingCalendar, clock: Clock, now: EpochMs): number {
  return clock.total === 0 ? 1 : 1 - timeLeft(calendar, clock, now) / clock.total;
}

/** The instant at which a running clock has used `share` of its working time. */
export function instantOfShare(calendar: WorkingCalendar, clock: Clock, share: number): EpochMs {
  if (clock.dueAt === null) throw new RangeError('a paused clock reaches no further share');
  if (share === 1) return clock.dueAt;
  return addWorkingTime(calendar, clock.since, Math.round(clock.remainingAtStart - (1 - share) * clock.total));
}

/** The instant at which a running clock passes each stage. */
export function stageInstants(
  calendar: WorkingCalendar,
  clock: Clock,
  shares: WarningShares,
): readonly { readonly stage: ClockStage; readonly at: EpochMs }[] {
  return [
    { stage: clockStage.halfWarned, at: instantOfShare(calendar, clock, shares.half) },
    { stage: clockStage.lateWarned, at: instantOfShare(calendar, clock, shares.late) },
    { stage: clockStage.breached, at: instantOfShare(calendar, clock, 1) },
  ];
}

/** The first reminder of a late case after `now`: it comes each time that one more working day has passed since it was due. */
export function nextReminder(calendar: WorkingCalendar, due: EpochMs, now: EpochMs): { at: EpochMs; daysLate: number } {
  const { opens, closes } = calendar.definition;
  const day = closes - opens;
  const daysLate = Math.floor(Math.max(0, workingTimeBetween(calendar, due, now)) / day) + 1;
  return { at: addWorkingTime(calendar, due, daysLate * day), daysLate };
}

/** Whole silence: closing time of the `days`-th working day after the day of the request. */
export function endOfSilence(calendar: WorkingCalendar, askedAt: EpochMs, days: number): EpochMs {
  const { timeZone, closes } = calendar.definition;
  const last = addWorkingDays(calendar, localDate(timeZone, askedAt), days);
  return instantOfLocal(timeZone, dayNumber(last), closes);
}

/** Working time taken at `now`: `gross` with the pauses, `net` without them. */
export function timeTaken(
  calendar: WorkingCalendar,
  facts: ClockFacts,
  now: EpochMs,
): { readonly net: number; readonly gross: number } {
  const gross = workingTimeBetween(calendar, facts.openedAt, now);
  const paused = facts.pauses.reduce((sum, { from, to }) => sum + workingTimeBetween(calendar, from, to ?? now), 0);
  return { net: gross - paused, gross };
}

/** When a running clock must be looked at next: its next stage, or, when all are passed, the next reminder. */
export function nextPoint(
  calendar: WorkingCalendar,
  clock: Clock,
  stage: ClockStage,
  now: EpochMs,
  shares: WarningShares,
): EpochMs {
  const ahead = stageInstants(calendar, clock, shares).find((point) => point.stage > stage);
  return ahead ? ahead.at : nextReminder(calendar, clock.dueAt as EpochMs, now).at;
}

/** What a running clock has passed since it was last looked at. */
export type Passage =
  | { readonly kind: 'warn'; readonly stage: ClockStage; readonly percent: number }
  | { readonly kind: 'breach'; readonly stage: ClockStage }
  | { readonly kind: 'remind'; readonly daysLate: number };

/**
 * The stages passed by `now`, in order, however late one looks; for a case that was late already, the reminder that
 * another working day has passed.
 */
export function passagesUntil(
  calendar: WorkingCalendar,
  clock: Clock,
  stage: ClockStage,
  now: EpochMs,
  shares: WarningShares,
): readonly Passage[] {
  if (stage === clockStage.breached) {
    const daysLate = nextReminder(calendar, clock.dueAt as EpochMs, now).daysLate - 1;
    return daysLate > 0 ? [{ kind: 'remind', daysLate }] : [];
  }
  return stageInstants(calendar, clock, shares)
    .filter((point) => point.stage > stage && point.at <= now)
    .map((point) => passage(point.stage, shares));
}

function passage(stage: ClockStage, { half, late }: WarningShares): Passage {
  if (stage === clockStage.breached) return { kind: 'breach', stage };
  return { kind: 'warn', stage, percent: Math.round((stage === clockStage.halfWarned ? half : late) * 100) };
}
