import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type MoneyJson, moneyToJson } from '#kernel';
import { idBytes } from '#platform';
import { csvLine } from '../domain/figures-csv.js';
import { hiddenCells } from '../domain/small-cells.policy.js';
import { ClaimRules } from './claim-rules.js';
import { SchemeAccess } from './scheme-access.js';

/** What is counted each month. */
export const figureMeasures = [
  'applications_declined',
  'guarantees_issued',
  'fees_billed',
  'claims_notified',
  'claims_paid',
  'recoveries',
] as const;
export type FigureMeasure = (typeof figureMeasures)[number];

/** One published cell; null where so few records stand behind it that single firms would show. */
export interface PublishedCell {
  readonly count: number | null;
  readonly amount: MoneyJson | null;
}

interface CountRow {
  readonly key: string;
  readonly n: string;
  readonly amount: string;
}

const monthOf = (column: string) => `LEFT(CAST(${column} AS CHAR), 7)`;

/** The statement behind each measure: month, count and amount, of one scheme and year. */
const monthly: Readonly<Record<FigureMeasure, string>> = {
  applications_declined: `SELECT ${monthOf('decided_at')} AS \`key\`, COUNT(*) AS n, SUM(guaranteed_minor) AS amount FROM guarantee_application
    WHERE scheme_id = ? AND status = 'declined' AND decided_at >= ? AND decided_at < ? GROUP BY \`key\``,
  guarantees_issued: `SELECT ${monthOf('issued_at')} AS \`key\`, COUNT(*) AS n, SUM(guaranteed_minor) AS amount FROM guarantee
    WHERE scheme_id = ? AND issued_at >= ? AND issued_at < ? GROUP BY \`key\``,
  fees_billed: `SELECT ${monthOf('billed_at')} AS \`key\`, COUNT(*) AS n, SUM(charged_minor) AS amount FROM guarantee_fee
    WHERE scheme_id = ? AND status <> 'waived' AND billed_at >= ? AND billed_at < ? GROUP BY \`key\``,
  claims_notified: `SELECT ${monthOf('created_at')} AS \`key\`, COUNT(*) AS n, SUM(computed_minor) AS amount FROM guarantee_claim
    WHERE scheme_id = ? AND created_at >= ? AND created_at < ? GROUP BY \`key\``,
  claims_paid: `SELECT ${monthOf('paid_at')} AS \`key\`, COUNT(*) AS n, SUM(paid_minor) AS amount FROM guarantee_claim
    WHERE scheme_id = ? AND paid_at >= ? AND paid_at < ? GROUP BY \`key\``,
  recoveries: `SELECT LEFT(received_on, 7) AS \`key\`, COUNT(*) AS n, SUM(gross_minor - costs_minor) AS amount FROM claim_recovery
    WHERE scheme_id = ? AND status = 'confirmed' AND received_on >= ? AND received_on < ? GROUP BY \`key\``,
};

/** The fees billed in a year by what has become of them until now; all null where few stand behind them. */
export interface PublishedFees {
  readonly count: number | null;
  readonly charged: MoneyJson | null;
  readonly earned: MoneyJson | null;
  /** Paid for months to come, or not paid yet. */
  readonly unearned: MoneyJson | null;
  readonly refunded: MoneyJson | null;
}

const feeParts = ['charged', 'earned', 'unearned', 'refunded'] as const;

