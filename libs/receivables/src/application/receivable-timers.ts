/** The clocks of this context: a receivable's day, the end of its days of grace, its default; an anchor's reminders and its cure. */
export const receivableTimers = {
  day: 'receivable.day',
  grace: 'receivable.grace',
  default: 'receivable.default',
  remind: 'anchor.remind',
  cure: 'anchor.cure',
} as const;
