import { deflateRawSync } from 'node:zlib';
import writeXlsxFile from 'write-excel-file/node';
import { tableColumns } from './columns.js';
import { readInvoiceTable, type TableRow } from './read-table.js';

const header = [
  'invoice_number',
  'issue_date',
  'due_date',
  'currency',
  'seller_name',
  'buyer_name',
  'amount_without_tax',
  'tax_amount',
  'amount_with_tax',
  'amount_due',
];
const refused = (code: string) => expect.objectContaining({ code });

async function read(file: Buffer): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.length; at += 1000) yield file.subarray(at, at + 1000);
  }
  await readInvoiceTable(pieces(), (each) => void rows.push(each));
  return rows;
}

describe('spreadsheets', () => {
  const names = tableColumns.map(({ name }) => ({ value: name }));
  const cells = (changes: Readonly<Record<string, unknown>>) =>
    tableColumns.map(({ name }) => (name in changes ? (changes[name] as { value: string }) : { value: '' }));

  it('give numbers, dates and texts as a person typed them', async () => {
    const date = (text: string) => ({ value: new Date(text), type: Date, format: 'yyyy-mm-dd' });
    const data = [
      names,
      cells({
        invoice_number: { value: 4711 },
        issue_date: date('2024-02-29'),
        due_date: { value: '2024-05-29' },
        currency: { value: 'SAR' },
        seller_name: { value: 'مورد & Sons <1>' },
        buyer_name: { value: 'B' },
        amount_due: { value: 0.1 + 0.2 },
      }),
    ];
    const [answer] = await read(await writeXlsxFile(data as never).toBuffer());
    expect(answer).toMatchObject({
      row: 2,
      invoice: { id: '4711', issueDate: '2024-02-29', dueDate: '2024-05-29', seller: { name: 'مورد & Sons <1>' } },
    });
    expect(answer && 'invoice' in answer && answer.invoice.totals.payable?.toFixed()).toBe('0.3');
  });

  const workbook = (sheet: string, extra: Record<string, string> = {}) =>
    zip({
      'xl/workbook.xml':
        '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
      'xl/worksheets/sheet1.xml': sheet,
      ...extra,
    });
  const text = (value: string) =>
    `<x:c t="inlineStr"><x:is><x:t>${value}</x:t><x:rPh sb="0"><x:t>guide</x:t></x:rPh></x:is></x:c>`;
  const headerRow = `<x:row r="1">${header.map(text).join('')}</x:row>`;

  it('with prefixes, formulas, shared texts, days since 1904 and rows left out', async () => {
    const line = `<x:row r="7">${text('A')}<x:c r="B7"><x:v>43920</x:v></x:c><x:c r="D7" t="s"><x:v>0</x:v></x:c>${text('S')}${text('B')}<x:c r="J7"><x:f>SUM(1,2)</x:f><x:v>3</x:v></x:c></x:row>`;
    const file = workbook(`<x:sheetData>${headerRow}<x:row r="3"/>${line}</x:sheetData>`, {
      'xl/sharedStrings.xml': '<sst><si><r><t>S</t></r><r><t>AR</t></r></si></sst>',
    });
    const answers = await read(file);
    expect(answers).toMatchObject([
      { row: 7, invoice: { id: 'A', issueDate: '2024-03-31', currency: 'SAR', buyer: { name: 'B' } } },
    ]);
  });

  it('take the first sheet by its place in the workbook, not by the number of its file', async () => {
    const relation = (id: string, file: string) =>
      `<Relationship Id="${id}" Type="x/worksheet" Target="/xl/worksheets/${file}"/>`;
    const sheets = '<s:sheet name="first" sheetId="9" q:id="b"/><s:sheet name="second" sheetId="1" q:id="a"/>';
    const file = workbook('<sheetData/>', {
      'xl/workbook.xml': `<s:workbook xmlns:s="s" xmlns:q="q"><s:sheets>${sheets}</s:sheets></s:workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships>${relation('a', 'sheet1.xml')}${relation('b', 'sheet7.xml')}</Relationships>`,
      'xl/worksheets/sheet7.xml': `<x:sheetData>${headerRow}<x:row>${text('A')}</x:row></x:sheetData>`,
    });
    expect(await read(file)).toMatchObject([{ row: 2, error: { code: 'invoice_row_invalid' } }]);
  });

  it.each([
    ['rows that never end', '<x:row>'.repeat(400_000)],
    ['cells that never end', `${headerRow}<x:row>${'<x:c>'.repeat(150_000)}</x:row>`],
    ['values that never end', `${headerRow}<x:row><x:c>${'<x:v '.repeat(150_000)}</x:c></x:row>`],
    ['a row beyond measure', `<x:row>${' '.repeat(3_000_000)}</x:row>`],
  ])('made to be slow are answered quickly: %s', async (_name, sheet) => {
    const started = performance.now();
    await read(workbook(sheet)).catch((error: unknown) => expect(error).toEqual(refused('invoice_table_malformed')));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

/** A ZIP archive of texts, as little as a reader needs. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
