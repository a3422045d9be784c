import {
  type Invoice,
  type InvoiceAdjustment,
  type InvoiceLine,
  type InvoiceParty,
  type InvoicePayee,
  kindOf,
  type TaxCategory,
  type TaxSubtotal,
  type TaxTotal,
} from './invoice.js';
import type { XmlElement } from './xml/read-xml.js';
import { amountOf, booleanOf, childOf, childrenOf, ciiDateOf, textOf } from './xml/values.js';

const standard = 'urn:un:unece:uncefact:data:standard:';
export const ciiInvoice = `${standard}CrossIndustryInvoice:100`;
const components = `${standard}ReusableAggregateBusinessInformationEntity:100`;
const dataTypes = `${standard}UnqualifiedDataType:100`;

const frame = (parent: XmlElement | undefined, name: string) => childOf(parent, ciiInvoice, name);
const part = (parent: XmlElement | undefined, name: string) => childOf(parent, components, name);
const parts = (parent: XmlElement | undefined, name: string) => childrenOf(parent, components, name);
const dateIn = (parent: XmlElement | undefined) => ciiDateOf(childOf(parent, dataTypes, 'DateTimeString'));

/** Reads a UN/CEFACT Cross Industry Invoice (D16B and later, the CII of EN 16931) into the one form. */
export function readCii(root: XmlElement): Invoice {
  const document = frame(root, 'ExchangedDocument');
  const transaction = frame(root, 'SupplyChainTradeTransaction');
  const agreement = part(transaction, 'ApplicableHeaderTradeAgreement');
  const settlement = part(transaction, 'ApplicableHeaderTradeSettlement');
  const totals = part(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation');
  const payee = part(settlement, 'PayeeTradeParty');
  const currency = textOf(part(settlement, 'InvoiceCurrencyCode'));
  return {
    syntax: 'cii',
    kind: kindOf(textOf(part(document, 'TypeCode'))),
    id: textOf(part(document, 'ID')),
    issueDate: dateIn(part(document, 'IssueDateTime')),
    dueDate: dueDate(settlement),
    currency,
    seller: party(part(agreement, 'SellerTradeParty')),
    buyer: party(part(agreement, 'BuyerTradeParty')),
    payee: payee ? readPayee(payee) : null,
    isSimplified: false,
    lines: parts(transaction, 'IncludedSupplyChainTradeLineItem').map(line),
    adjustments: parts(settlement, 'SpecifiedTradeAllowanceCharge').map(adjustment),
    taxTotals: taxTotals(settlement, totals, currency),
    totals: {
      lines: amountOf(part(totals, 'LineTotalAmount')),
      allowances: amountOf(part(totals, 'AllowanceTotalAmount')),
      charges: amountOf(part(totals, 'ChargeTotalAmount')),
      taxExclusive: amountOf(part(totals, 'TaxBasisTotalAmount')),
      taxInclusive: amountOf(part(totals, 'GrandTotalAmount')),
      prepaid: amountOf(part(totals, 'TotalPrepaidAmount')),
      rounding: amountOf(part(totals, 'RoundingAmount')),
      payable: amountOf(part(totals, 'DuePayableAmount')),
    },
  };
}

function dueDate(settlement: XmlElement | undefined) {
  const terms = parts(settlement, 'SpecifiedTradePaymentTerms');
  return terms.map((each) => dateIn(part(each, 'DueDateDateTime'))).find((date) => date !== null) ?? null;
}

/** The tax number of scheme VA (VAT) counts, one of FC (fiscal) only where there is none. */
function party(element: XmlElement | undefined): InvoiceParty {
  const ids = parts(element, 'SpecifiedTaxRegistration').map((registration) => part(registration, 'ID'));
  const vat = ids.find((id) => id?.attributes['schemeID'] === 'VA');
  return { name: textOf(part(element, 'Name')), taxId: textOf(vat ?? ids[0]) };
}

function readPayee(element: XmlElement): InvoicePayee {
  return {
    name: textOf(part(element, 'Name')),
    id:
      textOf(part(part(element, 'SpecifiedLegalOrganization'), 'ID')) ??
      textOf(part(element, 'GlobalID')) ??
      textOf(part(element, 'ID')),
  };
}

function line(element: XmlElement): InvoiceLine {
  const settlement = part(element, 'SpecifiedLineTradeSettlement');
  const summation = part(settlement, 'SpecifiedTradeSettlementLineMonetarySummation');
  return { net: amountOf(part(summation, 'LineTotalAmount')), ...taxCategory(part(settlement, 'ApplicableTradeTax')) };
}

function adjustment(element: XmlElement): InvoiceAdjustment {
  return {
    isCharge: booleanOf(childOf(part(element, 'ChargeIndicator'), dataTypes, 'Indicator')),
    amount: amountOf(part(element, 'ActualAmount')),
    ...taxCategory(part(element, 'CategoryTradeTax')),
  };
}

/** The breakdown stands beside the totals here; it belongs to the total in the invoice's currency. */
function taxTotals(
  settlement: XmlElement | undefined,
  totals: XmlElement | undefined,
  currency: string | null,
): TaxTotal[] {
  const subtotals = parts(settlement, 'ApplicableTradeTax').map(taxSubtotal);
  const stated = parts(totals, 'TaxTotalAmount').map((amount): TaxTotal => {
    const inCurrency = amount.attributes['currencyID'] ?? currency;
    return { currency: inCurrency, amount: amountOf(amount), subtotals: inCurrency === currency ? subtotals : [] };
  });
  const isOwnStated = stated.some((total) => total.currency === currency);
  return isOwnStated || subtotals.length === 0 ? stated : [{ currency, amount: null, subtotals }, ...stated];
}

function taxSubtotal(element: XmlElement): TaxSubtotal {
  return {
    isVat: textOf(part(element, 'TypeCode'))?.toUpperCase() === 'VAT',
    basis: amountOf(part(element, 'BasisAmount')),
    tax: amountOf(part(element, 'CalculatedAmount')),
    ...taxCategory(element),
  };
}

function taxCategory(element: XmlElement | undefined): TaxCategory {
  return { category: textOf(part(element, 'CategoryCode')), rate: amountOf(part(element, 'RateApplicablePercent')) };
}
