import type { CalendarDate } from '#kernel';
import { idBytes, idText, type Transaction } from '#platform';

/** A paid fee of which a month is to be earned, held. */
export interface EarningDue {
  readonly id: string;
  readonly chargedMinor: bigint;
  readonly earnMonths: number;
  readonly earnFrom: CalendarDate;
  readonly earnedMinor: bigint;
  readonly earnedMonths: number;
}

interface DueRow {
  readonly id: Buffer;
  readonly charged_minor: string;
  readonly earn_months: number;
  readonly earn_from: CalendarDate;
  readonly earned_minor: string;
  readonly earned_months: number;
}

/** A scheme with a month to be earned until this day; one after the other, by their ids. */
export async function schemeToEarn(
  tx: Transaction,
  until: CalendarDate,
): Promise<{ readonly id: string; readonly currency: string } | undefined> {
  const [row] = await tx.rows<{ id: Buffer; currency: string }>(
    `SELECT s.id, s.currency FROM guarantee_scheme s
     WHERE EXISTS (SELECT 1 FROM guarantee_fee f WHERE f.scheme_id = s.id AND f.next_earn_on <= ?) ORDER BY s.id LIMIT 1`,
    [until],
  );
  return row && { id: idText(row.id), currency: row.currency };
}

/** Takes fees of a scheme with a month to be earned that nobody else holds. */
export async function lockEarningsDue(
  tx: Transaction,
  schemeId: string,
  until: CalendarDate,
  limit: number,
): Promise<readonly EarningDue[]> {
  const rows = await tx.rows<DueRow>(
    `SELECT id, charged_minor, earn_months, earn_from, earned_minor, earned_months FROM guarantee_fee
     WHERE scheme_id = ? AND next_earn_on <= ? ORDER BY next_earn_on, id LIMIT ${limit} FOR UPDATE SKIP LOCKED`,
    [idBytes(schemeId), until],
  );
  return rows.map((row) => ({
    id: idText(row.id),
    chargedMinor: BigInt(row.charged_minor),
    earnMonths: row.earn_months,
    earnFrom: row.earn_from,
    earnedMinor: BigInt(row.earned_minor),
    earnedMonths: row.earned_months,
  }));
}

export interface EarnedFee {
  readonly id: string;
  readonly earnedMinor: bigint;
  readonly earnedMonths: number;
  readonly nextEarnOn: CalendarDate | null;
}

/** Writes what held fees have earned by now, with one statement. */
export async function writeEarned(tx: Transaction, fees: readonly EarnedFee[]): Promise<void> {
  const cases = (value: (fee: EarnedFee) => unknown) => ({
    sql: `CASE id ${fees.map(() => 'WHEN ? THEN ?').join(' ')} END`,
    parameters: fees.flatMap((fee) => [idBytes(fee.id), value(fee)]),
  });
  const [minor, months, next] = [
    cases(({ earnedMinor }) => earnedMinor.toString()),
    cases(({ earnedMonths }) => earnedMonths),
    cases(({ nextEarnOn }) => nextEarnOn),
  ] as const;
  await tx.execute(
    `UPDATE guarantee_fee SET earned_minor = ${minor.sql}, earned_months = ${months.sql}, next_earn_on = ${next.sql}
     WHERE id IN (${fees.map(() => '?').join(',')})`,
    [...minor.parameters, ...months.parameters, ...next.parameters, ...fees.map(({ id }) => idBytes(id))],
  );
}

/** One row of what was earned with time: of a batch, or of the fee whose guarantee ended (then its own id). */
export async function insertEarning(
  tx: Transaction,
  earning: {
    readonly id: string;
    readonly schemeId: string;
    readonly earnedOn: CalendarDate;
    readonly fees: number;
    readonly amountMinor: bigint;
  },
  at: Date,
): Promise<void> {
  await tx.insertRows(
    'guarantee_fee_earning',
    ['id', 'scheme_id', 'earned_on', 'fees', 'amount_minor', 'at'],
    [
      [
        idBytes(earning.id),
        idBytes(earning.schemeId),
        earning.earnedOn,
        earning.fees,
        earning.amountMinor.toString(),
        at,
      ],
    ],
  );
}
