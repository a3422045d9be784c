import type { FieldError } from '#kernel';
import { checkInvoice, type InvoiceProblem } from '../en16931.rules.js';
import { invoiceError } from '../errors.js';
import type { Invoice } from '../invoice.js';
import { readHeader, readRow, type RowOptions, type TableHeader } from './columns.js';
import { csvRows, type TableCells } from './csv-rows.js';
import { openSheet } from './xlsx-rows.js';

/** The answer for one row of a table; `row` is its number in the file, the header being 1. */
export type TableRow =
  | { readonly row: number; readonly invoice: Invoice; readonly problems: readonly InvoiceProblem[] }
  | {
      readonly row: number;
      readonly error: { readonly code: string; readonly message: string; readonly fields: readonly FieldError[] };
    };

export interface TableProgress {
  readonly rows: number;
  readonly refused: number;
  /** Bytes of the file taken in so far. */
  readonly bytes: number;
}

export interface TableLimits {
  readonly rows: number;
  readonly csvBytes: number;
  readonly xlsxBytes: number;
}

export const tableLimits: TableLimits = { rows: 200_000, csvBytes: 200 * 1024 * 1024, xlsxBytes: 30 * 1024 * 1024 };
const progressEvery = 1000;

/**
 * Reads a table of invoices, CSV or XLSX by its first bytes, row by row: each row is answered to `onRow`, which is
 * awaited, before the next is read, so that memory does not grow with the number of rows (of an XLSX file the packed
 * bytes and its shared texts are held). A faulty row is answered with its columns at fault and reading goes on; a file
 * without the template's header, or damaged, throws.
 */
export async function readInvoiceTable(
  bytes: AsyncIterable<Uint8Array>,
  onRow: (row: TableRow) => void | Promise<void>,
  { limits = tableLimits, onProgress }: { limits?: TableLimits; onProgress?: (progress: TableProgress) => void } = {},
): Promise<TableProgress> {
  const input = new CountedBytes(bytes);
  const { rows, options } = await openTable(input, limits);
  let header: TableHeader | undefined;
  let read = 0;
  let refused = 0;
  const progress = (): TableProgress => ({ rows: read, refused, bytes: input.taken });
  for await (const { row, cells } of rows) {
    if (!header) {
      header = requireHeader(cells);
      continue;
    }
    read += 1;
    if (read > limits.rows) throw tableMalformed(`The table has more than ${limits.rows} rows.`);
    const answer = answerRow(row, cells, header, options);
    if ('error' in answer) refused += 1;
    await onRow(answer);
    if (read % progressEvery === 0) onProgress?.(progress());
  }
  if (!header) throw tableMalformed('The table is empty.');
  onProgress?.(progress());
  return progress();
}

async function openTable(
  input: CountedBytes,
  limits: TableLimits,
): Promise<{ rows: AsyncIterable<TableCells>; options: RowOptions }> {
  const start = await input.peek(4);
  if (start.toString('latin1').startsWith('PK')) {
    const { rows, since1904 } = await openSheet(await input.all(limits.xlsxBytes));
    return { rows, options: { since1904, dayNumbers: true } };
  }
  return { rows: csvRows(input.stream(limits.csvBytes)), options: {} };
}

function answerRow(row: number, cells: readonly string[], header: TableHeader, options: RowOptions): TableRow {
  const read = readRow(cells, header, options);
  if (!isFaults(read)) return { row, invoice: read, problems: checkInvoice(read) };
  const message = read.map(({ pointer, message: fault }) => `${pointer.slice(1)} ${fault}`).join('; ');
  return { row, error: { code: 'invoice_row_invalid', message, fields: read } };
}

function isFaults(read: Invoice | readonly FieldError[]): read is readonly FieldError[] {
  return Array.isArray(read);
}

function requireHeader(cells: readonly string[]): TableHeader {
  const read = readHeader(cells);
  if ('header' in read) return read.header;
  const faults = [
    ...read.missing.map((name) => `"${name}" is missing`),
    ...read.unknown.map((name) => `"${name}" is not known`),
    ...read.twice.map((name) => `"${name}" stands twice`),
  ];
  throw tableMalformed(`The header row does not fit the template: ${faults.slice(0, 20).join(', ')}.`);
}

function tableMalformed(detail: string) {
  return invoiceError('invoice_table_malformed', { detail });
}

/** The bytes of a file with a look ahead, counted, and stopped at a limit. */
class CountedBytes {
  taken = 0;
  private readonly source: AsyncIterator<Uint8Array>;
  private ahead: Buffer = Buffer.alloc(0);

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  async peek(count: number): Promise<Buffer> {
    while (this.ahead.length < count) {
      const next = await this.source.next();
      if (next.done) break;
      this.ahead = Buffer.concat([this.ahead, next.value]);
    }
    return this.ahead.subarray(0, count);
  }

  async *stream(limit: number): AsyncGenerator<Uint8Array> {
    for (let chunk: Uint8Array = this.ahead; ;) {
      this.taken += chunk.length;
      if (this.taken > limit)
        throw invoiceError('invoice_file_too_large', { detail: `The table has more than ${limit} bytes.` });
      if (chunk.length > 0) yield chunk;
      const next = await this.source.next();
      if (next.done) return;
      chunk = next.value;
    }
  }

  async all(limit: number): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.stream(limit)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
}
