import type { CalendarDate, Grade } from '#kernel';
import { idBytes, idText, type Transaction } from '#platform';
import type { FeeInputs } from '../domain/guarantee.js';

/** A guarantee whose yearly fee is due, held. */
export interface FeeDue {
  readonly id: string;
  readonly schemeId: string;
  readonly schemeVersion: number;
  readonly lenderId: string;
  readonly currency: string;
  readonly outstandingMinor: bigint;
  readonly guaranteedMinor: bigint;
  readonly balanceMinor: bigint;
  readonly grade: Grade | null;
  readonly disbursedOn: CalendarDate;
  readonly nextFeeOn: CalendarDate;
  readonly endsOn: CalendarDate;
}

interface DueRow {
  readonly id: Buffer;
  readonly scheme_version: number;
  readonly lender_id: Buffer;
  readonly currency: string;
  readonly outstanding_minor: string;
  readonly guaranteed_minor: string;
  readonly balance_minor: string;
  readonly grade: Grade | null;
  readonly disbursed_on: CalendarDate;
  readonly next_fee_on: CalendarDate;
  readonly ends_on: CalendarDate;
}

/** Takes guarantees with a fee due that nobody else holds. */
export async function lockFeesDue(
  tx: Transaction,
  schemeId: string,
  until: string,
  limit: number,
): Promise<readonly FeeDue[]> {
  const rows = await tx.rows<DueRow>(
    `SELECT id, scheme_version, lender_id, currency, outstanding_minor, guaranteed_minor, balance_minor, grade, disbursed_on, next_fee_on, ends_on
     FROM guarantee WHERE scheme_id = ? AND state = 'in_force' AND next_fee_on <= ?
     ORDER BY next_fee_on, id LIMIT ${limit} FOR UPDATE SKIP LOCKED`,
    [idBytes(schemeId), until],
  );
  return rows.map((row) => ({
    id: idText(row.id),
    schemeId,
    schemeVersion: row.scheme_version,
    lenderId: idText(row.lender_id),
    currency: row.currency,
    outstandingMinor: BigInt(row.outstanding_minor),
    guaranteedMinor: BigInt(row.guaranteed_minor),
    balanceMinor: BigInt(row.balance_minor),
    grade: row.grade,
    disbursedOn: row.disbursed_on,
    nextFeeOn: row.next_fee_on,
    endsOn: row.ends_on,
  }));
}

export interface NewFee {
  readonly id: string;
  readonly guaranteeId: string;
  readonly schemeId: string;
  readonly lenderId: string;
  readonly year: number;
  readonly currency: string;
  readonly inputs: FeeInputs;
  readonly publishedMinor: bigint;
  readonly chargedMinor: bigint;
  /** Months over which it is earned; null: at once. */
  readonly earnMonths: number | null;
  readonly dueOn: string;
}

/** Billed fees, with one statement; a second one of a guarantee and year is refused by its key. */
export async function insertFees(tx: Transaction, fees: readonly NewFee[], now: Date): Promise<void> {
  await tx.insertRows(
    'guarantee_fee',
    [
      'id',
      'guarantee_id',
      'scheme_id',
      'lender_id',
      'year',
      'currency',
      'inputs',
      'published_minor',
      'charged_minor',
      'earn_months',
      'status',
      'due_on',
      'billed_at',
    ],
    fees.map((fee) => [
      idBytes(fee.id),
      idBytes(fee.guaranteeId),
      idBytes(fee.schemeId),
      idBytes(fee.lenderId),
      fee.year,
      fee.currency,
      JSON.stringify(fee.inputs),
      fee.publishedMinor.toString(),
      fee.chargedMinor.toString(),
      fee.earnMonths,
      'billed',
      fee.dueOn,
      now,
    ]),
  );
}

/** Moves guarantees to the day of their next fee: a statement for each such day, of which a chunk has few. */
export async function moveFeeDays(
  tx: Transaction,
  moved: readonly { readonly id: string; readonly nextFeeOn: string | null }[],
  now: Date,
): Promise<void> {
  const byDay = new Map<string | null, string[]>();
  for (const { id, nextFeeOn } of moved) {
    const same = byDay.get(nextFeeOn);
    if (same) same.push(id);
    else byDay.set(nextFeeOn, [id]);
  }
  for (const [day, ids] of byDay)
    await tx.execute(
      `UPDATE guarantee SET next_fee_on = ?, version = version + 1, updated_at = ? WHERE id IN (${ids.map(() => '?').join(',')})`,
      [day, now, ...ids.map(idBytes)],
    );
}
