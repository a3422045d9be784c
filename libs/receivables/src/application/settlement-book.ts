import { Inject, Injectable } from '@nestjs/common';
import { dueAt } from '#finance';
import { IdentityReader } from '#identity';
import { addDays, type CalendarDate } from '#kernel';
import { ENVIRONMENT, type Environment, type Transaction } from '#platform';
import { countryDate, ruleBooks, startOfCountryDay } from '#platform/rulebooks';
import { BusinessCalendars } from '#review';
import { readSettlementRules, type SettlementRules } from '../domain/settlement-rules.js';

/** The country's rules of settlement, its days, and whose the settlement account is. */
@Injectable()
export class SettlementBook {
  private readonly country: string;
  private readonly offsetMs: number;
  private known: SettlementRules | undefined;
  private operatorId: string | undefined;

  constructor(
    @Inject(ENVIRONMENT) environment: Environment,
    private readonly calendars: BusinessCalendars,
    private readonly identity: IdentityReader,
  ) {
    this.country = environment.country;
    this.offsetMs = environment.clockOffsetSeconds * 1000;
  }

  /** Throws where config/countries has none for this country: then there is no settlement. */
  get rules(): SettlementRules {
    this.known ??= ruleBooks('settlement-rules', readSettlementRules).get(this.country);
    if (!this.known) throw new Error(`config/countries has no settlement rules for ${this.country}`);
    return this.known;
  }

  /** The day in the portal's country. */
  day(instant: Date): CalendarDate {
    return countryDate(this.country, instant);
  }

  /** The day by this process's clock, for what is only shown. */
  get today(): CalendarDate {
    return this.day(new Date(Date.now() + this.offsetMs));
  }

  startOf(date: CalendarDate): Date {
    return startOfCountryDay(this.country, date);
  }

  /** The working day number `count` strictly after `date`: 1 is the next one (T+1). */
  async workingDayAfter(tx: Transaction, date: CalendarDate, count: number): Promise<CalendarDate> {
    const { calendar } = await this.calendars.current(tx);
    return dueAt(calendar, this.startOf(addDays(date, 1)).getTime(), count).lastDay;
  }

  /** The day itself, or the next working day where it is none (following business day). */
  async workingDayFrom(tx: Transaction, date: CalendarDate): Promise<CalendarDate> {
    const { calendar } = await this.calendars.current(tx);
    return dueAt(calendar, this.startOf(date).getTime(), 1).lastDay;
  }

  /** The same for many days, with one look at the calendar. */
  async workingDaysFrom(
    tx: Transaction,
    dates: readonly CalendarDate[],
  ): Promise<ReadonlyMap<CalendarDate, CalendarDate>> {
    const { calendar } = await this.calendars.current(tx);
    return new Map([...new Set(dates)].map((date) => [date, dueAt(calendar, this.startOf(date).getTime(), 1).lastDay]));
  }

  /** The organisation in whose books the settlement bank and what is not matched yet stand: the first operator. */
  async operator(tx: Transaction): Promise<string> {
    if (this.operatorId === undefined) {
      const [first] = (await this.identity.ofKind('operator', tx)).map(({ id }) => id).sort();
      if (first === undefined) throw new Error('settlement needs an operator organisation');
      this.operatorId = first;
    }
    return this.operatorId;
  }
}
