import 'reflect-metadata';
import { openDatabase, readEnvironment, systemContext, UnitOfWork, verifyAudit } from '#platform';
import { contexts } from '../../../../config/contexts.js';
import { type Command, exitCode } from '../command.js';

export const command: Command = {
  usage: `
sanad audit verify

Walks the hash chain of the audit log and names the first entry that was changed, removed, or not sealed for 60 seconds.`,
  async run(_args, io) {
    const environment = readEnvironment();
    const dataSource = await openDatabase(environment, contexts);
    try {
      const verdict = await new UnitOfWork(dataSource, environment.clockOffsetSeconds).run(
        systemContext('audit.verify'),
        verifyAudit,
      );
      io.stdout.write(`${JSON.stringify(verdict)}\n`);
      return verdict.ok ? exitCode.done : exitCode.refused;
    } finally {
      await dataSource.destroy();
    }
  },
};
