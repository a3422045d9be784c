import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../config/environment.js';
import { PdfPrinter } from './pdf-printer.js';
import { printedFile } from './printed-file.js';
import { printedHtml, type PrintedPage } from './printed-page.js';

const environment = readEnvironment();
const pdfToText = ['/usr/bin/pdftotext', '/usr/local/bin/pdftotext', '/opt/homebrew/bin/pdftotext'].find(existsSync);
/** False, with a line in the output, where there is nothing to print with. */
function canPrint(): boolean {
  if (!environment.chromiumPath) process.stderr.write('no Chromium here: printing was not tried\n');
  return environment.chromiumPath !== undefined;
}
const silent = { warn: () => undefined };
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('sanad-print-'));

const certificate: PrintedPage = {
  language: 'ar',
  issuer: 'سند',
  title: 'شهادة ضمان',
  blocks: [
    { kind: 'facts', facts: [{ label: 'المبلغ', value: '1,234.50 SAR' }] },
    {
      kind: 'table',
      columns: [{ label: 'التاريخ' }, { label: 'المبلغ', figures: true }],
      rows: Array.from({ length: 120 }, (_, index) => ['2026-11-21', String(index)]),
    },
  ],
  verification: { note: 'يمكن التحقق من هذه الشهادة برقمها.' },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'printer-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program in Chromium's place. */
function program(script: string): string {
  const path = join(folder, 'program');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

it('prints Arabic that reads as it was written, on as many sheets as it needs', async () => {
  if (!canPrint()) return;
  const before = folders();
  const pdf = (await new PdfPrinter(environment, silent).print(printedHtml([certificate]))) as Buffer;
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(folders()).toEqual(before);
  if (!pdfToText) return;
  const path = join(folder, 'page.pdf');
  writeFileSync(path, pdf);
  const text = execFileSync(pdfToText, ['-layout', path, '-']).toString('utf8');
  // Letters come back in their plain forms; fonts store some of them as ligatures.
  expect(text.normalize('NFKC').replace(/[\u202a-\u202e]/g, '')).toContain('شهادة ضمان');
  expect(text).toContain('1,234.50 SAR');
  expect(text.split('\f').length).toBeGreaterThan(3);
});

it('loads nothing: neither from this machine nor from its files, and runs no script', async () => {
  if (!canPrint()) return;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(String(request.url));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const secret = join(folder, 'secret.html');
  writeFileSync(secret, 'SECRET OF THE MACHINE');
  const html = `<!doctype html><html><head><link rel="stylesheet" href="${address}/style"></head><body>
    <img src="${address}/image"><iframe src="${address}/frame"></iframe><iframe src="file://${secret}"></iframe>
    <script>document.body.append('SCRIPT RAN'); fetch('${address}/fetch')</script>here</body></html>`;
  const pdf = (await new PdfPrinter(environment, silent).print(html)) as Buffer;
  await new Promise((resolve) => server.close(resolve));
  expect(asked).toEqual([]);
  if (!pdfToText) return;
  writeFileSync(join(folder, 'page.pdf'), pdf);
  const text = execFileSync(pdfToText, [join(folder, 'page.pdf'), '-']).toString();
  expect(text).toContain('here');
  expect(text).not.toMatch(/SECRET|SCRIPT/);
});

it('answers the same page as HTML where there is no Chromium', async () => {
  const file = await printedFile(new PdfPrinter({ ...environment, chromiumPath: undefined }, silent), 'certificate', [
    certificate,
  ]);
  expect(file.options.type).toContain('text/html');
  expect((file.getStream().read() as Buffer).toString()).toContain('شهادة ضمان');
});

it('ends a browser that hangs, with the processes it started, and removes its folder', async () => {
  const before = folders();
  const pids = join(folder, 'pids');
  const hangs = program(`sleep 600 & echo $! $$ > ${pids}; wait`);
  expect(await new PdfPrinter({ ...environment, chromiumPath: hangs }, silent, 300).print('page')).toBeUndefined();
  expect(folders()).toEqual(before);
  const [child] = readFileSync(pids, 'utf8').split(' ').map(Number);
  // The signal was sent; a busy machine may need a moment to carry it out. A killed process that waits to be collected runs no more either.
  const state = () => {
    try {
      return readFileSync(`/proc/${child}/stat`, 'utf8').split(' ')[2] as string;
    } catch {
      return 'gone';
    }
  };
  while (!['gone', 'Z', 'X'].includes(state())) await new Promise((resolve) => setImmediate(resolve));
});

it('prints two at once, lets thirty wait and refuses more', async () => {
  const log = join(folder, 'log');
  const script = 'for word; do case $word in --print-to-pdf=*) pdf=${word#*=};; esac; done';
  const chromiumPath = program(`${script}\necho in >> ${log}; sleep 0.02; echo out >> ${log}; echo %PDF- > $pdf`);
  const printer = new PdfPrinter({ ...environment, chromiumPath }, silent);
  const results = await Promise.allSettled(Array.from({ length: 33 }, () => printer.print('page')));
  const refused = results.filter(({ status }) => status === 'rejected');
  expect(refused).toMatchObject([{ reason: { code: 'printer_busy' } }]);
  let [inside, most] = [0, 0];
  for (const word of readFileSync(log, 'utf8').trim().split('\n')) {
    inside += word === 'in' ? 1 : -1;
    most = Math.max(most, inside);
  }
  expect([most, inside]).toEqual([2, 0]);
  expect(await printer.print('page')).toBeInstanceOf(Buffer);
});
