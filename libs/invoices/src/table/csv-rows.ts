import { parse, type Parser } from 'csv-parse';
import { invoiceError } from '../errors.js';
import type { Cell } from './columns.js';

/** A row with its number in the file, counted from 1, the header included. */
export interface TableCells {
  readonly row: number;
  readonly cells: readonly Cell[];
}

type Decoder = InstanceType<typeof TextDecoder>;

const longestRecord = 64 * 1024;

/**
 * The rows of a CSV file, one at a time: UTF-8 or UTF-16 with a byte order mark, fields divided by comma, semicolon or
 * tab as the first line has it, quotes as in RFC 4180. Empty lines are passed over.
 */
export async function* csvRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TableCells> {
  const text = decoded(bytes);
  const first = await text.next();
  const start = first.done ? '' : first.value;
  const parser = parse({
    delimiter: delimiterOf(start),
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
    info: true,
  });
  void feed(parser, start, text);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Cell[]; info: { lines: number } }>) {
      yield { row: info.lines, cells: record };
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('CSV_')) throw error;
    throw invoiceError('invoice_table_malformed', { detail: error.message.slice(0, 300) });
  } finally {
    parser.destroy();
  }
}

/** Hands the text on as fast as the parser takes it; a fault of the source ends the parser with it. */
async function feed(parser: Parser, start: string, rest: AsyncIterable<string>): Promise<void> {
  try {
    for await (const piece of rejoin(start, rest)) {
      if (parser.destroyed) return;
      if (!parser.write(piece)) await untilDrained(parser);
    }
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function untilDrained(parser: Parser): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'error']) parser.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) parser.once(event, done);
  });
}

async function* rejoin(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

/** Decodes strictly, chunk by chunk; the first piece that it gives is long enough to hold the header line. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: Decoder | undefined;
  let held = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (!decoder) {
      held = Buffer.concat([held, chunk]);
      if (held.length < 8192) continue;
      decoder = decoderFor(held);
      yield decode(decoder, held);
    } else yield decode(decoder, chunk);
  }
  if (!decoder) yield decode(decoderFor(held), held, true);
  else yield decode(decoder, new Uint8Array(), true);
}

function decoderFor(start: Uint8Array): Decoder {
  const isUtf16 = start[0] === 0xff && start[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true });
}

function decode(decoder: Decoder, bytes: Uint8Array, isLast = false): string {
  try {
    const text = decoder.decode(bytes, { stream: !isLast });
    if (text.includes('\u0000')) throw new TypeError('binary');
    return text;
  } catch {
    throw invoiceError('invoice_encoding_unsupported', { detail: `The table is not text in ${decoder.encoding}.` });
  }
}

function delimiterOf(start: string): string {
  const header = start.split(/\r?\n/, 1)[0] ?? '';
  const count = (mark: string) => header.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
