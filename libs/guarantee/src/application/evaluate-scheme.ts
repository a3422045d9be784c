import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EnterpriseReader, type YearlyFigures } from '#enterprises';
import { moneyToJson, printAmount } from '#kernel';
import {
  type Actor,
  type CommandContext,
  DocumentStore,
  httpError,
  idBytes,
  idText,
  newId,
  sniffMediaType,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { compareCohorts } from '../domain/cohort.calculation.js';
import { claimError } from '../domain/claim-errors.js';
import { guaranteeError } from '../domain/errors.js';
import { percentOfPpm, shareOf } from '../domain/share.js';
import { isTooFew } from '../domain/small-cells.policy.js';
import { ClaimRules } from './claim-rules.js';
import { assertPersonActs } from './claim-steps.js';
import { SchemeAccess } from './scheme-access.js';
import { SchemeBook } from './scheme-book.js';

export interface EvaluationView {
  readonly schemeId: string;
  readonly year: number;
  readonly status: string;
  readonly figures: Readonly<Record<string, unknown>>;
  readonly findings: string;
  readonly auditReport: { readonly name: string; readonly sha256: string } | null;
  readonly publishedAt: Date | null;
}

interface Row {
  readonly year: number;
  readonly status: string;
  readonly figures: string | Readonly<Record<string, unknown>>;
  readonly findings: string;
  readonly audit_report_checksum: Buffer | null;
  readonly audit_report_name: string | null;
  readonly prepared_by: string;
  readonly published_at: Date | null;
}

/**
 * The yearly evaluation of a scheme: outreach, sustainability and additionality in figures, findings in words, published by a second
 * person and then never changed.
 */
@Injectable()
export class EvaluateScheme {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly schemes: SchemeBook,
    private readonly access: SchemeAccess,
    private readonly enterprises: EnterpriseReader,
    private readonly rules: ClaimRules,
    private readonly documents: DocumentStore,
  ) {}

  /** Computes the figures of a year that is over; prepared again, they replace the draft. */
  async prepare(context: CommandContext, schemeId: string, year: number, findings: string): Promise<EvaluationView> {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.schemes.lockOwn(tx, schemeId);
      const now = await tx.now();
      if (year >= Number(countryDate(this.rules.country, now).slice(0, 4))) throw claimError('evaluation_year_open');
      const existing = await this.find(tx, schemeId, year);
      if (existing?.status === 'published') throw claimError('evaluation_exists');
      const figures = await this.figures(tx, schemeId, year, scheme.currency);
      await tx.execute(
        `INSERT INTO scheme_evaluation (id, scheme_id, year, status, figures, findings, prepared_by, prepared_at) VALUES (?, ?, ?, 'draft', ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE figures = VALUES(figures), findings = VALUES(findings), prepared_by = VALUES(prepared_by), prepared_at = VALUES(prepared_at)`,
        [idBytes(newId()), idBytes(schemeId), year, JSON.stringify(figures), findings, context.actor.id, now],
      );
      this.record(tx, schemeId, 'prepare', year);
      return viewOf(schemeId, (await this.find(tx, schemeId, year)) as Row);
    });
  }

  /** Attaches the report of the external auditor to a draft. */
  async attachAudit(
    context: CommandContext,
    schemeId: string,
    year: number,
    name: string,
    content: Buffer,
  ): Promise<EvaluationView> {
    const isPdf = Buffer.isBuffer(content) && sniffMediaType(content) === 'application/pdf';
    const checksum = isPdf ? await this.documents.put(content) : '';
    return this.unitOfWork.run(context, async (tx) => {
      await this.schemes.lockOwn(tx, schemeId);
      const draft = await this.draft(tx, schemeId, year);
      if (!isPdf)
        throw httpError('input_invalid', { fields: [{ pointer: '', rule: 'file', message: 'must be a PDF' }] });
      const held = { audit_report_checksum: Buffer.from(checksum, 'hex'), audit_report_name: name };
      await tx.execute(
        'UPDATE scheme_evaluation SET audit_report_checksum = ?, audit_report_name = ? WHERE scheme_id = ? AND year = ?',
        [held.audit_report_checksum, name, idBytes(schemeId), year],
      );
      this.record(tx, schemeId, 'attach_audit', year);
      return viewOf(schemeId, { ...draft, ...held });
    });
  }

  /** Published by another person than the one who prepared it. */
  async publish(context: CommandContext, schemeId: string, year: number): Promise<EvaluationView> {
    return this.unitOfWork.run(context, async (tx) => {
      await this.schemes.lockOwn(tx, schemeId);
      assertPersonActs(context.actor);
      const draft = await this.draft(tx, schemeId, year);
      if (draft.prepared_by === context.actor.id) throw guaranteeError('scheme_two_people');
      const now = await tx.now();
      await tx.execute(
        "UPDATE scheme_evaluation SET status = 'published', published_by = ?, published_at = ? WHERE scheme_id = ? AND year = ?",
        [context.actor.id, now, idBytes(schemeId), year],
      );
      this.record(tx, schemeId, 'publish', year);
      return viewOf(schemeId, { ...draft, status: 'published', published_at: now });
    });
  }

  /** Published evaluations, newest first, for everybody; the guarantor and the supervisor also see drafts. */
  async list(schemeId: string, actor?: Actor): Promise<{ items: EvaluationView[]; nextCursor: null }> {
    await (actor ? this.access.own(actor, schemeId) : this.access.opened(schemeId));
    const rows = await this.dataSource.query<Row[]>(
      `SELECT * FROM scheme_evaluation WHERE scheme_id = ? ${actor ? '' : "AND status = 'published'"} ORDER BY year DESC LIMIT 100`,
      [idBytes(schemeId)],
    );
    return { items: rows.map((row) => viewOf(schemeId, row)), nextCursor: null };
  }

  private async figures(tx: Transaction, schemeId: string, year: number, currency: string) {
    const smallest = this.rules.book.smallestCell;
    const span = [idBytes(schemeId), `${year}-01-01`, `${year + 1}-01-01`];
    const [row] = await tx.rows<Record<string, string>>(
      `SELECT COUNT(*) AS guarantees, COUNT(DISTINCT enterprise_id) AS firms, COUNT(DISTINCT lender_id) AS lenders,
         COALESCE(SUM(loan_minor), 0) AS loans, COALESCE(SUM(guaranteed_minor), 0) AS guaranteed
       FROM guarantee WHERE scheme_id = ? AND issued_at >= ? AND issued_at < ?`,
      span,
    );
    const [money] = await tx.rows<Record<string, string>>(
      `SELECT (SELECT COALESCE(SUM(charged_minor - refunded_minor), 0) FROM guarantee_fee WHERE scheme_id = ? AND billed_at >= ? AND billed_at < ?) AS fees,
         (SELECT COALESCE(SUM(paid_minor), 0) FROM guarantee_claim WHERE scheme_id = ? AND paid_at >= ? AND paid_at < ?) AS claims,
         (SELECT COALESCE(SUM(gross_minor - costs_minor), 0) FROM claim_recovery WHERE scheme_id = ? AND status = 'confirmed'
            AND received_on >= ? AND received_on < ?) AS recovered`,
      [...span, ...span, ...span],
    );
    const count = (name: string) => Number(row?.[name]);
    const minor = (from: Record<string, string> | undefined, name: string) => BigInt(from?.[name] as string);
    const amount = (value: bigint) => moneyToJson({ minor: value, currency });
    const few = isTooFew(count('firms'), smallest);
    const net = minor(money, 'claims') - minor(money, 'recovered');
    return {
      book: this.rules.book.version,
      outreach: few
        ? { hidden: true, smallestCell: smallest }
        : {
            guarantees: count('guarantees'),
            firms: count('firms'),
            lenders: count('lenders'),
            loans: amount(minor(row, 'loans')),
            guaranteed: amount(minor(row, 'guaranteed')),
          },
      sustainability: {
        fees: amount(minor(money, 'fees')),
        claimsPaid: amount(minor(money, 'claims')),
        recovered: amount(minor(money, 'recovered')),
        netClaimsPercentOfFees: percentOfPpm(shareOf(net, minor(money, 'fees'))),
      },
      additionality: await this.additionality(tx, schemeId, year, currency, smallest),
    };
  }

  /** Firms guaranteed in the year against applicants that were declined and got no guarantee: change from the year before to the year. */
  private async additionality(tx: Transaction, schemeId: string, year: number, currency: string, smallest: number) {
    const span = [idBytes(schemeId), `${year}-01-01`, `${year + 1}-01-01`];
    const ids = async (sql: string, values: readonly unknown[]) =>
      (await tx.rows<{ id: Buffer }>(sql, values)).map(({ id }) => idText(id));
    const guaranteed = await ids(
      'SELECT DISTINCT enterprise_id AS id FROM guarantee WHERE scheme_id = ? AND issued_at >= ? AND issued_at < ?',
      span,
    );
    const declined = await ids(
      `SELECT DISTINCT a.enterprise_id AS id FROM guarantee_application a WHERE a.scheme_id = ? AND a.status = 'declined' AND a.decided_at >= ? AND a.decided_at < ?
         AND NOT EXISTS (SELECT 1 FROM guarantee g WHERE g.enterprise_id = a.enterprise_id AND g.issued_at IS NOT NULL)`,
      span,
    );
    const years = [year - 1, year];
    const treated = await this.enterprises.yearlyFigures(guaranteed, years, tx);
    const control = await this.enterprises.yearlyFigures(declined, years, tx);
    const measures: readonly [string, (figures: YearlyFigures) => string | undefined][] = [
      ['staff', ({ staff }) => staff?.toString()],
      ['revenue', ({ revenueMinor }) => printAmount({ minor: revenueMinor, currency })],
    ];
    const outcomes = (
      firms: ReadonlyMap<string, ReadonlyMap<number, YearlyFigures>>,
      of: (figures: YearlyFigures) => string | undefined,
    ) =>
      [...firms.values()].flatMap((firm) => {
        const [before, after] = years.map((each) => firm.get(each)).map((figures) => figures && of(figures));
        return before !== undefined && after !== undefined ? [{ before, after }] : [];
      });
    return {
      method: 'difference in differences of means; a difference is not its cause',
      years,
      comparisons: measures.map(([measure, of]) =>
        compareCohorts(measure, outcomes(treated, of), outcomes(control, of), smallest),
      ),
    };
  }

  private async find(tx: Transaction, schemeId: string, year: number): Promise<Row | undefined> {
    // What is no year has no evaluation.
    if (!Number.isInteger(year) || year < 2000 || year > 2199) return undefined;
    const [row] = await tx.rows<Row>('SELECT * FROM scheme_evaluation WHERE scheme_id = ? AND year = ?', [
      idBytes(schemeId),
      year,
    ]);
    return row;
  }

  private async draft(tx: Transaction, schemeId: string, year: number): Promise<Row> {
    const row = await this.find(tx, schemeId, year);
    if (!row) throw claimError('evaluation_unknown');
    if (row.status !== 'draft') throw claimError('evaluation_exists');
    return row;
  }

  private record(tx: Transaction, schemeId: string, action: string, year: number): void {
    tx.audit({
      action: `scheme_evaluation.${action}`,
      subjectType: 'guarantee_scheme',
      subjectId: schemeId,
      data: { year },
    });
  }
}

function viewOf(schemeId: string, row: Row): EvaluationView {
  const { year, status, figures, findings, audit_report_checksum, audit_report_name, published_at } = row;
  return {
    schemeId,
    year,
    status,
    figures: typeof figures === 'string' ? (JSON.parse(figures) as EvaluationView['figures']) : figures,
    findings,
    auditReport: audit_report_checksum && {
      name: audit_report_name ?? '',
      sha256: audit_report_checksum.toString('hex'),
    },
    publishedAt: published_at,
  };
}
