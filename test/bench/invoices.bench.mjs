// 1,000 typical UBL invoices read in at most 3 s (issue 3); a table of 50,000 rows in bounded memory; a hostile file refused at once.
// Typical: 10 lines, about 15 KB, made from the example document of the tests. Runs on the built code: `npm run build` first.
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { readInvoice, readInvoiceTable } = createRequire(import.meta.url)(join(root, 'dist/libs/invoices/src/index.js'));

function report(name, value, unit, aim, met) {
  const figure = { name, value, unit, aim, met };
  console.log(`${name}: ${value} ${unit} (aim: ${aim}) ${met ? 'met' : 'MISSED'}`);
  if (process.env.SANAD_BENCH_RESULT) appendFileSync(process.env.SANAD_BENCH_RESULT, `${JSON.stringify(figure)}\n`);
}

const seconds = (since) => Math.round(performance.now() - since) / 1000;

/** The example with its first line split into nine of a ninth each, padded with the details that real lines carry. */
function typicalInvoices(count) {
  const example = readFileSync(join(root, 'libs/invoices/src/fixtures/ubl-invoice.xml'), 'utf8');
  const [line] = example.match(/ *<a:InvoiceLine>[^]*?<\/a:InvoiceLine>\n/);
  const details = Array.from(
    { length: 12 },
    (_, n) =>
      `    <a:AdditionalItemProperty><Name>Property ${n}</Name><Value>Value of ${n}</Value></a:AdditionalItemProperty>\n`,
  );
  const part = (n) =>
    line.replace('1000.00', n < 8 ? '111.11' : '111.12').replace('    <a:Item>', `${details.join('')}    <a:Item>`);
  const typical = example.replace(line, Array.from({ length: 9 }, (_, n) => part(n)).join(''));
  return Array.from({ length: count }, (_, n) => Buffer.from(typical.replace('R&amp;D-2025-17', `INV-${n}`)));
}

const invoices = typicalInvoices(1000);
let since = performance.now();
const faulty = invoices.filter((bytes, n) => {
  const { invoice, problems } = readInvoice(bytes);
  return invoice.id !== `INV-${n}` || invoice.lines.length !== 10 || problems.length > 0;
});
const reading = seconds(since);
if (faulty.length > 0) throw new Error(`${faulty.length} invoices were read wrongly`);
const size = Math.round(invoices[0].length / 1000);
report(`1,000 UBL invoices of ${size} KB read`, reading, 's', '≤ 3 s', reading <= 3);

async function* table(rows) {
  yield Buffer.from('invoice_number,issue_date,currency,seller_name,buyer_name,amount_due\n');
  for (let row = 0; row < rows; row += 100) {
    yield Buffer.from(
      Array.from({ length: 100 }, (_, n) => `T-${row + n},2025-03-31,SAR,Seller,Buyer,${row}.25\n`).join(''),
    );
  }
}

const before = process.memoryUsage().rss;
let peak = before;
since = performance.now();
const onProgress = () => (peak = Math.max(peak, process.memoryUsage().rss));
const { rows, refused } = await readInvoiceTable(table(50_000), () => undefined, { onProgress });
if (rows !== 50_000 || refused !== 0) throw new Error(`${rows} rows were read, ${refused} refused`);
const grown = Math.round((peak - before) / 1e6);
report('memory that a table of 50,000 rows takes', grown, 'MB', '≤ 150 MB', grown <= 150);
report('a table of 50,000 rows read', seconds(since), 's', '≤ 3 s', seconds(since) <= 3);

since = performance.now();
try {
  readInvoice(Buffer.from('<a>'.repeat(3_000_000)));
  throw new Error('an endlessly nested document was read');
} catch (error) {
  if (error.code !== 'invoice_xml_too_complex') throw error;
}
report('an endlessly nested document refused', seconds(since), 's', '≤ 0.2 s', seconds(since) <= 0.2);
