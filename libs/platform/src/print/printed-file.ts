import { StreamableFile } from '@nestjs/common';
import { printedHtml, type PrintedPage } from './printed-page.js';
import type { PdfPrinter } from './pdf-printer.js';

/**
 * The answer of a route that gives a document: a PDF called `<name>.pdf`, or where none can be made the same pages as HTML to
 * print from the browser. `name` is of letters, digits and hyphens.
 */
export async function printedFile(
  printer: PdfPrinter,
  name: string,
  pages: readonly [PrintedPage, ...PrintedPage[]],
): Promise<StreamableFile> {
  const html = printedHtml(pages);
  const pdf = await printer.print(html);
  return pdf
    ? new StreamableFile(pdf, { type: 'application/pdf', disposition: `attachment; filename="${name}.pdf"` })
    : new StreamableFile(Buffer.from(html), { type: 'text/html; charset=utf-8', disposition: 'inline' });
}
