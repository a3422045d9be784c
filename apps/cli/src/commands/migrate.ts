import 'reflect-metadata';
import { migrate, openDatabase, readEnvironment } from '#platform';
import { newerCalendar } from '#review';
import { contexts } from '../../../../config/contexts.js';
import { type Command, exitCode } from '../command.js';

export const command: Command = {
  usage: `
sanad migrate

Brings the database of DATABASE_URL to the present schema. It may be run again, and by two processes at once.`,
  async run(_args, io) {
    const environment = { ...readEnvironment(), databaseTimeoutSeconds: 0 };
    const dataSource = await openDatabase(environment, contexts);
    try {
      const done = await migrate(dataSource);
      io.stdout.write(done.length === 0 ? 'The database is up to date.\n' : `Applied: ${done.join(', ')}\n`);
      const newer = await newerCalendar(dataSource, environment);
      if (newer)
        io.stdout.write(
          `A newer business calendar (${newer}) came with this program. An operator takes it up with POST /v1/business-calendar/adopt.\n`,
        );
      return exitCode.done;
    } finally {
      await dataSource.destroy();
    }
  },
};
