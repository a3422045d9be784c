import { addWorkingTime, type WorkingCalendar } from '#finance';

/** Whether receivables are traded at an instant, and when that changes. */
export type MarketHours = { readonly open: true } | { readonly open: false; readonly opensAt: Date };

/** The market for receivables is open in the opening hours of the country's business calendar. */
export function marketHours(calendar: WorkingCalendar, now: Date): MarketHours {
  const instant = now.getTime();
  // The first working millisecond from now on begins now, or when the market opens.
  const opensAt = addWorkingTime(calendar, instant, 1) - 1;
  return opensAt <= instant ? { open: true } : { open: false, opensAt: new Date(opensAt) };
}
