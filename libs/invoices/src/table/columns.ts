import { Exact } from '#finance';
import {
  type CalendarDate,
  currencyDigits,
  dateOfDayNumber,
  dayNumber,
  type FieldError,
  isCalendarDate,
  isCurrencyCode,
} from '#kernel';
import type { Invoice, InvoiceKind } from '../invoice.js';

/** A cell as text, as it stands in the file; a number of a spreadsheet keeps its plain decimal form. */
export type Cell = string;

/** The columns of the template, in its order. Their names are matched without regard to capitals, blanks or hyphens. */
export const tableColumns = [
  { name: 'invoice_number', required: true, holds: 'the number on the invoice' },
  { name: 'kind', required: false, holds: 'invoice (when empty) or credit_note' },
  { name: 'issue_date', required: true, holds: 'YYYY-MM-DD, or a date cell' },
  { name: 'due_date', required: false, holds: 'YYYY-MM-DD, or a date cell' },
  { name: 'currency', required: true, holds: 'three capital letters, ISO 4217' },
  { name: 'seller_name', required: true, holds: 'registered name' },
  { name: 'seller_tax_id', required: false, holds: 'VAT or tax number' },
  { name: 'buyer_name', required: true, holds: 'registered name' },
  { name: 'buyer_tax_id', required: false, holds: 'VAT or tax number' },
  { name: 'amount_without_tax', required: false, holds: 'decimal such as 1234.50' },
  { name: 'tax_amount', required: false, holds: 'decimal' },
  { name: 'amount_with_tax', required: false, holds: 'decimal' },
  { name: 'prepaid_amount', required: false, holds: 'decimal' },
  { name: 'rounding_amount', required: false, holds: 'decimal' },
  { name: 'amount_due', required: true, holds: 'decimal: what is still to be paid' },
] as const;

export type TableColumn = (typeof tableColumns)[number]['name'];

/** Where each column stands in the file. */
export type TableHeader = ReadonlyMap<TableColumn, number>;

export type HeaderReading =
  | { readonly header: TableHeader }
  | { readonly unknown: readonly string[]; readonly twice: readonly string[]; readonly missing: readonly string[] };

/** Reads the header row. Empty columns are passed over; an unknown, repeated or missing one is a fault of the file. */
export function readHeader(cells: readonly Cell[]): HeaderReading {
  const header = new Map<TableColumn, number>();
  const unknown: string[] = [];
  const twice: string[] = [];
  cells.forEach((cell, index) => {
    const name = cell
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_');
    const column = tableColumns.find((each) => each.name === name);
    if (name === '') return;
    if (!column) unknown.push(cell.trim().slice(0, 40));
    else if (header.has(column.name)) twice.push(column.name);
    else header.set(column.name, index);
  });
  const missing = tableColumns.filter(({ name, required }) => required && !header.has(name)).map(({ name }) => name);
  return unknown.length + twice.length + missing.length === 0 ? { header } : { unknown, twice, missing };
}

export interface RowOptions {
  /** True where a spreadsheet counts days from 1904 (old Macintosh files). */
  readonly since1904?: boolean;
  /** True for spreadsheets, whose date cells are day numbers. */
  readonly dayNumbers?: boolean;
}

/** Reads one row into the one form, or gives every column at fault by its name. */
export function readRow(
  cells: readonly Cell[],
  header: TableHeader,
  options: RowOptions = {},
): Invoice | readonly FieldError[] {
  const problems: FieldError[] = [];
  const refuse = (column: TableColumn, rule: string, message: string): null => {
    problems.push({ pointer: `/${column}`, rule, message });
    return null;
  };
  const text = (column: TableColumn): string | null => {
    const value = (cells[header.get(column) ?? -1] ?? '').replaceAll(/\s+/g, ' ').trim();
    if (value === '') return isRequired(column) ? refuse(column, 'required', 'is empty') : null;
    return value.length > 300 ? refuse(column, 'length', 'is longer than 300 characters') : value;
  };
  const date = (column: TableColumn): CalendarDate | null => {
    const value = text(column);
    if (value === null) return null;
    const read = toDate(value, options);
    return read ?? refuse(column, 'date', `"${value.slice(0, 20)}" is not a date that exists, as YYYY-MM-DD`);
  };
  const currency = readCurrency(text('currency'), refuse);
  const amount = (column: TableColumn): Exact | null => {
    const value = text(column);
    if (value === null) return null;
    if (!/^-?\d{1,15}(?:\.\d{1,10})?$/.test(value)) {
      return refuse(column, 'decimal', `"${value.slice(0, 20)}" is not a decimal such as 1234.50, without separators`);
    }
    const number = new Exact(value);
    const digits = currencyDigits(currency ?? '');
    return number.decimalPlaces() <= digits ? number : refuse(column, 'decimals', `has more than ${digits} decimals`);
  };
  const issueDate = date('issue_date');
  const dueDate = date('due_date');
  if (issueDate && dueDate && dueDate < issueDate) refuse('due_date', 'order', 'is before the issue date');
  const taxAmount = amount('tax_amount');
  const invoice: Invoice = {
    syntax: 'table',
    kind: readKind(text('kind'), refuse),
    id: text('invoice_number'),
    issueDate,
    dueDate,
    currency,
    seller: { name: text('seller_name'), taxId: text('seller_tax_id') },
    buyer: { name: text('buyer_name'), taxId: text('buyer_tax_id') },
    payee: null,
    isSimplified: false,
    lines: [],
    adjustments: [],
    taxTotals: taxAmount ? [{ currency, amount: taxAmount, subtotals: [] }] : [],
    totals: {
      lines: null,
      allowances: null,
      charges: null,
      taxExclusive: amount('amount_without_tax'),
      taxInclusive: amount('amount_with_tax'),
      prepaid: amount('prepaid_amount'),
      rounding: amount('rounding_amount'),
      payable: amount('amount_due'),
    },
  };
  return problems.length > 0 ? problems : invoice;
}

type Refuse = (column: TableColumn, rule: string, message: string) => null;

function isRequired(column: TableColumn): boolean {
  return tableColumns.some(({ name, required }) => name === column && required);
}

function readCurrency(value: string | null, refuse: Refuse): string | null {
  if (value === null || isCurrencyCode(value)) return value;
  return refuse('currency', 'currency', 'must be three capital letters such as SAR');
}

function readKind(value: string | null, refuse: Refuse): InvoiceKind {
  const kind = value?.toLowerCase().replaceAll(/[\s-]+/g, '_') ?? 'invoice';
  if (kind === 'invoice' || kind === 'credit_note') return kind;
  refuse('kind', 'one_of', 'must be invoice or credit_note');
  return 'invoice';
}

/** An ISO date; in a spreadsheet also a day number, counted from 1900 (with that year's day that never was) or 1904. */
function toDate(value: string, { since1904, dayNumbers }: RowOptions): CalendarDate | undefined {
  if (isCalendarDate(value)) return value;
  if (!dayNumbers || !/^\d{1,6}(?:\.\d+)?$/.test(value)) return undefined;
  const day = Math.floor(Number(value));
  const date = day + dayNumber((since1904 ? '1904-01-01' : '1899-12-30') as CalendarDate);
  return day > 60 && date < dayNumber('2199-12-31' as CalendarDate) ? dateOfDayNumber(date) : undefined;
}

/** Text for a cell of a CSV or spreadsheet that we write: what a program would run as a formula is kept as text. */
export function inertCell(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
