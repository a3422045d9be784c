import { Inject, Injectable } from '@nestjs/common';
import { type FieldError, type MoneyJson, moneyFromJson } from '#kernel';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  isDuplicateKey,
  newId,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { enterpriseError } from '../domain/errors.js';
import { type OptionalFigures, statementFaults } from '../domain/statement.js';
import { EnterpriseDocument, FinancialStatementRow } from '../persistence/entities.js';
import { statementOf } from '../persistence/statement.store.js';
import { assertVersion, lockProfile } from './enterprise-profiles.js';
import { enterpriseRules } from './enterprise-rules.js';
import { evaluateSize } from './evaluate-size.js';
import { statementView } from './views.js';

/** Names of the optional figures as they come from outside, without the unit. */
export const optionalFigures = [
  'currentAssets',
  'inventory',
  'cash',
  'totalLiabilities',
  'currentLiabilities',
  'retainedEarnings',
  'equity',
  'operatingProfit',
  'interestExpense',
  'netProfit',
] as const;
export type OptionalFigure = (typeof optionalFigures)[number];

export type StatementInput = {
  readonly periodEnd: string;
  readonly audited: boolean;
  readonly staff: number | null;
  readonly revenue: MoneyJson;
  readonly totalAssets: MoneyJson;
  readonly documentId: string | null;
} & { readonly [Figure in OptionalFigure]?: MoneyJson | null };

export type StatementView = ReturnType<typeof statementView>;

/** Saves one year's statement as a new version; earlier versions stay. The size class is decided anew. */
@Injectable()
export class SaveStatement {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** `version` is that of the statement the change is based on, 0 for a year without one. */
  async execute(
    context: CommandContext,
    fiscalYear: number,
    version: number,
    input: StatementInput,
  ): Promise<StatementView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, fiscalYear, version, input));
  }

  async within(tx: Transaction, fiscalYear: number, version: number, input: StatementInput): Promise<StatementView> {
    const { organisationId: enterpriseId, id: savedBy } = tx.context.actor;
    const rules = enterpriseRules(this.environment.country);
    const profile = await lockProfile(tx, enterpriseId);
    const before = await statementOf(tx, enterpriseId, fiscalYear);
    assertVersion(before?.version ?? 0, version);
    const now = await tx.now();
    const { periodEnd, audited, staff, documentId } = input;
    const row: FinancialStatementRow = {
      id: newId(),
      enterpriseId,
      fiscalYear,
      version: version + 1,
      periodEnd,
      currency: rules.currency,
      audited,
      staff,
      documentId,
      revenueMinor: minor(input.revenue, '/revenue', rules.currency),
      totalAssetsMinor: minor(input.totalAssets, '/totalAssets', rules.currency),
      ...optionalMinors(input, rules.currency),
      savedBy,
      savedAt: now,
    };
    const faults: FieldError[] = statementFaults(row).map(({ field, message }) => ({
      pointer: `/${field.replace(/Minor$/, '')}`,
      rule: 'coherent',
      message,
    }));
    if (periodEnd > countryDate(this.environment.country, now))
      faults.push({ pointer: '/periodEnd', rule: 'past', message: 'must not be in the future' });
    const documentIsOwn =
      documentId === null || (await tx.manager.existsBy(EnterpriseDocument, { id: documentId, enterpriseId }));
    if (!documentIsOwn)
      faults.push({ pointer: '/documentId', rule: 'known', message: 'is not a document of this enterprise' });
    if (faults.length > 0)
      throw enterpriseError('statement_invalid', {
        fields: faults,
        detail: `${faults[0]?.pointer}: ${faults[0]?.message}`,
      });
    await tx.manager.insert(FinancialStatementRow, row).catch((error: unknown) => {
      if (isDuplicateKey(error)) assertVersion(version + 1, version);
      throw error;
    });
    tx.audit({
      action: 'enterprise.save_statement',
      subjectType: 'enterprise',
      subjectId: enterpriseId,
      data: { fiscalYear, version: row.version },
    });
    await evaluateSize(tx, profile, rules, now);
    return statementView(row);
  }
}

function optionalMinors(input: StatementInput, currency: string): OptionalFigures {
  const entries = optionalFigures.map((figure) => {
    const value = input[figure];
    return [`${figure}Minor`, value === null || value === undefined ? null : minor(value, `/${figure}`, currency)];
  });
  return Object.fromEntries(entries) as unknown as OptionalFigures;
}

function minor(value: MoneyJson, pointer: string, currency: string): bigint {
  const read = moneyFromJson(value);
  if (read.currency === currency) return read.minor;
  throw enterpriseError('statement_invalid', {
    detail: `${pointer}/currency: must be ${currency}`,
    fields: [{ pointer: `${pointer}/currency`, rule: 'country', message: `must be ${currency}` }],
  });
}
