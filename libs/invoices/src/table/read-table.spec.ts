import { deflateRawSync } from 'node:zlib';
import writeXlsxFile from 'write-excel-file/node';
import { inertCell, tableColumns } from './columns.js';
import { readInvoiceTable, type TableLimits, tableLimits, type TableRow } from './read-table.js';
import { invoiceTemplateCsv, invoiceTemplateXlsx } from './template.js';

const header =
  'invoice_number,issue_date,due_date,currency,seller_name,buyer_name,amount_without_tax,tax_amount,amount_with_tax,amount_due';
const row = 'INV-1,2025-03-31,2025-06-29,SAR,Seller,Buyer,1000.00,150.00,1150.00,1150.00';
const refused = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

async function read(file: string | Buffer, limits?: Partial<TableLimits>): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  const bytes = Buffer.from(file);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  }
  await readInvoiceTable(pieces(), (each) => void rows.push(each), { limits: { ...tableLimits, ...limits } });
  return rows;
}

const faultsOf = (answer: TableRow | undefined) =>
  answer && 'error' in answer ? answer.error.fields.map(({ pointer, rule }) => `${pointer} ${rule}`) : [];

describe('tables in CSV', () => {
  it('are read into the one form', async () => {
    expect(await read(`${header}\r\n${row}\r\n`)).toMatchObject([
      {
        row: 2,
        problems: [],
        invoice: {
          kind: 'invoice',
          id: 'INV-1',
          dueDate: '2025-06-29',
          currency: 'SAR',
          seller: { name: 'Seller', taxId: null },
        },
      },
    ]);
  });

  it.each([
    ['semicolons', (text: string) => Buffer.from(text.replaceAll(',', ';'))],
    ['tabs', (text: string) => Buffer.from(text.replaceAll(',', '\t'))],
    ['a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['other capitals and blanks', (text: string) => Buffer.from(text.replace('invoice_number', ' Invoice Number '))],
  ])('with %s', async (_name, write) => {
    const [answer] = await read(
      write(`${header}\n"INV ""1"", a",2025-03-31,,SAR,شركة,"B\nC",,,,5\n`.replace(', a"', ' a"')),
    );
    expect(answer).toMatchObject({ invoice: { id: 'INV "1" a', seller: { name: 'شركة' }, buyer: { name: 'B C' } } });
  });

  it('answer a faulty row with its columns and go on', async () => {
    const faulty = 'INV-2,2025-02-30,2025-01-01,sar,,Buyer,1e3,"1,000.00",10.001,=1+1';
    const early = row.replace('2025-06-29', '2025-03-30');
    const answers = await read([header, faulty, row, early, 'INV-5', `${row},,surplus`].join('\n'));
    expect(faultsOf(answers[0])).toEqual([
      '/currency currency',
      '/issue_date date',
      '/tax_amount decimal',
      '/seller_name required',
      '/amount_without_tax decimal',
      '/amount_with_tax decimals',
      '/amount_due decimal',
    ]);
    expect(answers.map((answer) => ('error' in answer ? answer.error.code : 'read'))).toEqual([
      'invoice_row_invalid',
      'read',
      'invoice_row_invalid',
      'invoice_row_invalid',
      'read',
    ]);
    expect(answers.map((answer) => answer.row)).toEqual([2, 3, 4, 5, 6]);
    expect(faultsOf(answers[2])).toEqual(['/due_date order']);
  });

  it('name the arithmetic that fails, and only where the figures are given', async () => {
    const answers = await read(
      [
        header,
        row.replace('150.00', '140.00'),
        row.replace(/,1150.00$/, ',1100.00'),
        'A,2025-03-31,,SAR,S,B,,,,5',
      ].join('\n'),
    );
    expect(answers.map((answer) => ('problems' in answer ? answer.problems.map(({ rule }) => rule) : []))).toEqual([
      ['BR-CO-15'],
      ['BR-CO-16'],
      [],
    ]);
  });

  it('keep what looks like a formula as text, in and out', async () => {
    const [answer] = await read(`${header}\n"=cmd|'/c calc'!A1",2025-03-31,,SAR,+S,@B,,,,5`);
    expect(answer).toMatchObject({
      invoice: { id: "=cmd|'/c calc'!A1", seller: { name: '+S' }, buyer: { name: '@B' } },
    });
    expect(['=1', '+1', '-1', '@x', '\tx', 'x=1', ''].map(inertCell)).toEqual([
      "'=1",
      "'+1",
      "'-1",
      "'@x",
      "'\tx",
      'x=1',
      '',
    ]);
  });

  it.each([
    [
      'without a column',
      `${header.replace(',amount_due', '')}\n`,
      'invoice_table_malformed',
      '"amount_due" is missing',
    ],
    ['with an unknown column', `${header},iban\n`, 'invoice_table_malformed', '"iban" is not known'],
    ['with a column twice', `${header},currency\n`, 'invoice_table_malformed', '"currency" stands twice'],
    ['that are empty', '', 'invoice_table_malformed', 'empty'],
    ['with a quote that never closes', `${header}\n"INV`, 'invoice_table_malformed', ''],
    ['with an endless record', `${header}\n"${'x'.repeat(100_000)}"`, 'invoice_table_malformed', ''],
    ['that are binary', Buffer.from([0x50, 0, 1, 2, 0xff]), 'invoice_encoding_unsupported', ''],
    ['in an old encoding', Buffer.from(`${header}\n\u00e9`, 'latin1'), 'invoice_encoding_unsupported', ''],
    ['that are a damaged spreadsheet', Buffer.from('PK\u0003\u0004 and nothing'), 'invoice_table_malformed', ''],
  ])('%s are refused', async (_name, file, code, message) => {
    await expect(read(file)).rejects.toThrow(refused(code, message));
  });

  it('beyond the limits are refused', async () => {
    await expect(read(`${header}\n${row}\n${row}\n`, { rows: 1 })).rejects.toThrow(refused('invoice_table_malformed'));
    await expect(read(`${header}\n${row}\n`, { csvBytes: 100 })).rejects.toThrow(refused('invoice_file_too_large'));
    await expect(read(await invoiceTemplateXlsx(), { xlsxBytes: 100 })).rejects.toThrow(
      refused('invoice_file_too_large'),
    );
  });
});

describe('the template', () => {
  it.each([
    ['CSV', async () => Buffer.from(invoiceTemplateCsv())],
    ['XLSX', invoiceTemplateXlsx],
  ])('in %s reads as one invoice', async (_name, make) => {
    expect(await read(await make())).toMatchObject([
      { row: 2, problems: [], invoice: { id: 'INV-2025-001', seller: { taxId: '300000000000003' } } },
    ]);
  });
});

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
  const headerRow = `<x:row r="1">${header.split(',').map(text).join('')}</x:row>`;

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
