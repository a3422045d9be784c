import writeXlsxFile from 'write-excel-file/node';
import { inertCell } from './columns.js';
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

describe('a reader that stops', () => {
  const many = (count: number) => Array.from({ length: count }, () => row).join('\n');
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${header}\n${many(1000)}`);
    await new Promise(() => undefined);
  }
  const stop = () => {
    throw new Error('enough');
  };

  it('ends at once, even where the source has stalled', async () => {
    await expect(readInvoiceTable(endless(), stop)).rejects.toThrow('enough');
  });

  it('ends a long spreadsheet too', async () => {
    const cells = (line: string) => line.split(',').map((value) => ({ value }));
    const lines = Array.from({ length: 5000 }, (_, index) => cells(row.replace('INV-1', `INV-${index}`)));
    const file = await writeXlsxFile([cells(header), ...lines]).toBuffer();
    async function* whole(): AsyncGenerator<Uint8Array> {
      yield file;
    }
    let seen = 0;
    await expect(readInvoiceTable(whole(), () => (++seen === 3 ? stop() : undefined))).rejects.toThrow('enough');
    const progress = await readInvoiceTable(whole(), () => undefined);
    expect(progress).toEqual({ rows: 5000, refused: 0, bytes: file.length });
  });

  it('is told why its source failed', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${header}\n${many(500)}`);
      throw new Error('the connection broke');
    }
    await expect(readInvoiceTable(failing(), () => undefined)).rejects.toThrow('the connection broke');
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
