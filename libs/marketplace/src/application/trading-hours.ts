import { Injectable } from '@nestjs/common';
import { addWorkingDays, addWorkingTime, dueAt, localDate, type WorkingCalendar } from '#finance';
import type { CalendarDate, ProductKind } from '#kernel';
import type { Transaction } from '#platform';
import { BusinessCalendars } from '#review';
import { marketplaceError } from '../domain/errors.js';
import { marketHours } from '../domain/market-hours.policy.js';
import type { MarketRules } from '../domain/market-rules.js';
import { isReceivableProduct } from '../domain/receivable-request.policy.js';

/** The opening hours of the market for receivables; loans are offered at any time. */
@Injectable()
export class TradingHours {
  constructor(private readonly calendars: BusinessCalendars) {}

  /** Refuses a bid outside the hours and says when they begin next. */
  async assertOpen(tx: Transaction, product: ProductKind, now: Date): Promise<void> {
    if (!isReceivableProduct(product)) return;
    const opensAt = await this.opensAt(tx, now);
    if (opensAt)
      throw marketplaceError('market_closed', {
        detail: `The market for receivables opens at ${opensAt.toISOString()}.`,
        data: { opensAt: opensAt.toISOString() },
      });
  }

  /** When the market opens next; undefined while it is open. */
  async opensAt(tx: Transaction, now: Date): Promise<Date | undefined> {
    const hours = marketHours((await this.calendars.current(tx)).calendar, now);
    return hours.open ? undefined : hours.opensAt;
  }
}

/**
 * When the competition for a request ends that opens `now`, and until when its enterprise decides. On a guaranteed candidate on receivables
 * it has a loan's time: a guarantor reviews before a bid with a guarantee can be accepted.
 */
export function competitionTimes(
  calendar: WorkingCalendar,
  now: Date,
  rules: MarketRules,
  product: ProductKind,
  guaranteed = false,
): { readonly closesAt: Date; readonly decideBy: Date } {
  const receivable = isReceivableProduct(product);
  const closesAt = receivable
    ? addWorkingTime(calendar, now.getTime(), rules.receivables.biddingWorkingHours * 3_600_000)
    : dueAt(calendar, now.getTime(), rules.biddingWorkingDays).dueAt;
  const days = receivable && !guaranteed ? rules.receivables.decideWorkingDays : rules.decideWorkingDays;
  return { closesAt: new Date(closesAt), decideBy: new Date(dueAt(calendar, closesAt + 1, days).dueAt) };
}

/** The day on which an acceptance of `at` is settled: the next working day (T+1). */
export function settlementDay(calendar: WorkingCalendar, at: Date): CalendarDate {
  return addWorkingDays(calendar, localDate(calendar.definition.timeZone, at.getTime()), 1);
}
