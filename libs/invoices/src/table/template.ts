import writeXlsxFile from 'write-excel-file/node';
import { tableColumns } from './columns.js';

const example: Readonly<Record<string, string>> = {
  invoice_number: 'INV-2025-001',
  kind: 'invoice',
  issue_date: '2025-03-31',
  due_date: '2025-06-29',
  currency: 'SAR',
  seller_name: 'Example Trading Co.',
  seller_tax_id: '300000000000003',
  buyer_name: 'Example Stores',
  buyer_tax_id: '310000000000003',
  amount_without_tax: '1000.00',
  tax_amount: '150.00',
  amount_with_tax: '1150.00',
  amount_due: '1150.00',
};

/** The template as CSV: the header and one example row, with a byte order mark so that spreadsheets read Arabic. */
export function invoiceTemplateCsv(): string {
  const names = tableColumns.map(({ name }) => name);
  return `\ufeff${[names, names.map((name) => example[name] ?? '')].map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

/** The template as XLSX: the same, every cell as text, and what each column holds on a second sheet. */
export async function invoiceTemplateXlsx(): Promise<Buffer> {
  const text = (value: string) => ({ value, type: String });
  const names = tableColumns.map(({ name }) => name);
  const guide = tableColumns.map(({ name, required, holds }) => [name, required ? 'required' : '', holds].map(text));
  return writeXlsxFile([
    { sheet: 'invoices', data: [names.map(text), names.map((name) => text(example[name] ?? ''))] },
    { sheet: 'columns', data: guide },
  ]).toBuffer();
}
