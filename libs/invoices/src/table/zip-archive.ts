import { DomainError } from '#kernel';
import { invoiceError } from '../errors.js';

/** One file in an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  /** Its packed bytes. */
  readonly packed: Uint8Array;
}

const longestUnpacked = 400 * 1024 * 1024;

/** The files of a ZIP archive by name, from its central directory. Refuses what is encrypted, cut or of another kind. */
export function zipEntries(archive: Buffer): ReadonlyMap<string, ZipEntry> {
  const end = archive.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end === -1 || end + 22 > archive.length) throw broken('has no end');
  const count = archive.readUInt16LE(end + 10);
  const entries = new Map<string, ZipEntry>();
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== 0x02014b50) throw broken('has a broken directory');
    if ((archive.readUInt16LE(at + 8) & 1) === 1) throw broken('is encrypted');
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const packed = packedBytes(archive, archive.readUInt32LE(at + 42), archive.readUInt32LE(at + 20));
    entries.set(name, { name, method: archive.readUInt16LE(at + 10), packed });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

/** Unpacks a file piece by piece; stops a file that grows beyond all measure, whatever size the archive states. */
export async function* unpack({ method, packed, name }: ZipEntry): AsyncGenerator<Buffer> {
  if (method === 0) {
    yield Buffer.from(packed);
    return;
  }
  if (method !== 8) throw broken(`packs ${name} in an unknown way`);
  const inflate = new DecompressionStream('deflate-raw');
  void feed(inflate, packed);
  let size = 0;
  try {
    for await (const chunk of inflate.readable as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > longestUnpacked) throw broken(`unpacks to more than ${longestUnpacked} bytes`);
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
  } catch (error) {
    throw error instanceof DomainError ? error : broken('is damaged');
  }
}

/** In small pieces, so that what is unpacked never runs far ahead of what was read. */
async function feed(inflate: DecompressionStream, packed: Uint8Array): Promise<void> {
  const writer = inflate.writable.getWriter();
  try {
    for (let at = 0; at < packed.length; at += 4096) await writer.write(packed.subarray(at, at + 4096));
    await writer.close();
  } catch {
    // A damaged file shows where it is read; a reader that stops early ends the writing.
  }
}

function packedBytes(archive: Buffer, start: number, length: number): Uint8Array {
  if (start + 30 > archive.length || archive.readUInt32LE(start) !== 0x04034b50) throw broken('has a broken entry');
  const from = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
  if (from + length > archive.length) throw broken('is cut off');
  return archive.subarray(from, from + length);
}

export function broken(fault: string) {
  return invoiceError('invoice_table_malformed', { detail: `The spreadsheet ${fault}.` });
}