/** The figures of a scheme that everybody may read. Small cells are hidden, and those from which they would follow. */
@Injectable()
export class SchemeFiguresReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: SchemeAccess,
    private readonly rules: ClaimRules,
  ) {}

  /** The months of one year with their total, and the portfolio of this moment by sector and region. */
  async figures(schemeId: string, year: number) {
    const { code, names, currency, status } = await this.access.opened(schemeId);
    const { smallestCell } = this.rules.book;
    const months = Array.from({ length: 12 }, (_, at) => `${year}-${String(at + 1).padStart(2, '0')}`);
    const measures = await Promise.all(
      figureMeasures.map(async (measure) => {
        const rows = await this.rows(monthly[measure], [idBytes(schemeId), `${year}-01-01`, `${year + 1}-01-01`]);
        return { measure, ...published(months, rows, smallestCell, currency) };
      }),
    );
    const portfolio = await Promise.all(
      (['sector', 'region'] as const).map(async (by) => {
        const rows = await this.rows(
          `SELECT ${by} AS \`key\`, COUNT(*) AS n, SUM(balance_minor) AS amount FROM guarantee
           WHERE scheme_id = ? AND state IN ('issued','in_force','claimed') GROUP BY ${by}`,
          [idBytes(schemeId)],
        );
        const keys = rows.map(({ key }) => key).sort();
        const { cells, total } = published(keys, rows, smallestCell, currency);
        return { by, items: keys.map((key, at) => ({ key, ...(cells[at] as PublishedCell) })), total };
      }),
    );
    return {
      schemeId,
      code,
      names,
      status,
      currency,
      year,
      smallestCell,
      months: months.map((month, at) => ({
        month,
        ...(Object.fromEntries(measures.map(({ measure, cells }) => [measure, cells[at] as PublishedCell])) as Record<
          FigureMeasure,
          PublishedCell
        >),
      })),
      totals: Object.fromEntries(measures.map(({ measure, total }) => [measure, total])) as Record<
        FigureMeasure,
        PublishedCell
      >,
      fees: await this.fees(schemeId, year, smallestCell, currency),
      portfolio,
    };
  }

  private async fees(schemeId: string, year: number, smallest: number, currency: string): Promise<PublishedFees> {
    const [row] = await this.dataSource.query<Record<'n' | 'charged' | 'earned' | 'refunded', string>[]>(
      `SELECT COUNT(*) AS n, COALESCE(SUM(charged_minor), 0) AS charged, COALESCE(SUM(refunded_minor), 0) AS refunded,
         COALESCE(SUM(CASE WHEN earn_months IS NULL THEN charged_minor - refunded_minor ELSE earned_minor END), 0) AS earned
       FROM guarantee_fee WHERE scheme_id = ? AND status <> 'waived' AND billed_at >= ? AND billed_at < ?`,
      [idBytes(schemeId), `${year}-01-01`, `${year + 1}-01-01`],
    );
    const count = Number(row?.n);
    if (count > 0 && count < smallest)
      return { count: null, charged: null, earned: null, unearned: null, refunded: null };
    const of = (name: 'charged' | 'earned' | 'refunded') => BigInt(row?.[name] ?? 0);
    const money = (minor: bigint) => moneyToJson({ minor, currency });
    return {
      count,
      charged: money(of('charged')),
      earned: money(of('earned')),
      unearned: money(of('charged') - of('earned') - of('refunded')),
      refunded: money(of('refunded')),
    };
  }

  /** The same as a table for a spreadsheet. An empty cell is hidden, not zero. */
  async csv(schemeId: string, year: number): Promise<string> {
    const { months, totals, fees, portfolio, currency } = await this.figures(schemeId, year);
    const line = (group: string, key: string, measure: string, { count, amount }: PublishedCell) =>
      csvLine([group, key, measure, count, amount?.amount ?? null, currency]);
    return [
      csvLine(['group', 'key', 'measure', 'count', 'amount', 'currency']),
      ...months.flatMap((month) =>
        figureMeasures.map((measure) => line('month', month.month, measure, month[measure])),
      ),
      ...figureMeasures.map((measure) => line('year', String(year), measure, totals[measure])),
      ...feeParts.map((part) => line('year', String(year), `fees_${part}`, { count: fees.count, amount: fees[part] })),
      ...portfolio.flatMap(({ by, items, total }) => [
        ...items.map((item) => line(by, item.key, 'portfolio', item)),
        line(by, 'total', 'portfolio', total),
      ]),
    ].join('');
  }

  private async rows(sql: string, parameters: readonly unknown[]): Promise<CountRow[]> {
    return this.dataSource.query<CountRow[]>(sql, [...parameters]);
  }
}

/** The cells of one row of a published table with its total, small ones hidden. */
function published(
  keys: readonly string[],
  rows: readonly CountRow[],
  smallest: number,
  currency: string,
): { cells: PublishedCell[]; total: PublishedCell } {
  const found = keys.map((key) => rows.find((row) => row.key === key));
  const counted = found.map((row) => ({ count: Number(row?.n ?? 0) }));
  const sum = counted.reduce((total, { count }) => total + count, 0);
  // A total of few records is hidden like any cell; then nothing follows by subtraction.
  const totalIsShown = sum === 0 || sum >= smallest;
  const hidden = hiddenCells(counted, smallest, totalIsShown);
  const amount = (minor: bigint) => moneyToJson({ minor, currency });
  const cells = found.map((row, at) =>
    hidden[at]
      ? { count: null, amount: null }
      : { count: Number(row?.n ?? 0), amount: amount(BigInt(row?.amount ?? '0')) },
  );
  const whole = rows.reduce((total, row) => total + (keys.includes(row.key) ? BigInt(row.amount) : 0n), 0n);
  // Only one key with records: its cell would be the total, whatever is hidden.
  const alone = hidden.some(Boolean) && counted.filter(({ count }, at) => count > 0 && hidden[at]).length === 1;
  return {
    cells,
    total: totalIsShown && !alone ? { count: sum, amount: amount(whole) } : { count: null, amount: null },
  };
}
