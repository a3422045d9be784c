import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { moneyToJson } from '#kernel';
import { Ledger, LedgerReader, schemeAccount } from '#ledger';
import {
  type Actor,
  type CommandContext,
  idBytes,
  idText,
  isDuplicateKey,
  newId,
  systemContext,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { claimError } from '../domain/claim-errors.js';
import { expectedLoss, type ProvisionLine, totalExpected } from '../domain/expected-loss.calculation.js';
import { percentOfPpm } from '../domain/share.js';
import type { GuaranteeScheme } from '../persistence/entities.js';
import { exposuresOf } from '../persistence/risk.query.js';
import { Capacity } from './capacity.js';
import { ClaimRules } from './claim-rules.js';
import { SchemeAccess } from './scheme-access.js';
import { SchemeBook } from './scheme-book.js';

export interface ProvisionRunView {
  readonly id: string;
  readonly schemeId: string;
  readonly month: string;
  readonly book: { readonly id: string; readonly version: string };
  readonly guarantees: number;
  readonly exposure: { readonly amount: string; readonly currency: string };
  readonly before: { readonly amount: string; readonly currency: string };
  readonly expected: { readonly amount: string; readonly currency: string };
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly ranAt: Date;
}

/** The month before `YYYY-MM`. */
export function monthBefore(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`;
}

/**
 * The monthly provision of a scheme: expected loss by grade and stage, posted as the difference to what is provided for. A higher provision
 * lowers headroom at once, a lower one raises it.
 */
@Injectable()
export class RunProvision {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly schemes: SchemeBook,
    private readonly access: SchemeAccess,
    private readonly rules: ClaimRules,
    private readonly capacity: Capacity,
    private readonly reader: LedgerReader,
    private readonly ledger: Ledger,
  ) {}

  async execute(context: CommandContext, schemeId: string, month: string): Promise<ProvisionRunView> {
    return this.unitOfWork.run(context, async (tx) => this.within(tx, await this.schemes.lockOwn(tx, schemeId), month));
  }

  /** Posts last month's provision of one scheme that has none yet; returns how many were done. For the worker's loop. */
  async nextDue(): Promise<number> {
    return this.unitOfWork.run(systemContext('guarantee.provision'), async (tx) => {
      const month = monthBefore(countryDate(this.rules.country, await tx.now()).slice(0, 7));
      const [row] = await tx.rows<{ id: Buffer }>(
        `SELECT s.id FROM guarantee_scheme s WHERE s.status <> 'draft' AND LEFT(CAST(s.created_at AS CHAR), 7) <= ?
           AND NOT EXISTS (SELECT 1 FROM scheme_provision_run r WHERE r.scheme_id = s.id AND r.month >= ?)
         ORDER BY s.id LIMIT 1 FOR UPDATE SKIP LOCKED`,
        [month, month],
      );
      if (!row) return 0;
      await this.within(tx, await this.schemes.scheme(tx, idText(row.id)), month);
      return 1;
    });
  }

  async within(tx: Transaction, { id: schemeId, currency }: GuaranteeScheme, month: string): Promise<ProvisionRunView> {
    const now = await tx.now();
    const present = countryDate(this.rules.country, now).slice(0, 7);
    const [last] = await tx.rows<{ month: string | null }>(
      'SELECT MAX(month) AS month FROM scheme_provision_run WHERE scheme_id = ?',
      [idBytes(schemeId)],
    );
    if (last?.month === month) throw claimError('provision_run_exists');
    if ((month !== present && month !== monthBefore(present)) || (last?.month && last.month > month))
      throw claimError('provision_month_invalid', { data: { months: [monthBefore(present), present] } });
    // The hot row before the exposures are read, so that what they add up to is what the provision lowers.
    await this.capacity.lock(tx, schemeId);
    const { book } = this.rules;
    const exposures = await exposuresOf((sql, parameters) => tx.rows(sql, parameters), schemeId, book.losses);
    const lines = expectedLoss(exposures, book.losses);
    const account = schemeAccount(schemeId, 'provision');
    const { balance: before } = await this.reader.figures(account, currency, tx);
    const expected = totalExpected(lines);
    const id = newId();
    const transferId = await this.post(tx, { id, schemeId, currency, month }, expected - before);
    const exposure = lines.reduce((sum, { guaranteedMinor }) => sum + guaranteedMinor, 0n);
    const guarantees = lines.reduce((sum, line) => sum + line.guarantees, 0);
    const printed = lines.map((line) => printedLine(line, currency));
    await tx
      .insertRows(
        'scheme_provision_run',
        [
          'id',
          'scheme_id',
          'month',
          'currency',
          'book_id',
          'book_version',
          'guarantees',
          'exposure_minor',
          'lines_of',
          'before_minor',
          'expected_minor',
          'transfer_id',
          'ran_by',
          'ran_at',
        ],
        [
          [
            idBytes(id),
            idBytes(schemeId),
            month,
            currency,
            book.id,
            book.version,
            guarantees,
            exposure.toString(),
            JSON.stringify(printed),
            before.toString(),
            expected.toString(),
            transferId && idBytes(transferId),
            tx.context.actor.id,
            now,
          ],
        ],
      )
      .catch((error: unknown) => {
        throw isDuplicateKey(error) ? claimError('provision_run_exists') : error;
      });
    tx.audit({
      action: 'scheme_provision.run',
      subjectType: 'guarantee_scheme',
      subjectId: schemeId,
      data: { month, before: before.toString(), expected: expected.toString(), book: book.version },
    });
    const money = (minor: bigint) => moneyToJson({ minor, currency });
    return {
      id,
      schemeId,
      month,
      book: { id: book.id, version: book.version },
      guarantees,
      exposure: money(exposure),
      before: money(before),
      expected: money(expected),
      lines: printed,
      ranAt: now,
    };
  }

  private async post(
    tx: Transaction,
    { id, schemeId, currency, month }: { id: string; schemeId: string; currency: string; month: string },
    change: bigint,
  ): Promise<string | null> {
    if (change === 0n) return null;
    const provision = schemeAccount(schemeId, 'provision');
    const expense = schemeAccount(schemeId, 'provision_expense');
    if (change > 0n) await this.capacity.lowerBase(tx, schemeId, change);
    else await this.capacity.raiseBase(tx, schemeId, -change, schemeId);
    const { transferId } = await this.ledger.post(tx, {
      reference: `guarantee.provision:${schemeId}:${month}`,
      description: `Provision of ${month}`,
      subject: { type: 'scheme_provision_run', id },
      postings: [
        change > 0n
          ? { debit: expense, credit: provision, amount: change, currency }
          : { debit: provision, credit: expense, amount: -change, currency },
      ],
    });
    return transferId;
  }

  /** The runs of a scheme, newest first; for its guarantor and the supervisor. */
  async list(actor: Actor, schemeId: string): Promise<{ items: ProvisionRunView[]; nextCursor: null }> {
    await this.access.own(actor, schemeId);
    const rows = await this.dataSource.query<Record<string, never>[]>(
      'SELECT * FROM scheme_provision_run WHERE scheme_id = ? ORDER BY month DESC LIMIT 120',
      [idBytes(schemeId)],
    );
    return { items: rows.map(runView), nextCursor: null };
  }
}

function printedLine(line: ProvisionLine, currency: string) {
  const money = (minor: bigint) => moneyToJson({ minor, currency });
  return {
    grade: line.grade,
    stage: line.stage,
    guarantees: line.guarantees,
    guaranteed: money(line.guaranteedMinor),
    pdPercent: percentOfPpm(line.pd),
    lgdPercent: percentOfPpm(line.lgd),
    expectedLoss: money(line.expectedLossMinor),
  };
}

function runView(row: Record<string, unknown>): ProvisionRunView {
  const currency = row['currency'] as string;
  const money = (name: string) => moneyToJson({ minor: BigInt(row[name] as string), currency });
  const lines = row['lines_of'];
  return {
    id: idText(row['id'] as Buffer),
    schemeId: idText(row['scheme_id'] as Buffer),
    month: row['month'] as string,
    book: { id: row['book_id'] as string, version: row['book_version'] as string },
    guarantees: Number(row['guarantees']),
    exposure: money('exposure_minor'),
    before: money('before_minor'),
    expected: money('expected_minor'),
    lines: (typeof lines === 'string' ? JSON.parse(lines) : lines) as ProvisionRunView['lines'],
    ranAt: row['ran_at'] as Date,
  };
}
