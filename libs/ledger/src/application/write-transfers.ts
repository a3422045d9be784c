import { Inject, Injectable } from '@nestjs/common';
import { type CalendarDate, DomainError, printAmount } from '#kernel';
import { ENVIRONMENT, type Environment, isDuplicateKey, newId, setTimers, type Transaction } from '#platform';
import { countryDate } from '#platform/rulebooks';
import {
  addTotals,
  availableOf,
  type Movement,
  movementsOf,
  noTotals,
  type Totals,
} from '../domain/balance.calculation.js';
import { ledgerError } from '../domain/errors.js';
import { periodOf } from '../domain/period.policy.js';
import type { Line, TransferHeader, TransferReceipt, TransferRecord } from '../domain/transfer.js';
import { addToBalances, lockFloors, putMovements } from '../persistence/balance.store.js';
import { holdPeriods } from '../persistence/period.store.js';
import { insertTransfers, readTransfers, successorsOf } from '../persistence/transfer.store.js';
import { contentHash } from './content-hash.js';

export const expiryTimer = 'ledger.expire_reservation';

/** A transfer that is about to be written, its accounts known. */
export interface TransferPlan
  extends TransferHeader, Pick<TransferRecord, 'kind' | 'subject' | 'lines' | 'expiresAt' | 'resolves' | 'reverses'> {
  /** Lines of the reservation that this transfer resolves: what they hold is released. */
  readonly releases: readonly Line[];
  /** Until when a reservation may be posted; judged by the database's clock. */
  readonly deadline: Date | null;
  /** A refusal that was seen already; a transfer that stands is answered all the same. */
  readonly refusal?: DomainError | undefined;
}

type Made = TransferRecord & { readonly movements: readonly Movement[] };

/**
 * The one place where transfers are written: months held, floors locked by account id and checked, then everything
 * inserted. A refusal leaves nothing behind, because it comes before the first row; a repeated transfer is found by
 * its reference, also when it was written by somebody else a moment ago.
 */
@Injectable()
export class WriteTransfers {
  private day: { readonly quarter: number; readonly date: CalendarDate } | undefined;

  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  /** Writes all of these, or none: each as its own transfer, with a fixed number of statements for any number. */
  async within(tx: Transaction, plans: readonly TransferPlan[]): Promise<TransferReceipt[]> {
    const receipts = new Map<string, TransferReceipt>();
    let open = onePerReference(plans);
    while (open.length > 0) {
      const refusal = await this.attempt(tx, open, receipts);
      if (refusal === undefined) break;
      const stands = await this.standing(tx, open);
      if (stands.size === 0) throw refusal === 'taken' ? await this.takenBy(tx, open) : refusal;
      for (const [reference, receipt] of stands) receipts.set(reference, receipt);
      open = open.filter(({ reference }) => !stands.has(reference));
    }
    return plans.map(({ reference }) => receipts.get(reference) as TransferReceipt);
  }

  private async attempt(
    tx: Transaction,
    plans: readonly TransferPlan[],
    receipts: Map<string, TransferReceipt>,
  ): Promise<DomainError | 'taken' | undefined> {
    const refused = plans.find(({ refusal }) => refusal !== undefined)?.refusal;
    if (refused) return refused;
    const now = await tx.now();
    const today = this.bookDay(now);
    const closed = await this.closedPeriod(tx, plans, today);
    if (closed) return closed;
    const made = plans.map((plan) => materialise(plan, plan.bookDate ?? today, now));
    const floors = floorChanges(made);
    const insufficient = await checkFloors(tx, floors);
    if (insufficient) return insufficient;
    const late = await lateReservation(tx, plans);
    if (late) return late;
    try {
      await insertTransfers(tx, made);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return 'taken';
    }
    await putMovements(
      tx,
      made.flatMap(({ id, movements }) =>
        movements.filter(({ account }) => !account.floor).map((movement) => ({ ...movement, transferId: id })),
      ),
    );
    await addToBalances(
      tx,
      floors.map(({ account, change }) => ({ accountId: account.id, change })),
    );
    const timers = made.flatMap(({ id, expiresAt }) =>
      expiresAt ? [{ kind: expiryTimer, subjectId: id, dueAt: expiresAt }] : [],
    );
    await setTimers(tx, timers);
    for (const { id, reference } of made) receipts.set(reference, { transferId: id, reference, replayed: false });
    return undefined;
  }

  /** The day of the books at `now`; remembered for its quarter of an hour, in which no time zone changes its day. */
  private bookDay(now: Date): CalendarDate {
    const quarter = Math.floor(now.getTime() / 900_000);
    if (this.day?.quarter !== quarter) this.day = { quarter, date: countryDate(this.environment.country, now) };
    return this.day.date;
  }

  private async closedPeriod(
    tx: Transaction,
    plans: readonly TransferPlan[],
    today: CalendarDate,
  ): Promise<DomainError | undefined> {
    const ahead = plans.find(({ bookDate }) => bookDate !== undefined && bookDate > today);
    if (ahead) {
      return ledgerError('ledger_input_invalid', {
        detail: `/bookDate: ${String(ahead.bookDate)} is after today, ${today}.`,
        fields: [{ pointer: '/bookDate', rule: 'not_ahead', message: `must not be after ${today}` }],
      });
    }
    const held = await holdPeriods(
      tx,
      plans.map(({ bookDate }) => periodOf(bookDate ?? today)),
    );
    const closed = held.find(({ state }) => state === 'closed');
    return (
      closed &&
      ledgerError('ledger_period_closed', { detail: `${closed.period} is closed.`, data: { period: closed.period } })
    );
  }

