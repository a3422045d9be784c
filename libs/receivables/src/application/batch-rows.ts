import { type Invoice, type InvoiceProblem, readInvoice, readInvoiceTable } from '#invoices';
import { currencyDigits, DomainError, isCurrencyCode, parseMoney } from '#kernel';
import { receivableError } from '../domain/errors.js';
import type { Side } from '../domain/receivable.js';

/** A row of a file as it was read: an invoice, or why it is none. */
export interface ReadRow {
  /** Where it stands in the file, the header being line 1; 1 for a file that is one invoice. */
  readonly line: number;
  readonly number: string;
  readonly reading: Invoice | { readonly code: string; readonly message: string };
}

/** Reads a file of receivables row by row, so that memory does not grow with their number. What is hostile or no table throws. */
export async function readBatchRows(content: Buffer, onRow: (row: ReadRow) => Promise<void>): Promise<void> {
  if (looksLikeXml(content)) {
    const { invoice, problems } = readInvoice(content);
    await onRow(rowOf(1, invoice, problems));
    return;
  }
  await readInvoiceTable(pieces(content), async (row) => {
    if ('error' in row) await onRow({ line: row.row, number: '', reading: row.error });
    else await onRow(rowOf(row.row, row.invoice, row.problems));
  });
}

function rowOf(line: number, invoice: Invoice, problems: readonly InvoiceProblem[]): ReadRow {
  const number = (invoice.id ?? '').slice(0, 100);
  if (problems.length === 0) return { line, number, reading: invoice };
  const message = problems.map(({ rule, message: fault }) => `${rule}: ${fault}`).join(' ');
  return { line, number, reading: { code: 'invoice_row_invalid', message: message.slice(0, 1000) } };
}

const pieceBytes = 64 * 1024;

async function* pieces(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < content.length; from += pieceBytes) yield content.subarray(from, from + pieceBytes);
}

function looksLikeXml(content: Buffer): boolean {
  const start = content.subarray(0, 200);
  const isWide = start[0] === 0xff || start[0] === 0xfe || start[1] === 0;
  const text = start.toString(isWide ? 'utf16le' : 'utf8').replace(/^\uFEFF/u, '');
  return (
    text.trimStart().startsWith('<') ||
    (start[0] === 0 && start[1] === 0x3c) ||
    (start[0] === 0xfe && start[3] === 0x3c)
  );
}

/** What a row says in this context's words; throws the refusal of what it does not say. */
export function statedOf(invoice: Invoice, side: Side) {
  const { kind, id, issueDate, dueDate, currency, seller, buyer, totals } = invoice;
  if (kind === 'credit_note') throw receivableError('receivable_credit_note');
  const missing = [
    ...(id ? [] : ['number']),
    ...(issueDate ? [] : ['issuedOn']),
    ...(dueDate ? [] : ['dueOn']),
    ...(currency && isCurrencyCode(currency) ? [] : ['currency']),
    ...(totals.payable ? [] : ['amount']),
    ...((side === 'seller' ? buyer : seller).taxId ? [] : ['otherPartyNumber']),
  ];
  if (!id || !issueDate || !dueDate || !currency || !totals.payable || missing.length > 0)
    throw receivableError('receivable_invalid', {
      detail: `The row does not say: ${missing.join(', ')}.`,
      fields: missing.map((field) => ({ pointer: `/${field}`, rule: 'required', message: 'is missing' })),
    });
  const own = (side === 'seller' ? seller : buyer).taxId;
  const other = (side === 'seller' ? buyer : seller).taxId as string;
  const amountMinor = parseMoney(totals.payable.toFixed(currencyDigits(currency)), currency).minor;
  return { number: id, issuedOn: issueDate, dueOn: dueDate, currency, amountMinor, own, other };
}

/** A refusal as a row's answer. */
export function refusalOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof DomainError)) throw error;
  const fields = (error.details.fields ?? [])
    .map(({ pointer, message }) => `${pointer.slice(1)} ${message}`)
    .join('; ');
  const text = fields === '' || error.details.detail ? error.message : `${error.message} ${fields}`;
  return { code: error.code, message: text.slice(0, 1000) };
}
