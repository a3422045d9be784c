import { idBytes, idText, type Transaction } from '#platform';
import type { GuaranteeState } from '../domain/guarantee.lifecycle.js';

/** What a report reads and changes of a guarantee, held. Amounts are minor units. */
export interface ReportedGuarantee {
  readonly id: string;
  readonly number: string;
  readonly schemeId: string;
  readonly schemeVersion: number;
  readonly lenderId: string;
  readonly enterpriseId: string;
  readonly sector: string;
  readonly region: string;
  readonly vintage: string;
  readonly currency: string;
  readonly productKind: string;
  readonly state: GuaranteeState;
  readonly loanMinor: bigint;
  readonly coverPercent: string;
  readonly outstandingMinor: bigint;
  readonly balanceMinor: bigint;
  readonly daysPastDue: number;
  readonly disbursedOn: string | null;
  readonly defaultedOn: string | null;
  readonly reportedMonth: string | null;
  readonly noticeReason: string | null;
}

interface Row {
  readonly id: Buffer;
  readonly number: string;
  readonly scheme_id: Buffer;
  readonly scheme_version: number;
  readonly lender_id: Buffer;
  readonly enterprise_id: Buffer;
  readonly sector: string;
  readonly region: string;
  readonly vintage: string;
  readonly currency: string;
  readonly product_kind: string;
  readonly state: GuaranteeState;
  readonly loan_minor: string;
  readonly cover_percent: string;
  readonly outstanding_minor: string;
  readonly balance_minor: string;
  readonly days_past_due: number;
  readonly disbursed_on: string | null;
  readonly defaulted_on: string | null;
  readonly reported_month: string | null;
  readonly notice_reason: string | null;
}

/** Locks a lender's guarantees by their numbers; those that take no reports any more are left out. */
export async function lockReported(
  tx: Transaction,
  lenderId: string,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, ReportedGuarantee>> {
  if (numbers.length === 0) return new Map();
  const rows = await tx.rows<Row>(
    `SELECT id, number, scheme_id, scheme_version, lender_id, enterprise_id, sector, region, vintage, currency, product_kind, state,
       loan_minor, cover_percent, outstanding_minor, balance_minor, days_past_due, disbursed_on, defaulted_on, reported_month, notice_reason
     FROM guarantee WHERE number IN (${numbers.map(() => '?').join(',')}) AND lender_id = ?
       AND state IN ('issued', 'in_force', 'claimed') ORDER BY id FOR UPDATE`,
    [...numbers, idBytes(lenderId)],
  );
  return new Map(
    rows.map((row) => [
      row.number,
      {
        id: idText(row.id),
        number: row.number,
        schemeId: idText(row.scheme_id),
        schemeVersion: row.scheme_version,
        lenderId: idText(row.lender_id),
        enterpriseId: idText(row.enterprise_id),
        sector: row.sector,
        region: row.region,
        vintage: row.vintage,
        currency: row.currency,
        productKind: row.product_kind,
        state: row.state,
        loanMinor: BigInt(row.loan_minor),
        coverPercent: row.cover_percent,
        outstandingMinor: BigInt(row.outstanding_minor),
        balanceMinor: BigInt(row.balance_minor),
        daysPastDue: row.days_past_due,
        disbursedOn: row.disbursed_on,
        defaultedOn: row.defaulted_on,
        reportedMonth: row.reported_month,
        noticeReason: row.notice_reason,
      },
    ]),
  );
}

/** The lines of one month; a later report of the month takes the place of the earlier. */
export async function insertReports(
  tx: Transaction,
  lenderId: string,
  month: string,
  taken: readonly Pick<ReportedGuarantee, 'id' | 'outstandingMinor' | 'daysPastDue'>[],
  by: string,
  now: Date,
): Promise<void> {
  if (taken.length === 0) return;
  await tx.execute(
    `INSERT INTO guarantee_report (guarantee_id, month, lender_id, outstanding_minor, days_past_due, reported_by, reported_at)
     VALUES ${taken.map(() => '(?, ?, ?, ?, ?, ?, ?)').join(',')}
     ON DUPLICATE KEY UPDATE outstanding_minor = VALUES(outstanding_minor), days_past_due = VALUES(days_past_due),
       reported_by = VALUES(reported_by), reported_at = VALUES(reported_at)`,
    taken.flatMap((each) => [
      idBytes(each.id),
      month,
      idBytes(lenderId),
      each.outstandingMinor.toString(),
      each.daysPastDue,
      by,
      now,
    ]),
  );
}

const columns = [
  ['outstanding_minor', (each: ReportedGuarantee) => each.outstandingMinor.toString()],
  ['balance_minor', (each: ReportedGuarantee) => each.balanceMinor.toString()],
  ['days_past_due', (each: ReportedGuarantee) => each.daysPastDue],
  ['defaulted_on', (each: ReportedGuarantee) => each.defaultedOn],
  ['reported_month', (each: ReportedGuarantee) => each.reportedMonth],
  ['notice_reason', (each: ReportedGuarantee) => each.noticeReason],
] as const;

/** Writes the guarantees as the report leaves them, with one statement. */
export async function writeReported(tx: Transaction, taken: readonly ReportedGuarantee[], now: Date): Promise<void> {
  if (taken.length === 0) return;
  const cases = columns.map(([name]) => `${name} = CASE id ${taken.map(() => 'WHEN ? THEN ?').join(' ')} END`);
  await tx.execute(
    `UPDATE guarantee SET ${cases.join(', ')}, notice_at = CASE WHEN notice_reason IS NULL THEN NULL ELSE notice_at END,
       version = version + 1, updated_at = ? WHERE id IN (${taken.map(() => '?').join(',')})`,
    [
      ...columns.flatMap(([, value]) => taken.flatMap((each) => [idBytes(each.id), value(each)])),
      now,
      ...taken.map(({ id }) => idBytes(id)),
    ],
  );
}
