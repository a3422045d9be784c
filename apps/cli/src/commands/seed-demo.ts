import 'reflect-metadata';
import { openDatabase, readEnvironment } from '#platform';
import { contexts } from '../../../../config/contexts.js';
import { type Command, exitCode } from '../command.js';
import { seedDemo } from '../demo/seed-demo.js';

export const command: Command = {
  usage: `
sanad seed demo

Makes the demonstration market in an empty database: some 40 enterprises, 25 financiers with over 100 mandates, anchors, a
guarantor, operators, and requests in every state, dated relative to today. Refused when organisations are there already.`,
  async run(_args, io) {
    const environment = readEnvironment();
    if (environment.stage === 'live') {
      io.stderr.write('sanad seed demo: a live market is never seeded; set STAGE=sandbox on another database.\n');
      return exitCode.refused;
    }
    const dataSource = await openDatabase(environment, contexts);
    const [row] = await dataSource.query<{ n: string }[]>('SELECT COUNT(*) AS n FROM organisation');
    await dataSource.destroy();
    if (Number(row?.n) > 0) {
      io.stderr.write('sanad seed demo: this database has organisations already; use an empty one.\n');
      return exitCode.refused;
    }
    await seedDemo(environment, (text) => io.stderr.write(`${text}\n`));
    io.stdout.write('The demonstration market stands.\n');
    return exitCode.done;
  },
};
