import { open } from 'node:fs/promises';
import type { JsonValue } from '#finance';
import { invoiceError, invoiceToJson, readInvoice, xmlLimits } from '#invoices';
import { DomainError } from '#kernel';
import { type Command, exitCode, UsageError } from '../command.js';
import { renderTable } from '../render-table.js';

type Answer = { readonly [name: string]: JsonValue };

export const command: Command = {
  usage: `
sanad invoice read FILE... [--json]

Reads electronic invoices and credit notes: UBL 2.1 (EN 16931, Peppol, Saudi e-invoices) and Cross Industry Invoice.
One file is answered by one object, several by an array in their order:

  {"file", "kind", "id", "issueDate", "dueDate", "currency", "seller", "buyer", "payee"?, "taxExclusive", "taxTotal",
   "taxInclusive", "prepaid", "rounding", "payable", "problems": [{"rule", "message"}]}
  {"file", "error": {"code", "message"}} for a file that cannot be read; the exit is then 1

problems lists each EN 16931 rule that the document's figures break. At most ${xmlLimits.bytes / 1024 / 1024} MiB a file.`,

  async run(args, io) {
    const option = args.find((arg) => arg.startsWith('--') && arg !== '--json');
    if (option !== undefined) throw new UsageError(`unknown option "${option}"`);
    const files = args.filter((arg) => arg !== '--json');
    if (files.length === 0) throw new UsageError('name at least one file');
    const answers: Answer[] = [];
    for (const file of files) answers.push(await answerFor(file));
    const answer = answers.length === 1 ? (answers[0] as Answer) : answers;
    const asTable = io.stdout.isTTY && !args.includes('--json');
    io.stdout.write(asTable ? renderTable(answer) : `${JSON.stringify(answer)}\n`);
    return answers.some((each) => 'error' in each) ? exitCode.refused : exitCode.done;
  },
};

async function answerFor(file: string): Promise<Answer> {
  try {
    return { file, ...invoiceToJson(readInvoice(await readBounded(file))) };
  } catch (error) {
    if (error instanceof DomainError) return { file, error: { code: error.code, message: error.message } };
    if (!isSystemError(error)) throw error;
    return { file, error: { code: 'file_unreadable', message: error.message } };
  }
}

/** Stops at the limit, whatever the file's stated size is. */
async function readBounded(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > xmlLimits.bytes) {
        throw invoiceError('invoice_file_too_large', { detail: `The file has more than ${xmlLimits.bytes} bytes.` });
      }
      chunks.push(bytes);
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
