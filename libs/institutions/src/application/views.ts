import { type MoneyJson, moneyToJson } from '#kernel';
import type { AutoBidRule } from '../domain/auto-bid.js';
import type { MandateLimits, MandateRecord } from '../domain/mandate.js';
import type { Product } from '../domain/product.js';
import type { FinancierProfile, LimitChange } from '../persistence/entities.js';

/** How records leave this context: plain JSON with money in major units. */

export function profileView(profile: FinancierProfile) {
  const { id, kind, licenceNumber, regulator, about, website, status, reviewCaseId, version } = profile;
  return { id, kind, licenceNumber, regulator, about, website, status, reviewCaseId, version };
}

export function productView(product: Product) {
  const { id, financierId, kind, name, localName, tenorMin, tenorMax, priceBasis, referenceRate } = product;
  const { conditions, documents, status, version, currency } = product;
  return {
    id,
    financierId,
    kind,
    name,
    localName,
    amountMin: moneyToJson({ minor: product.amountMin, currency }),
    amountMax: moneyToJson({ minor: product.amountMax, currency }),
    tenorMin,
    tenorMax,
    priceBasis,
    priceMin: percent(product.priceMin),
    priceMax: percent(product.priceMax),
    referenceRate,
    conditions,
    documents,
    status,
    version,
  };
}

export function mandateView(mandate: MandateRecord) {
  const { amountMin, amountMax, perEnterpriseMinor, perAnchorMinor, monthlyAppetiteMinor, currency, ...rest } = mandate;
  return {
    ...rest,
    amountMin: moneyToJson({ minor: amountMin, currency }),
    amountMax: moneyToJson({ minor: amountMax, currency }),
    limits: limitsView({ perEnterpriseMinor, perAnchorMinor, monthlyAppetiteMinor }, currency),
  };
}

export function limitsView(limits: MandateLimits, currency: string) {
  return {
    perEnterprise: optionalMoney(limits.perEnterpriseMinor, currency),
    perAnchor: optionalMoney(limits.perAnchorMinor, currency),
    monthlyAppetite: optionalMoney(limits.monthlyAppetiteMinor, currency),
  };
}

export function limitChangeView(change: LimitChange) {
  const { id, mandateId, status, reason, proposedBy, proposedAt, decidedBy, decidedAt, currency } = change;
  return {
    id,
    mandateId,
    limits: limitsView(change, currency),
    status,
    reason,
    proposedBy,
    proposedAt: proposedAt.toISOString(),
    decidedBy,
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}

export function autoBidRuleView(rule: AutoBidRule, currency: string) {
  return {
    id: rule.id,
    mandateId: rule.mandateId,
    name: rule.name,
    pricing: rule.pricing,
    annualRate: percent(rule.annualRate),
    referenceRate: rule.referenceRate,
    feePercent: percent(rule.feePercent),
    feeFixed: moneyToJson({ minor: rule.feeFixedMinor, currency }),
    tenorMax: rule.tenorMax,
    graceMonths: rule.graceMonths,
    sharePercent: percent(rule.sharePercent),
    validityDays: rule.validityDays,
    receivables: {
      recourse: rule.recourse,
      holdbackPercent: percent(rule.holdbackPercent),
      daysLeftMin: rule.daysLeftMin,
      daysLeftMax: rule.daysLeftMax,
      amountMax: optionalMoney(rule.faceMaxMinor, currency),
    },
    status: rule.status,
    proposedBy: rule.proposedBy,
    approvedBy: rule.approvedBy,
    version: rule.version,
  };
}

function optionalMoney(minor: bigint | null, currency: string): MoneyJson | null {
  return minor === null ? null : moneyToJson({ minor, currency });
}

/** The database pads decimals with zeros; people and programs get them without. */
function percent(value: string): string {
  return value.includes('.') ? value.replace(/\.?0+$/, '') : value;
}
