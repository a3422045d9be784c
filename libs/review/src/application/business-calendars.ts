import { Inject, Injectable } from '@nestjs/common';
import { readCalendar, WorkingCalendar } from '#finance';
import { ENVIRONMENT, type Environment, idBytes, idText, newId, type Transaction } from '#platform';
import { businessCalendars, ruleBookFiles } from '#platform/rulebooks';
import type { CalendarBook } from '../domain/calendar-edit.policy.js';
import { reviewError } from '../domain/errors.js';

/** One version of the country's calendar, ready for arithmetic. */
export interface KeptCalendar {
  /** Identifies the calendar in events and the audit log; the same for all versions. */
  readonly id: string;
  readonly version: number;
  readonly calendar: WorkingCalendar;
}

interface HeadRow {
  readonly id: Buffer;
  readonly version: number;
}

/**
 * The business calendar of the portal's country: seeded from the rule book, then kept in versions that never
 * change, so a prepared version can be remembered by a process for ever.
 */
@Injectable()
export class BusinessCalendars {
  private readonly prepared = new Map<number, WorkingCalendar>();
  private readonly country: string;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    this.country = environment.country;
  }

  /**
   * The version that counts now. The shared lock lets cases be opened side by side, but makes an edit wait for
   * them: no case can commit with a version that the recomputation after the edit did not see.
   */
  async current(tx: Transaction): Promise<KeptCalendar> {
    const head = await this.head(tx, 'LOCK IN SHARE MODE');
    return { id: idText(head.id), version: head.version, calendar: await this.version(tx, head.version) };
  }

  /** The same for one who is going to change it. */
  async currentForEdit(tx: Transaction): Promise<KeptCalendar & { readonly book: CalendarBook }> {
    const head = await this.head(tx, 'FOR UPDATE');
    const book = await this.book(tx, head.version);
    return { id: idText(head.id), version: head.version, calendar: await this.version(tx, head.version), book };
  }

  /** What the present version says, as it is written. */
  async currentBook(tx: Transaction): Promise<{ readonly version: number; readonly book: CalendarBook }> {
    const { version } = await this.head(tx, 'LOCK IN SHARE MODE');
    return { version, book: await this.book(tx, version) };
  }

  /** A version that was used by a decision. */
  async version(tx: Transaction, version: number): Promise<WorkingCalendar> {
    const known = this.prepared.get(version);
    if (known) return known;
    const made = new WorkingCalendar(readCalendar(await this.book(tx, version)));
    this.prepared.set(version, made);
    return made;
  }

  private async book(tx: Transaction, version: number): Promise<CalendarBook> {
    const [row] = await tx.rows<{ definition: string }>(
      'SELECT definition FROM business_calendar_version WHERE country = ? AND version = ?',
      [this.country, version],
    );
    if (!row) throw new Error(`version ${version} of the calendar of ${this.country} is missing`);
    return JSON.parse(row.definition) as CalendarBook;
  }

  private async head(tx: Transaction, lock: string): Promise<HeadRow> {
    const read = () =>
      tx.rows<HeadRow>(`SELECT id, version FROM business_calendar WHERE country = ? ${lock}`, [this.country]);
    const [found] = await read();
    if (found) return found;
    await this.seed(tx);
    const [seeded] = await read();
    return seeded as HeadRow;
  }

  /** The rule book as this program was delivered with it; a newer one counts only once an operator adopts it. */
  ruleBook(): CalendarBook {
    const id = businessCalendars().get(this.country)?.definition.id;
    const book = ruleBookFiles().find(
      ({ kind, content }) => kind === 'business-calendar' && (content as CalendarBook).id === id,
    )?.content as CalendarBook | undefined;
    if (!book) throw reviewError('calendar_missing', { data: { country: this.country } });
    return book;
  }

  private async seed(tx: Transaction): Promise<void> {
    const book = this.ruleBook();
    const made = await tx.execute('INSERT IGNORE INTO business_calendar (country, id, version) VALUES (?, ?, 1)', [
      this.country,
      idBytes(newId()),
    ]);
    if (made === 0) return;
    await tx.insertRows(
      'business_calendar_version',
      ['country', 'version', 'book_version', 'definition', 'reason', 'changed_by', 'changed_at'],
      [
        [
          this.country,
          1,
          book.version,
          JSON.stringify(book),
          `rule book ${book.id} ${book.version}`,
          tx.context.actor.id,
          await tx.now(),
        ],
      ],
    );
  }
}
