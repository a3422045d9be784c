/** Kinds of file that the market takes, by what their first bytes show. */
export const documentMediaTypes = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
] as const;
export type DocumentMediaType = (typeof documentMediaTypes)[number];

/** Tables and electronic invoices, which are text: what they hold is judged by whoever reads them. */
export const tableMediaTypes = ['text/csv', 'application/xml', 'text/xml'] as const;

/** Largest table in bytes: some 200,000 rows. */
export const maxTableBytes = 32 * 1024 * 1024;

/** Largest document in bytes. */
export const maxDocumentBytes = 10 * 1024 * 1024;

/** What a file is by its own bytes, whatever its name or its sender says; undefined for any other kind. */
export function sniffMediaType(content: Buffer): DocumentMediaType | undefined {
  if (content.subarray(0, 5).equals(Buffer.from('%PDF-'))) return 'application/pdf';
  if (content.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png';
  if (content.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  // A workbook is a zip archive whose directory names its parts.
  const isZip = content.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]));
  if (isZip && content.includes('[Content_Types].xml') && content.includes('xl/workbook.xml'))
    return 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  return undefined;
}
