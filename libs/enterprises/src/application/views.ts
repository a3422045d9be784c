import { type MoneyJson, moneyToJson } from '#kernel';
import type { Identifier } from '../domain/identifiers.policy.js';
import { isUsable } from '../domain/bank-account.policy.js';
import type { FinancialStatement } from '../domain/statement.js';
import type {
  EnterpriseBankAccount,
  EnterpriseDocument,
  EnterpriseOwner,
  EnterpriseProfile,
  SizeEvaluation,
} from '../persistence/entities.js';

/** How records leave this context: plain JSON with money in major units. */

export function profileView(profile: EnterpriseProfile, identifiers: readonly Identifier[]) {
  const { legalForm, sector, isicClass, sizeIndustry, region, foundedOn, staff } = profile;
  const { womenLed, rural, exporter, leastDeveloped, status, reviewCaseId, sizeClass, version } = profile;
  return {
    id: profile.id,
    legalForm,
    sector,
    isicClass,
    sizeIndustry,
    region,
    foundedOn,
    staff,
    womenLed,
    rural,
    exporter,
    leastDeveloped,
    identifiers: identifiers.map(({ scheme, value }) => ({ scheme, value })),
    status,
    reviewCaseId,
    sizeClass,
    version,
  };
}

export function ownerView(owner: EnterpriseOwner) {
  const { kind, name, localName, country, bornOn, isWoman, politicallyExposed, screeningStatus, screeningList } = owner;
  return {
    kind,
    name,
    localName,
    country,
    bornOn,
    sharePercent: percentOfPpm(owner.sharePpm),
    isWoman,
    politicallyExposed,
    screening: {
      status: screeningStatus,
      list: screeningList,
      matches: owner.screeningMatches,
      at: owner.screenedAt?.toISOString() ?? null,
    },
  };
}

/** Millionths as percent with four decimals at most: 333333 is "33.3333". */
function percentOfPpm(ppm: number): string {
  const fraction = String(ppm % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '');
  return `${Math.floor(ppm / 10_000)}${fraction === '' ? '' : `.${fraction}`}`;
}

export function statementView(statement: FinancialStatement) {
  const { fiscalYear, version, periodEnd, currency, audited, staff, documentId } = statement;
  const shown = (minor: bigint | null): MoneyJson | null => (minor === null ? null : moneyToJson({ minor, currency }));
  return {
    fiscalYear,
    version,
    periodEnd,
    audited,
    staff,
    revenue: moneyToJson({ minor: statement.revenueMinor, currency }),
    totalAssets: moneyToJson({ minor: statement.totalAssetsMinor, currency }),
    currentAssets: shown(statement.currentAssetsMinor),
    inventory: shown(statement.inventoryMinor),
    cash: shown(statement.cashMinor),
    totalLiabilities: shown(statement.totalLiabilitiesMinor),
    currentLiabilities: shown(statement.currentLiabilitiesMinor),
    retainedEarnings: shown(statement.retainedEarningsMinor),
    equity: shown(statement.equityMinor),
    operatingProfit: shown(statement.operatingProfitMinor),
    interestExpense: shown(statement.interestExpenseMinor),
    netProfit: shown(statement.netProfitMinor),
    documentId,
  };
}

export function documentView(document: EnterpriseDocument) {
  const { id, kind, name, mediaType, sizeBytes, checksum, receipt, uploadedAt } = document;
  return { id, kind, name, mediaType, sizeBytes, checksum, receipt, uploadedAt: uploadedAt.toISOString() };
}

export function accountView(account: EnterpriseBankAccount, now: Date) {
  const { accountNumber, bankName, holderName, declaredAt, ownershipCheckedAt, usableFrom } = account;
  return {
    accountNumber,
    bankName,
    holderName,
    declaredAt: declaredAt.toISOString(),
    ownershipCheckedAt: ownershipCheckedAt?.toISOString() ?? null,
    usableFrom: usableFrom.toISOString(),
    usable: isUsable(account, now),
  };
}

export function sizeView(evaluation: SizeEvaluation) {
  const { outcome, sizeClass, standardId, standardVersion, rule, inputs, at } = evaluation;
  return { outcome, sizeClass, standardId, standardVersion, rule, inputs, at: at.toISOString() };
}
