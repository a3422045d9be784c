import { createReadStream, statSync } from 'node:fs';
import { parse } from 'csv-parse';
import { readSheet } from 'read-excel-file/node';
import { UsageError } from '../command.js';

/** One row of a table: its line in the file and its cells by column name, without surrounding spaces. */
export interface TableRow {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** Reads a table row by row; a CSV file of any size never stands in memory as a whole. */
export async function* readTable(path: string, known: ReadonlySet<string>): AsyncGenerator<TableRow> {
  let header: readonly string[] | undefined;
  for await (const { line, values } of linesOf(path)) {
    if (!header) {
      header = readHeader(values, known);
      continue;
    }
    const cells = new Map<string, string>();
    for (const [index, value] of values.entries()) {
      const column = header[index];
      if (column !== undefined && value !== '') cells.set(column, value);
    }
    if (cells.size > 0) yield { line, cells };
  }
  if (!header) throw new UsageError(`${path} is empty; its first row names the columns`);
}

interface Line {
  readonly line: number;
  readonly values: readonly string[];
}

function linesOf(path: string): AsyncIterable<Line> | Iterable<Line> {
  if (/\.csv$/i.test(path)) return csvLines(path);
  if (/\.xlsx$/i.test(path)) return sheetLines(path);
  throw new UsageError(`${path} is neither .csv nor .xlsx`);
}

async function* csvLines(path: string): AsyncGenerator<Line> {
  const parser = createReadStream(path).pipe(
    parse({ bom: true, trim: true, info: true, relax_column_count: true, skip_empty_lines: true }),
  );
  for await (const each of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)
    yield { line: each.info.lines, values: each.record };
}

/** A workbook is unpacked as a whole, so its size bounds the memory; a CSV file is read row by row. */
const largestWorkbook = 20 * 1024 * 1024;

/** Only values are taken: a formula counts as the value that was saved with it and is never computed. */
async function* sheetLines(path: string): AsyncGenerator<Line> {
  if (statSync(path).size > largestWorkbook)
    throw new UsageError(`${path} is larger than ${largestWorkbook / 1024 / 1024} MB; save it as CSV`);
  const rows = await readSheet(path);
  for (const [index, row] of rows.entries()) yield { line: index + 1, values: row.map(cellText) };
}

/** A cell as the same text that a CSV file would hold: dates as YYYY-MM-DD, numbers without an exponent. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 6 });
  return String(value).trim();
}

function readHeader(values: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const names = values.map((name) => name.trim().toLowerCase());
  const unknown = names.filter((name) => name !== '' && !known.has(name));
  if (unknown.length > 0)
    throw new UsageError(`unknown columns: ${unknown.join(', ')}; known are ${[...known].join(', ')}`);
  const doubled = names.filter((name, index) => name !== '' && names.indexOf(name) !== index);
  if (doubled.length > 0) throw new UsageError(`columns that stand twice: ${doubled.join(', ')}`);
  return names;
}
