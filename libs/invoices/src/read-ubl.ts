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
import { amountOf, booleanOf, childOf, childrenOf, isoDateOf, textOf } from './xml/values.js';

const ubl = 'urn:oasis:names:specification:ubl:schema:xsd:';
export const ublInvoice = `${ubl}Invoice-2`;
export const ublCreditNote = `${ubl}CreditNote-2`;

const aggregate = (parent: XmlElement | undefined, name: string) =>
  childOf(parent, `${ubl}CommonAggregateComponents-2`, name);
const aggregates = (parent: XmlElement | undefined, name: string) =>
  childrenOf(parent, `${ubl}CommonAggregateComponents-2`, name);
const basic = (parent: XmlElement | undefined, name: string) => childOf(parent, `${ubl}CommonBasicComponents-2`, name);

/** Reads a UBL 2.1 Invoice or CreditNote (EN 16931, Peppol, Saudi e-invoices) into the one form. */
export function readUbl(root: XmlElement): Invoice {
  const typeCode = basic(root, root.name === 'CreditNote' ? 'CreditNoteTypeCode' : 'InvoiceTypeCode');
  const totals = aggregate(root, 'LegalMonetaryTotal');
  const payee = aggregate(root, 'PayeeParty');
  return {
    syntax: 'ubl',
    // A Saudi credit note is an Invoice whose type code says so.
    kind: root.name === 'CreditNote' ? 'credit_note' : kindOf(textOf(typeCode)),
    id: textOf(basic(root, 'ID')),
    issueDate: isoDateOf(basic(root, 'IssueDate')),
    dueDate: isoDateOf(basic(root, 'DueDate')) ?? paymentDueDate(root),
    currency: textOf(basic(root, 'DocumentCurrencyCode')),
    seller: party(aggregate(aggregate(root, 'AccountingSupplierParty'), 'Party')),
    buyer: party(aggregate(aggregate(root, 'AccountingCustomerParty'), 'Party')),
    payee: payee ? readPayee(payee) : null,
    isSimplified: typeCode?.attributes['name']?.startsWith('02') === true,
    lines: [...aggregates(root, 'InvoiceLine'), ...aggregates(root, 'CreditNoteLine')].map(line),
    adjustments: aggregates(root, 'AllowanceCharge').map(adjustment),
    taxTotals: aggregates(root, 'TaxTotal').map(taxTotal),
    totals: {
      lines: amountOf(basic(totals, 'LineExtensionAmount')),
      allowances: amountOf(basic(totals, 'AllowanceTotalAmount')),
      charges: amountOf(basic(totals, 'ChargeTotalAmount')),
      taxExclusive: amountOf(basic(totals, 'TaxExclusiveAmount')),
      taxInclusive: amountOf(basic(totals, 'TaxInclusiveAmount')),
      prepaid: amountOf(basic(totals, 'PrepaidAmount')),
      rounding: amountOf(basic(totals, 'PayableRoundingAmount')),
      payable: amountOf(basic(totals, 'PayableAmount')),
    },
  };
}

/** A credit note has no due date of its own in UBL 2.1; EN 16931 puts it with the means of payment. */
function paymentDueDate(root: XmlElement) {
  const dates = aggregates(root, 'PaymentMeans').map((means) => isoDateOf(basic(means, 'PaymentDueDate')));
  return dates.find((date) => date !== null) ?? null;
}

/** The registered name counts (BT-27, BT-44), the trading name only where there is none. */
function party(element: XmlElement | undefined): InvoiceParty {
  const schemes = aggregates(element, 'PartyTaxScheme');
  const vat = schemes.find((scheme) => isVat(aggregate(scheme, 'TaxScheme')));
  return {
    name:
      textOf(basic(aggregate(element, 'PartyLegalEntity'), 'RegistrationName')) ??
      textOf(basic(aggregate(element, 'PartyName'), 'Name')),
    taxId: [vat, ...schemes].map((scheme) => textOf(basic(scheme, 'CompanyID'))).find((id) => id !== null) ?? null,
  };
}

function readPayee(element: XmlElement): InvoicePayee {
  return {
    name: textOf(basic(aggregate(element, 'PartyName'), 'Name')),
    id:
      textOf(basic(aggregate(element, 'PartyLegalEntity'), 'CompanyID')) ??
      textOf(basic(aggregate(element, 'PartyIdentification'), 'ID')),
  };
}

function line(element: XmlElement): InvoiceLine {
  const category = aggregate(aggregate(element, 'Item'), 'ClassifiedTaxCategory');
  return { net: amountOf(basic(element, 'LineExtensionAmount')), ...taxCategory(category) };
}

function adjustment(element: XmlElement): InvoiceAdjustment {
  return {
    isCharge: booleanOf(basic(element, 'ChargeIndicator')),
    amount: amountOf(basic(element, 'Amount')),
    ...taxCategory(aggregate(element, 'TaxCategory')),
  };
}

function taxTotal(element: XmlElement): TaxTotal {
  const amount = basic(element, 'TaxAmount');
  return {
    currency: amount?.attributes['currencyID'] ?? null,
    amount: amountOf(amount),
    subtotals: aggregates(element, 'TaxSubtotal').map(taxSubtotal),
  };
}

function taxSubtotal(element: XmlElement): TaxSubtotal {
  const category = aggregate(element, 'TaxCategory');
  return {
    isVat: isVat(aggregate(category, 'TaxScheme')),
    basis: amountOf(basic(element, 'TaxableAmount')),
    tax: amountOf(basic(element, 'TaxAmount')),
    ...taxCategory(category),
  };
}

function taxCategory(element: XmlElement | undefined): TaxCategory {
  return { category: textOf(basic(element, 'ID')), rate: amountOf(basic(element, 'Percent')) };
}

function isVat(scheme: XmlElement | undefined): boolean {
  return textOf(basic(scheme, 'ID'))?.toUpperCase() === 'VAT';
}
