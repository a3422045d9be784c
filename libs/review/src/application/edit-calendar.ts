import { Inject, Injectable } from '@nestjs/common';
import { readCalendar } from '#finance';
import { DomainError } from '#kernel';
import { type CommandContext, ENVIRONMENT, type Environment, httpError, type Transaction, UnitOfWork } from '#platform';
import { type CalendarBook, type CalendarChange, editCalendar } from '../domain/calendar-edit.policy.js';
import { reviewError } from '../domain/errors.js';
import { BusinessCalendars } from './business-calendars.js';

/** `review` recomputes the open cases when it hears this. */
export const calendarChanged = 'business_calendar.changed';

export interface CalendarEdit extends CalendarChange {
  /** Why, in words that the people concerned are shown, such as "Eid al-Fitr announced". */
  readonly reason: string;
}

/** Makes a new version of the business calendar. Open cases follow after the commit, in batches. */
@Injectable()
export class EditCalendar {
  private readonly country: string;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly calendars: BusinessCalendars,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.country = environment.country;
  }

  /** Refuses a version that is not the present one, a change that contradicts itself, and one that leaves no working time. */
  async execute(context: CommandContext, expected: number, edit: CalendarEdit): Promise<{ version: number }> {
    return this.unitOfWork.run(context, async (tx) => {
      const current = await this.calendars.currentForEdit(tx);
      if (current.version !== expected) throw httpError('record_changed', { data: { version: current.version } });
      const { reason, ...change } = edit;
      const book = changed(current.book, change, `${reason} (operator)`);
      const version = await keepVersion(tx, this.country, current, { book, change, reason, action: 'edit' });
      return { version };
    });
  }
}

/** A new version of the calendar, whoever made it; the open cases follow its event. */
export async function keepVersion(
  tx: Transaction,
  country: string,
  current: { readonly id: string; readonly version: number },
  made: {
    readonly book: CalendarBook;
    /** What an operator changed; null for a book that was taken up whole. */
    readonly change: CalendarChange | null;
    readonly reason: string;
    readonly action: 'edit' | 'adopt';
  },
): Promise<number> {
  const { book, change, reason, action } = made;
  const { actor } = tx.context;
  const version = current.version + 1;
  await tx.execute('UPDATE business_calendar SET version = ? WHERE country = ?', [version, country]);
  await tx.insertRows(
    'business_calendar_version',
    ['country', 'version', 'book_version', 'definition', 'changes', 'reason', 'changed_by', 'changed_at'],
    [
      [
        country,
        version,
        book.version,
        JSON.stringify(book),
        change && JSON.stringify(change),
        reason,
        actor.id,
        await tx.now(),
      ],
    ],
  );
  tx.audit({
    action: `business_calendar.${action}`,
    subjectType: 'business_calendar',
    subjectId: current.id,
    data: { version, reason, change, bookVersion: book.version },
  });
  tx.emit({
    name: calendarChanged,
    subjectType: 'business_calendar',
    subjectId: current.id,
    version,
    audience: [actor.organisationId],
    payload: { country, version, reason },
  });
  return version;
}

function changed(before: CalendarBook, change: CalendarChange, source: string): CalendarBook {
  const edited = editCalendar(before, change, source);
  if ('problems' in edited)
    throw reviewError('calendar_change_invalid', {
      fields: edited.problems,
      detail: edited.problems.map(({ pointer, message }) => `${pointer} ${message}`).join('; '),
    });
  try {
    readCalendar(edited.book);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw reviewError('calendar_change_invalid', { detail: error.message, fields: error.details.fields ?? [] });
  }
  return edited.book;
}
