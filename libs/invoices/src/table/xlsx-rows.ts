import { readXml, type XmlElement } from '../xml/read-xml.js';
import type { TableCells } from './csv-rows.js';
import { broken, unpack, type ZipEntry, zipEntries } from './zip-archive.js';

export interface Sheet {
  readonly since1904: boolean;
  readonly rows: AsyncGenerator<TableCells>;
}

const longestPiece = 1024 * 1024;
const mostColumns = 256;
const mostSharedCharacters = 64 * 1024 * 1024;

/**
 * The rows of an XLSX file's first sheet, one at a time. Only values are taken: a formula counts as the value that was
 * saved with it and is never computed; styles, macros and links are not looked at.
 */
export async function openSheet(archive: Buffer): Promise<Sheet> {
  const entries = zipEntries(archive);
  const workbook = await small(entries, 'xl/workbook.xml');
  const properties = find(workbook, 'workbookPr');
  const sheet = find(find(workbook, 'sheets'), 'sheet');
  const sheetEntry = entries.get(await sheetPath(entries, sheet));
  if (!sheetEntry) throw broken('has no sheet');
  const strings = await sharedStrings(entries.get('xl/sharedStrings.xml'));
  return {
    since1904: /^(?:1|true)$/.test(properties?.attributes['date1904'] ?? ''),
    rows: sheetRows(sheetEntry, strings),
  };
}

/** The file of a sheet, by the relation that it names; programs number their files as they like. */
async function sheetPath(entries: ReadonlyMap<string, ZipEntry>, sheet: XmlElement | undefined): Promise<string> {
  const relations = await small(entries, 'xl/_rels/workbook.xml.rels');
  const [, id] = Object.entries(sheet?.attributes ?? {}).find(([name]) => name.endsWith(':id')) ?? [];
  const target = relations.children.find(({ attributes }) => attributes['Id'] === id)?.attributes['Target'];
  if (target === undefined) throw broken('has no sheet');
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

async function small(entries: ReadonlyMap<string, ZipEntry>, name: string): Promise<XmlElement> {
  const entry = entries.get(name);
  if (!entry) throw broken(`has no ${name}`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of unpack(entry)) {
    size += chunk.length;
    if (size > longestPiece) throw broken(`has too large a ${name}`);
    chunks.push(chunk);
  }
  return readXml(Buffer.concat(chunks));
}

function find(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent?.children.find((child) => child.name === name);
}

/**
 * The pieces of a large XML file from each `<name` to its `</name>`, whatever prefix the file uses. Each character is
 * looked at a fixed number of times, so that a file made to be slow is only as slow as it is long.
 */
async function* pieces(entry: ZipEntry, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  const opening = new RegExp(`<(?:\\w{1,20}:)?${name}(?=[\\s/>])[^<>]*>`, 'g');
  const closing = new RegExp(`</(?:\\w{1,20}:)?${name}\\s*>`, 'g');
  let held = '';
  let searched = 0;
  for await (const chunk of unpack(entry)) {
    held += decoder.decode(chunk, { stream: true });
    let from = 0;
    for (opening.lastIndex = 0; ; opening.lastIndex = from) {
      const start = opening.exec(held);
      if (!start) {
        const tail = held.lastIndexOf('<');
        from = tail >= from ? tail : held.length;
        break;
      }
      closing.lastIndex = start.index === 0 ? Math.max(searched, opening.lastIndex) : opening.lastIndex;
      const isEmpty = start[0].endsWith('/>');
      const end = isEmpty ? start : closing.exec(held);
      if (!end) {
        from = start.index;
        break;
      }
      from = isEmpty ? opening.lastIndex : closing.lastIndex;
      yield held.slice(start.index, from);
    }
    held = held.slice(from);
    // The next search for the end goes on where this one stopped, less the length of a closing tag.
    searched = Math.max(0, held.length - 60);
    if (held.length > longestPiece) throw broken(`has a ${name} longer than ${longestPiece} characters`);
  }
}

async function sharedStrings(entry: ZipEntry | undefined): Promise<readonly string[]> {
  const strings: string[] = [];
  let characters = 0;
  if (!entry) return strings;
  for await (const item of pieces(entry, 'si')) {
    const text = textOf(item);
    characters += text.length + 16;
    if (characters > mostSharedCharacters) throw broken('has too much text');
    strings.push(text);
  }
  return strings;
}

async function* sheetRows(entry: ZipEntry, strings: readonly string[]): AsyncGenerator<TableCells> {
  let row = 0;
  for await (const piece of pieces(entry, 'row')) {
    row = Number(/^<[^>]*\sr="(\d{1,8})"/.exec(piece)?.[1] ?? row + 1);
    const cells = cellsOf(piece, strings);
    if (cells.some((cell) => cell.trim() !== '')) yield { row, cells };
  }
}

function cellsOf(row: string, strings: readonly string[]): string[] {
  const starts = [...row.matchAll(/<(?:\w{1,20}:)?c(?=[\s/>])([^<>]*)>/g)];
  const cells: string[] = [];
  let column = -1;
  starts.forEach((start, index) => {
    const attributes = start[1] ?? '';
    column = columnOf(/(?:^|\s)r="([A-Z]{1,3})\d+"/.exec(attributes)?.[1], column + 1);
    if (column >= mostColumns) return;
    while (cells.length < column) cells.push('');
    const content = row.slice(start.index + start[0].length, starts[index + 1]?.index);
    cells[column] = valueOf(/(?:^|\s)t="(\w+)"/.exec(attributes)?.[1], content, strings);
  });
  return cells;
}

function columnOf(letters: string | undefined, next: number): number {
  if (letters === undefined) return next;
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function valueOf(type: string | undefined, content: string, strings: readonly string[]): string {
  if (type === 'inlineStr') return textOf(content);
  const value = decodeText(/<(?:\w{1,20}:)?v(?:\s[^<>]*)?>([^<]*)</.exec(content)?.[1] ?? '');
  if (type === 's') return strings[Number(value)] ?? '';
  if (type === 'str' || type === 'd') return value;
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type === 'e') return value;
  return plainNumber(value);
}

/** A spreadsheet keeps binary numbers: its 15 digits are what the person typed (0.1 + 0.2 shows as 0.3). */
function plainNumber(value: string): string {
  const number = Number(value);
  if (value === '' || !Number.isFinite(number)) return value;
  const shown = Number(number.toPrecision(15));
  return Math.abs(shown) >= 1e21 || (shown !== 0 && Math.abs(shown) < 1e-6) ? value : String(shown);
}

/** The text of `<t>` elements, without the phonetic guides (`<rPh>`) that Japanese and Chinese files carry. */
function textOf(content: string): string {
  let text = '';
  let isGuide = false;
  for (const [, slash, name, after = ''] of content.matchAll(/<(\/?)(?:\w{1,20}:)?(\w+)[^<>]*>([^<]*)/g)) {
    if (name === 'rPh') isGuide = slash === '';
    else if (name === 't' && slash === '' && !isGuide) text += after;
  }
  return decodeText(text);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeText(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9A-Fa-f]{1,5})|#(\d{1,6})|(\w{2,4}));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal);
      return code < 0x20 || (code >= 0xd800 && code <= 0xdfff) ? ' ' : String.fromCodePoint(code);
    },
  );
}
