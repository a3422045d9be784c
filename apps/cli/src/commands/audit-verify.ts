import 'reflect-metadata';
import { auditAnchor, openDatabase, readEnvironment, systemContext, UnitOfWork, verifyAudit } from '#platform';
import { contexts } from '../../../../config/contexts.js';
import { type Command, exitCode, UsageError } from '../command.js';

export const command: Command = {
  usage: `
sanad audit verify [--head HEAD]...

Walks the hash chain of the audit log and names the first entry that was changed, removed, or not sealed for 60 seconds, and a chain
whose newest end was cut off. The answer tells the end of the chain as "head". Keep it where nobody with access to this database can
change it, and give it later with --head: then also who changes every table of this database cannot cut the chain before it.`,
  async run(args, io) {
    const anchors = readAnchors(args.filter((word) => word !== '--json'));
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
  },
};

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
