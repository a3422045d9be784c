import { CsvError, parse } from 'csv-parse/sync';
import { httpError } from '#platform';
import type { ReportLine } from './report-outstanding.js';

const atMost = 5000;
const columns = ['number', 'outstanding', 'daysPastDue'] as const;

/** Reads a lender's monthly table: a heading with number, outstanding and daysPastDue, then a line for each guarantee. */
export function readReportTable(content: unknown): readonly ReportLine[] {
  if (!Buffer.isBuffer(content)) throw refused('send the table itself with Content-Type: text/csv');
  const rows = readRows(content);
  const missing = columns.filter((name) => rows[0] && !(name in rows[0]));
  if (rows.length === 0 || missing.length > 0)
    throw refused(`must have a heading with ${columns.join(', ')} and at least one line`);
  if (rows.length > atMost) throw refused(`must have at most ${atMost} lines`);
  return rows.map((row, index) => {
    const { number = '', outstanding = '', daysPastDue = '' } = row;
    if (
      !/^[A-Z0-9-]{3,30}$/.test(number) ||
      !/^\d{1,15}(\.\d{1,4})?$/.test(outstanding) ||
      !/^\d{1,4}$/.test(daysPastDue)
    )
      throw refused(`line ${index + 2} must hold a number, an amount and whole days`);
    return { number, outstanding, daysPastDue: Number(daysPastDue) };
  });
}

function readRows(content: Buffer): Record<string, string>[] {
  try {
    return parse(content, { bom: true, columns: true, skip_empty_lines: true, trim: true, max_record_size: 1000 });
  } catch (error) {
    if (error instanceof CsvError) throw refused(error.message.slice(0, 200));
    throw error;
  }
}

function refused(message: string) {
  return httpError('input_invalid', { fields: [{ pointer: '', rule: 'table', message }] });
}