  /** Those of the plans that stand in the ledger already, with the same content. Refuses a reference that stands for another. */
  private async standing(tx: Transaction, plans: readonly TransferPlan[]): Promise<Map<string, TransferReceipt>> {
    const found = await readTransfers(
      (sql, parameters) => tx.rows(sql, parameters),
      `WHERE t.reference IN (${plans.map(() => '?').join(',')})`,
      plans.map(({ reference }) => reference),
    );
    const byReference = new Map(plans.map((plan) => [plan.reference, plan]));
    for (const stands of found) {
      const { bookDate, ...plan } = byReference.get(stands.reference) as TransferPlan;
      const again = contentHash({ ...plan, bookDate: bookDate ?? stands.bookDate, postedAt: stands.postedAt });
      if (!again.equals(stands.hash)) {
        throw ledgerError('ledger_reference_reused', {
          detail: `${stands.reference} stands for a transfer with other content.`,
          data: { transferId: stands.id },
        });
      }
    }
    return new Map(found.map(({ id, reference }) => [reference, { transferId: id, reference, replayed: true }]));
  }

  /** A unique key refused, and no reference is taken: another transfer resolved or reversed the same one first. */
  private async takenBy(tx: Transaction, plans: readonly TransferPlan[]): Promise<DomainError> {
    const read = <Row extends object>(sql: string, parameters?: readonly unknown[]) => tx.rows<Row>(sql, parameters);
    const resolved = await successorsOf(
      read,
      'resolves_id',
      plans.flatMap(({ resolves }) => resolves ?? []),
    );
    const [first] = resolved.values();
    if (first) return ledgerError('ledger_reservation_resolved', { data: { kind: first.kind, transferId: first.id } });
    const reversed = await successorsOf(
      read,
      'reverses_id',
      plans.flatMap(({ reverses }) => reverses ?? []),
    );
    const [reversal] = reversed.values();
    return ledgerError('ledger_already_reversed', { data: { transferId: reversal?.id ?? null } });
  }
}

/** Two plans of one reference are one when they say the same; a twin is dropped. */
function onePerReference(plans: readonly TransferPlan[]): TransferPlan[] {
  const byReference = new Map<string, TransferPlan>();
  const epoch = new Date(0);
  const hashOf = (plan: TransferPlan) =>
    contentHash({ ...plan, bookDate: plan.bookDate ?? ('' as CalendarDate), postedAt: epoch });
  for (const plan of plans) {
    const twin = byReference.get(plan.reference);
    if (twin && !hashOf(twin).equals(hashOf(plan))) {
      throw ledgerError('ledger_reference_reused', { detail: `${plan.reference} was given twice for two transfers.` });
    }
    byReference.set(plan.reference, twin ?? plan);
  }
  return [...byReference.values()];
}

function materialise(plan: TransferPlan, bookDate: CalendarDate, now: Date): Made {
  const { reference, description, kind, subject, lines, expiresAt, resolves, reverses, releases } = plan;
  const said = { reference, description, kind, subject, lines, expiresAt, resolves, reverses, bookDate, postedAt: now };
  return { ...said, id: newId(), hash: contentHash(said), movements: movementsOf(kind, lines, releases) };
}

/** The sum of changes on each account with a floor, by account id. */
function floorChanges(made: readonly Made[]): Movement[] {
  const changes = new Map<string, Movement>();
  for (const movement of made.flatMap(({ movements }) => movements)) {
    if (!movement.account.floor) continue;
    const before: Totals = changes.get(movement.account.id)?.change ?? noTotals;
    changes.set(movement.account.id, { ...movement, change: addTotals(before, movement.change) });
  }
  return [...changes.values()].sort((one, other) => (one.account.id < other.account.id ? -1 : 1));
}

/** Locks the accounts with a floor and says which would fall below it. */
async function checkFloors(tx: Transaction, floors: readonly Movement[]): Promise<DomainError | undefined> {
  const locked = await lockFloors(
    tx,
    floors.map(({ account }) => account.id),
  );
  for (const { account, currency, change } of floors) {
    const before = locked.get(account.id) ?? noTotals;
    const after = availableOf(account.normal, addTotals(before, change));
    if (after >= 0n) continue;
    const available = printAmount({ minor: availableOf(account.normal, before), currency });
    return ledgerError('ledger_funds_insufficient', {
      detail: `${account.purpose} has ${available} ${currency} available, ${printAmount({ minor: -after, currency })} too little.`,
      data: { accountId: account.id, purpose: account.purpose, available, currency },
    });
  }
  return undefined;
}

/** Judged by the database's time after the locks: a wait must not carry a reservation over its end. */
async function lateReservation(tx: Transaction, plans: readonly TransferPlan[]): Promise<DomainError | undefined> {
  const deadlines = plans.flatMap(({ deadline }) => deadline ?? []);
  if (deadlines.length === 0) return undefined;
  const now = await tx.now();
  const passed = deadlines.find((deadline) => deadline <= now);
  return passed && ledgerError('ledger_reservation_expired', { data: { expiredAt: passed.toISOString() } });
}
