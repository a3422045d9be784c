import 'reflect-metadata';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { verifyBooks } from '#ledger';
import { auditAnchor, openDatabase, readEnvironment, systemContext, UnitOfWork, verifyAudit } from '#platform';
import { contexts } from '../../../../config/contexts.js';
import { type Command, type CommandIo, exitCode, type ExitCode, UsageError } from '../command.js';

export const command: Command = {
  usage: `
sanad audit verify [--head HEAD]...
sanad audit verify --export FILE [--link HASH]

Walks the hash chain of the audit log and names the first entry that was changed, removed, or not sealed for 60 seconds, and a chain
whose newest end was cut off. The answer tells the end of the chain as "head". Keep it where nobody with access to this database can
change it, and give it later with --head: then also who changes every table of this database cannot cut the chain before it.
With --export proves a file of \`sanad export books\` or GET /v1/books-export without any database: every hash is computed again, and the
first line that does not hold is named. With --link the chain must hold this link, noted down from an earlier export.`,
  async run(args, io) {
    const file = valueOf(args, '--export');
    const link = valueOf(args, '--link');
    if (file === undefined) return verifyDatabase(readAnchors(args.filter((word) => word !== '--json')), io);
    const known = new Set(['--export', '--link', '--json', file, link]);
    const unknown = args.find((word) => !known.has(word));
    if (unknown !== undefined) throw new UsageError(`"${unknown}" is not an option`);
    if (link !== undefined && !/^[0-9a-fA-F]{64}$/.test(link))
      throw new UsageError('--link needs 64 hexadecimal digits');
    return verifyFile(file, link, io);
  },
};

async function verifyFile(file: string, link: string | undefined, io: CommandIo): Promise<ExitCode> {
  const input = createReadStream(file);
  // Without waiting for the first bytes, a file that is not there would be an error that nobody catches.
  const opened = new Promise<void>((resolve, reject) => input.once('open', () => resolve()).once('error', reject));
  try {
    await opened;
  } catch {
    throw new UsageError(`${file} cannot be read`);
  }
  const verdict = await verifyBooks(createInterface({ input, crlfDelay: Infinity }), link);
  io.stdout.write(`${JSON.stringify(verdict)}\n`);
  return verdict.ok ? exitCode.done : exitCode.refused;
}

async function verifyDatabase(anchors: ReturnType<typeof readAnchors>, io: CommandIo): Promise<ExitCode> {
  const environment = { ...readEnvironment(), databaseTimeoutSeconds: 0 };
  const dataSource = await openDatabase(environment, contexts);
  try {
    const verdict = await new UnitOfWork(dataSource, environment.clockOffsetSeconds).run(
      systemContext('audit.verify'),
      (tx) => verifyAudit(tx, anchors),
    );
    io.stdout.write(`${JSON.stringify(verdict)}\n`);
    return verdict.ok ? exitCode.done : exitCode.refused;
  } finally {
    await dataSource.destroy();
  }
}

function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  if (at === -1) return undefined;
  const value = args[at + 1];
  if (value === undefined || value.startsWith('--')) throw new UsageError(`${option} needs a value`);
  return value;
}

function readAnchors(words: readonly string[]) {
  const anchors = [];
  for (let at = 0; at < words.length; at += 2) {
    const anchor = auditAnchor(words[at + 1] ?? '');
    if (words[at] !== '--head') throw new UsageError(`"${words[at]}" is not an option`);
    if (!anchor) throw new UsageError('--head needs what an earlier answer told as "head", such as 1234:5f…');
    anchors.push(anchor);
  }
  return anchors;
}
