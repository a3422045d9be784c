import type { CalendarYear, NamedDays, Weekday } from '#finance';

/** A business calendar as it is written in a rule book: JSON that `readCalendar` understands. */
export interface CalendarBook {
  readonly kind: 'business-calendar';
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly validFrom: string;
  readonly validTo?: string;
  readonly timeZone: string;
  readonly opens: string;
  readonly closes: string;
  readonly weekend: readonly Weekday[];
  readonly years: readonly BookYear[];
}

type BookDays = { readonly [Key in keyof NamedDays]?: string };

interface BookYear {
  readonly year: number;
  readonly status: CalendarYear['status'];
  readonly sources: readonly string[];
  readonly holidays?: readonly BookDays[];
  readonly workingDays?: readonly string[];
  readonly open?: readonly BookDays[];
}
