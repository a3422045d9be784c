import { type MoneyJson, moneyToJson } from '#kernel';
import type { Guarantee } from '../persistence/entities.js';

export type GuaranteeView = ReturnType<typeof guaranteeView>;

/** A guarantee as its parties see it; plain JSON, so that it can be the stored answer of a command. */
export function guaranteeView(row: Guarantee) {
  const money = (minor: bigint): MoneyJson => moneyToJson({ minor, currency: row.currency });
  return {
    id: row.id,
    number: row.number,
    schemeId: row.schemeId,
    applicationId: row.applicationId,
    lenderId: row.lenderId,
    enterpriseId: row.enterpriseId,
    requestId: row.requestId,
    offerId: row.offerId,
    loan: money(row.loanMinor),
    guaranteed: money(row.guaranteedMinor),
    outstanding: money(row.outstandingMinor),
    balance: money(row.balanceMinor),
    coverPercent: row.coverPercent,
    productKind: row.productKind,
    tenorMonths: row.tenorMonths,
    sector: row.sector,
    region: row.region,
    vintage: row.vintage,
    grade: row.grade,
    state: row.state,
    letterUntil: row.letterUntil.toISOString(),
    issuedAt: row.issuedAt?.toISOString() ?? null,
    disbursedOn: row.disbursedOn,
    endsOn: row.endsOn,
    feeDue: row.feeDue,
    certificateCode: row.certificateCode,
    daysPastDue: row.daysPastDue,
    defaultedOn: row.defaultedOn,
    reportedMonth: row.reportedMonth,
    notice: row.noticeReason === null ? null : { reason: row.noticeReason, at: row.noticeAt?.toISOString() ?? null },
    version: row.version,
  };
}
