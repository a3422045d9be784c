import { readFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { importError } from './import-context.js';

/** The bytes of a file that a cell names: in the table's folder or below it, never outside. */
export async function readBeside(folder: string, name: string, pointer: string): Promise<Buffer> {
  const path = resolve(folder, name);
  const content = path.startsWith(folder + sep) ? await readFile(path).catch(() => undefined) : undefined;
  if (!content)
    throw importError('import_file_missing', {
      fields: [{ pointer, rule: 'file', message: `there is no file ${name} beside the table` }],
    });
  return content;
}
