import type { Exact, JsonValue } from '#finance';
import { currencyDigits } from '#kernel';
import { taxTotalOf } from './invoice.js';
import type { InvoiceReading } from './read-invoice.js';

/**
 * The one form as plain JSON, as `invoice read` and the HTTP API give it: amounts as decimal strings with at least
 * the currency's decimals, and null for what the document does not state.
 */
export function invoiceToJson({ invoice, problems }: InvoiceReading): { readonly [name: string]: JsonValue } {
  const { kind, id, issueDate, dueDate, currency, seller, buyer, payee, totals } = invoice;
  const digits = currencyDigits(currency ?? '');
  const amount = (value: Exact | null | undefined) =>
    value ? value.toFixed(Math.max(digits, value.decimalPlaces())) : null;
  return {
    kind,
    id,
    issueDate,
    dueDate,
    currency,
    seller: { ...seller },
    buyer: { ...buyer },
    ...(payee && { payee: { ...payee } }),
    taxExclusive: amount(totals.taxExclusive),
    taxTotal: amount(taxTotalOf(invoice)?.amount),
    taxInclusive: amount(totals.taxInclusive),
    prepaid: amount(totals.prepaid),
    rounding: amount(totals.rounding),
    payable: amount(totals.payable),
    problems: problems.map(({ rule, message }) => ({ rule, message })),
  };
}
