import { invoiceError } from '../errors.js';

/** Encodings that invoices are seen in, by the names that declarations use. All others are refused. */
const decoders: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'iso-8859-1': 'latin1',
  latin1: 'latin1',
  'iso-8859-6': 'iso-8859-6',
  'iso-8859-15': 'iso-8859-15',
  'windows-1252': 'windows-1252',
  'windows-1256': 'windows-1256',
  gb2312: 'gbk',
  gbk: 'gbk',
  gb18030: 'gb18030',
};

/** Characters that XML 1.0 does not allow; lone surrogates a strict decoder never makes. */
const forbidden = new RegExp('[\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\uFFFE\\uFFFF]');

/**
 * The text of an XML file: by byte order mark, by the look of its first bytes, or by its declaration, as XML 1.0
 * appendix F says. Refuses binary files, unknown encodings, bytes that are not valid in the encoding, and characters
 * that XML forbids.
 */
export function decodeXml(bytes: Uint8Array): string {
  const text = decode(bytes);
  const control = forbidden.exec(text);
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
    throw invoiceError('invoice_not_xml', {
      detail: `The file has the character U+${code}, which XML does not allow.`,
    });
  }
  if (!/^\s*</.test(text))
    throw invoiceError('invoice_not_xml', { detail: 'The file does not begin with an XML element.' });
  return text;
}

function decode(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  if (a === undefined) throw invoiceError('invoice_not_xml', { detail: 'The file is empty.' });
  if (a === 0xef && b === 0xbb && c === 0xbf) return strictly('utf-8', bytes.subarray(3));
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    throw invoiceError('invoice_encoding_unsupported', { detail: 'UTF-32 is not read here.' });
  }
  if (a === 0xff && b === 0xfe) return strictly('utf-16le', bytes.subarray(2));
  if (a === 0xfe && b === 0xff) return strictly('utf-16be', bytes.subarray(2));
  if (a === 0x3c && b === 0) return strictly('utf-16le', bytes);
  if (a === 0 && b === 0x3c) return strictly('utf-16be', bytes);
  return strictly(declaredDecoder(bytes), bytes);
}

function declaredDecoder(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(start)?.[1];
  if (declared === undefined) return 'utf-8';
  const known = decoders[declared.toLowerCase()];
  if (!known) {
    throw invoiceError('invoice_encoding_unsupported', { detail: `The encoding "${declared}" is not read here.` });
  }
  return known;
}

function strictly(encoding: string, bytes: Uint8Array): string {
  if (encoding === 'latin1') return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    if (looksBinary(bytes)) throw invoiceError('invoice_not_xml', { detail: 'The file is binary.' });
    throw invoiceError('invoice_encoding_unsupported', { detail: `The file is not valid ${encoding.toUpperCase()}.` });
  }
}

function looksBinary(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1').trimStart();
  return !start.startsWith('<');
}
