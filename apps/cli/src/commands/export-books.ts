import 'reflect-metadata';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BooksExport } from '#ledger';
import { openDatabase, readEnvironment } from '#platform';
import { contexts } from '../../../../config/contexts.js';
import { type Command, exitCode, UsageError } from '../command.js';

export const command: Command = {
  usage: `
sanad export books --out FILE

Writes every sealed audit entry and every transfer of the ledger with their hashes, one JSON object a line, and a manifest at the end.
\`sanad audit verify --export FILE\` proves the file without the database. An existing file is not overwritten.`,
  async run(args, io) {
    const [option, file, ...rest] = args.filter((word) => word !== '--json');
    if (option !== '--out' || file === undefined || rest.length > 0) throw new UsageError('--out FILE is needed');
    const dataSource = await openDatabase(readEnvironment(), contexts);
    try {
      const output = createWriteStream(file, { flags: 'wx' });
      await pipeline(Readable.from(new BooksExport(dataSource).lines()), output);
      io.stdout.write(`${JSON.stringify({ file, bytes: output.bytesWritten })}\n`);
      return exitCode.done;
    } catch (error) {
      const code = (error as { readonly code?: string }).code;
      if (code === 'EEXIST') throw new UsageError(`${file} exists already`);
      if (code === 'ENOENT' || code === 'EACCES') throw new UsageError(`${file} cannot be written`);
      throw error;
    } finally {
      await dataSource.destroy();
    }
  },
};
