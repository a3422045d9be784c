import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { type CommandContext, ENVIRONMENT, type Environment, httpError, type Transaction, UnitOfWork } from '#platform';
import { adoptBook, type EarlierChange, isNewerBook } from '../domain/adopt-book.policy.js';
import type { CalendarBook, CalendarChange } from '../domain/calendar-edit.policy.js';
import { reviewError } from '../domain/errors.js';
import { BusinessCalendars } from './business-calendars.js';
import { keepVersion } from './edit-calendar.js';

export interface AdoptedCalendar {
  readonly version: number;
  readonly bookVersion: string;
  /** How many earlier changes of operators hold on. */
  readonly kept: number;
  /** Those that the newer book says already, or contradicts. */
  readonly leftOut: readonly CalendarChange[];
}

/**
 * Takes up the newer rule book that came with a newer program. An operator does it, because clocks of open cases move: they follow
 * as after every other change, and those concerned are told.
 */
@Injectable()
export class AdoptCalendar {
  private readonly country: string;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly calendars: BusinessCalendars,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.country = environment.country;
  }

  async execute(context: CommandContext, expected: number): Promise<AdoptedCalendar> {
    return this.unitOfWork.run(context, async (tx) => {
      const current = await this.calendars.currentForEdit(tx);
      if (current.version !== expected) throw httpError('record_changed', { data: { version: current.version } });
      const newer = this.calendars.ruleBook();
      if (!isNewerBook(current.book, newer))
        throw reviewError('calendar_up_to_date', { data: { bookVersion: current.book.version } });
      const { book, kept, leftOut } = adoptBook(newer, await this.earlier(tx));
      const reason = `rule book ${book.id} ${book.version}`;
      const version = await keepVersion(tx, this.country, current, { book, change: null, reason, action: 'adopt' });
      return { version, bookVersion: book.version, kept, leftOut };
    });
  }

  /** What operators changed, ever: a change of an earlier book that this one has as well is left out as said already. */
  private async earlier(tx: Transaction): Promise<EarlierChange[]> {
    const rows = await tx.rows<{ changes: string; reason: string }>(
      'SELECT changes, reason FROM business_calendar_version WHERE country = ? AND changes IS NOT NULL ORDER BY version',
      [this.country],
    );
    return rows.map(({ changes, reason }) => ({ change: JSON.parse(changes) as CalendarChange, reason }));
  }
}

/** The version of a rule book that waits to be adopted; for whoever migrates. Null before the calendar was first used. */
export async function newerCalendar(dataSource: DataSource, environment: Environment): Promise<string | null> {
  const [row] = await dataSource.query<{ definition: string }[]>(
    `SELECT v.definition FROM business_calendar c JOIN business_calendar_version v ON v.country = c.country AND v.version = c.version
     WHERE c.country = ?`,
    [environment.country],
  );
  const offered = new BusinessCalendars(environment).ruleBook();
  return row && isNewerBook(JSON.parse(row.definition) as CalendarBook, offered) ? offered.version : null;
}
