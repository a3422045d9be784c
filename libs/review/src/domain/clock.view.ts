import type { WorkingCalendar } from '#finance';
import { type Clock, type ClockFacts, shareUsed, timeLeft, timeTaken } from './clock.calculation.js';

/** A working duration as people and programs read it. */
export interface WorkingDuration {
  readonly workingSeconds: number;
  /** In days of the calendar's opening hours, to two decimals. */
  readonly workingDays: number;
}

/** Where a running or paused clock stands. */
export interface ClockReading {
  readonly promised: WorkingDuration;
  /** Negative when late. */
  readonly left: WorkingDuration;
  /** Without and with the time spent waiting for the applicant. */
  readonly net: WorkingDuration;
  readonly gross: WorkingDuration;
  /** Working time used, in percent; above 100 when late. */
  readonly usedPercent: number;
}

/** Working milliseconds in words of the calendar. */
export function workingDuration(calendar: WorkingCalendar, ms: number): WorkingDuration {
  const { opens, closes } = calendar.definition;
  return { workingSeconds: Math.round(ms / 1000), workingDays: Math.round((ms / (closes - opens)) * 100) / 100 };
}

export function readClock(calendar: WorkingCalendar, clock: Clock, facts: ClockFacts, now: number): ClockReading {
  const taken = timeTaken(calendar, facts, now);
  return {
    promised: workingDuration(calendar, clock.total),
    left: workingDuration(calendar, timeLeft(calendar, clock, now)),
    net: workingDuration(calendar, taken.net),
    gross: workingDuration(calendar, taken.gross),
    usedPercent: Math.floor(shareUsed(calendar, clock, now) * 100),
  };
}
