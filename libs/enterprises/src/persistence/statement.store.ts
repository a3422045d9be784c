import type { Transaction } from '#platform';
import { FinancialStatementRow } from './entities.js';

/** The version that holds of the latest year; undefined where there is none. */
export async function latestStatement(
  tx: Transaction,
  enterpriseId: string,
): Promise<FinancialStatementRow | undefined> {
  const [row] = await tx.manager.find(FinancialStatementRow, {
    where: { enterpriseId },
    order: { fiscalYear: 'DESC', version: 'DESC' },
    take: 1,
  });
  return row;
}

/** The version that holds of one year. */
export async function statementOf(
  tx: Transaction,
  enterpriseId: string,
  fiscalYear: number,
): Promise<FinancialStatementRow | undefined> {
  const [row] = await tx.manager.find(FinancialStatementRow, {
    where: { enterpriseId, fiscalYear },
    order: { version: 'DESC' },
    take: 1,
  });
  return row;
}
