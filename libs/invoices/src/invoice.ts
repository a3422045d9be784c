import type { Exact } from '#finance';
import type { CalendarDate } from '#kernel';

/** A party of an invoice; null where the document does not say. */
export interface InvoiceParty {
  readonly name: string | null;
  /** The VAT or tax number; not the registration number. */
  readonly taxId: string | null;
}

/** Who is paid, where that is not the seller (EN 16931, BG-10). */
export interface InvoicePayee {
  readonly name: string | null;
  readonly id: string | null;
}

/** The VAT category (UNTDID 5305: S, Z, E, AE, K, G, O, L, M, B) and its rate in percent. */
export interface TaxCategory {
  readonly category: string | null;
  readonly rate: Exact | null;
}

export interface InvoiceLine extends TaxCategory {
  readonly net: Exact | null;
}

/** An allowance or charge on the level of the document. */
export interface InvoiceAdjustment extends TaxCategory {
  readonly isCharge: boolean;
  readonly amount: Exact | null;
}

/** One line of the tax breakdown (BG-23). */
export interface TaxSubtotal extends TaxCategory {
  readonly isVat: boolean;
  readonly basis: Exact | null;
  readonly tax: Exact | null;
}

/** A total of tax in one currency; a document may state it again in the currency of its tax accounts. */
export interface TaxTotal {
  readonly currency: string | null;
  readonly amount: Exact | null;
  readonly subtotals: readonly TaxSubtotal[];
}

/** The totals as the document states them, in the invoice's currency. */
export interface InvoiceTotals {
  readonly lines: Exact | null;
  readonly allowances: Exact | null;
  readonly charges: Exact | null;
  readonly taxExclusive: Exact | null;
  readonly taxInclusive: Exact | null;
  readonly prepaid: Exact | null;
  readonly rounding: Exact | null;
  readonly payable: Exact | null;
}

export type InvoiceKind = 'invoice' | 'credit_note';

/** An electronic invoice or credit note in the one form that the rest of the market reads. */
export interface Invoice {
  /** What it was read from: an electronic invoice, or a row of a table, which has totals only. */
  readonly syntax: 'ubl' | 'cii' | 'table';
  readonly kind: InvoiceKind;
  readonly id: string | null;
  readonly issueDate: CalendarDate | null;
  readonly dueDate: CalendarDate | null;
  readonly currency: string | null;
  readonly seller: InvoiceParty;
  readonly buyer: InvoiceParty;
  readonly payee: InvoicePayee | null;
  /** A Saudi simplified invoice need not name its buyer. */
  readonly isSimplified: boolean;
  readonly lines: readonly InvoiceLine[];
  readonly adjustments: readonly InvoiceAdjustment[];
  readonly taxTotals: readonly TaxTotal[];
  readonly totals: InvoiceTotals;
}

/** Document type codes (UNTDID 1001) that stand for a credit note, by EN 16931's code list. */
const creditNoteCodes = new Set([
  '81',
  '83',
  '261',
  '262',
  '296',
  '308',
  '381',
  '396',
  '420',
  '458',
  '502',
  '503',
  '532',
]);

export function kindOf(typeCode: string | null): InvoiceKind {
  return typeCode !== null && creditNoteCodes.has(typeCode) ? 'credit_note' : 'invoice';
}

/** The tax total in the invoice's own currency: the one with a breakdown where it is stated twice (Saudi e-invoices). */
export function taxTotalOf({ taxTotals, currency }: Pick<Invoice, 'taxTotals' | 'currency'>): TaxTotal | undefined {
  const own = taxTotals.filter((total) => total.currency === currency || total.currency === null);
  return own.find(({ subtotals }) => subtotals.length > 0) ?? own[0];
}
