import 'reflect-metadata';
import { migrate, openDatabase, readEnvironment } from '#platform';
import { contexts } from '../../../../config/contexts.js';
import { type Command, exitCode } from '../command.js';

export const command: Command = {
  usage: `
sanad migrate

Brings the database of DATABASE_URL to the present schema. It may be run again, and by two processes at once.`,
  async run(_args, io) {
    const dataSource = await openDatabase({ ...readEnvironment(), databaseTimeoutSeconds: 0 }, contexts);
    try {
      const done = await migrate(dataSource);
      io.stdout.write(done.length === 0 ? 'The database is up to date.\n' : `Applied: ${done.join(', ')}\n`);
      return exitCode.done;
    } finally {
      await dataSource.destroy();
    }
  },
};
