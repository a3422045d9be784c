import { Inject, Injectable } from '@nestjs/common';
import {
  cursorNumber,
  decodeCursor,
  defaultLimit,
  ENVIRONMENT,
  type Environment,
  systemContext,
  toPage,
  UnitOfWork,
} from '#platform';
import { isNewerBook } from '../domain/adopt-book.policy.js';
import type { CalendarBook } from '../domain/calendar-edit.policy.js';
import { BusinessCalendars } from './business-calendars.js';

/** The calendar that counts now; `version` is the portal's own, counted from 1. */
type CalendarView = Omit<CalendarBook, 'kind' | 'id' | 'version' | 'validFrom' | 'validTo'> & {
  readonly country: string;
  readonly version: number;
  /** The rule book it rests on. */
  readonly bookVersion: string;
  /** A newer rule book that came with the program and waits for an operator to adopt it. */
  readonly newerBook: string | null;
};

interface VersionRow {
  readonly version: number;
  readonly changes: string | null;
  readonly reason: string;
  readonly changed_by: string;
  readonly changed_at: Date;
}

/** Shows the business calendar and its past. */
@Injectable()
export class CalendarReader {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly calendars: BusinessCalendars,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async present(): Promise<CalendarView> {
    return this.unitOfWork.run(systemContext('review.calendar'), async (tx) => {
      const { version, book } = await this.calendars.currentBook(tx);
      const { title, timeZone, opens, closes, weekend, years } = book;
      const offered = this.calendars.ruleBook();
      const newerBook = isNewerBook(book, offered) ? offered.version : null;
      const bookVersion = book.version;
      return {
        country: this.environment.country,
        version,
        bookVersion,
        newerBook,
        title,
        timeZone,
        opens,
        closes,
        weekend,
        years,
      };
    });
  }

  async versions(page: { limit?: number | undefined; cursor?: string | undefined }) {
    const limit = page.limit ?? defaultLimit;
    const after = decodeCursor(page.cursor, 1);
    const before = after ? cursorNumber(after[0]) : Number.MAX_SAFE_INTEGER;
    return this.unitOfWork.run(systemContext('review.calendar'), async (tx) => {
      const rows = await tx.rows<VersionRow>(
        `SELECT version, changes, reason, changed_by, changed_at FROM business_calendar_version
         WHERE country = ? AND version < ? ORDER BY version DESC LIMIT ?`,
        [this.environment.country, before, limit + 1],
      );
      return toPage(rows, limit, ({ version }) => [version], shown);
    });
  }
}

function shown({ version, changes, reason, changed_by, changed_at }: VersionRow) {
  const change: unknown = changes === null ? null : JSON.parse(changes);
  return { version, reason, changedBy: changed_by, changedAt: changed_at, change };
}
