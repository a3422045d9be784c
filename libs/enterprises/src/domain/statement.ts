/** Figures that may be negative or are not always known; minor units of the statement's currency. */
export interface OptionalFigures {
  readonly currentAssetsMinor: bigint | null;
  readonly inventoryMinor: bigint | null;
  readonly cashMinor: bigint | null;
  readonly totalLiabilitiesMinor: bigint | null;
  readonly currentLiabilitiesMinor: bigint | null;
  readonly retainedEarningsMinor: bigint | null;
  readonly equityMinor: bigint | null;
  /** Earnings before interest and tax. */
  readonly operatingProfitMinor: bigint | null;
  readonly interestExpenseMinor: bigint | null;
  readonly netProfitMinor: bigint | null;
}

/** One year's statement. `totalAssetsMinor` is the balance sheet total (both names mean the sum of all assets). */
export interface FinancialStatement extends OptionalFigures {
  readonly fiscalYear: number;
  /** Every save makes a new version; the highest holds. */
  readonly version: number;
  readonly periodEnd: string;
  readonly currency: string;
  readonly audited: boolean;
  /** Full-time equivalents, yearly average. */
  readonly staff: number | null;
  readonly revenueMinor: bigint;
  readonly totalAssetsMinor: bigint;
  readonly documentId: string | null;
}

export interface StatementFault {
  readonly field: keyof FinancialStatement;
  readonly message: string;
}

/** What cannot be true in a balance sheet, whatever the firm. Rounding to whole thousands is the firm's own business. */
export function statementFaults(statement: Omit<FinancialStatement, 'version'>): readonly StatementFault[] {
  const { totalAssetsMinor: assets, totalLiabilitiesMinor: liabilities, equityMinor: equity } = statement;
  const faults: StatementFault[] = [];
  const partOf = (field: keyof OptionalFigures, whole: bigint | null, name: string): void => {
    const part = statement[field];
    if (part !== null && whole !== null && part > whole) faults.push({ field, message: `is above the ${name}` });
  };
  const notNegative = [
    'currentAssetsMinor',
    'inventoryMinor',
    'cashMinor',
    'totalLiabilitiesMinor',
    'currentLiabilitiesMinor',
    'interestExpenseMinor',
  ] as const;
  for (const field of notNegative) {
    const value = statement[field];
    if (value !== null && value < 0n) faults.push({ field, message: 'must not be negative' });
  }
  partOf('currentAssetsMinor', assets, 'total assets');
  partOf('inventoryMinor', statement.currentAssetsMinor ?? assets, 'current assets');
  partOf('cashMinor', statement.currentAssetsMinor ?? assets, 'current assets');
  partOf('currentLiabilitiesMinor', liabilities, 'total liabilities');
  if (equity !== null && liabilities !== null && assets !== equity + liabilities)
    faults.push({ field: 'equityMinor', message: 'plus total liabilities must be the total assets' });
  if (
    !statement.periodEnd.startsWith(`${statement.fiscalYear}-`) &&
    !statement.periodEnd.startsWith(`${statement.fiscalYear + 1}-`)
  )
    faults.push({ field: 'periodEnd', message: 'must lie in the fiscal year or the one after' });
  return faults;
}
