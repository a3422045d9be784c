import 'reflect-metadata';
import { openDatabase, readEnvironment, systemContext, UnitOfWork } from '#platform';
import { checkReceivables, receivableFigures } from '#receivables';
import { contexts } from '../../../../config/contexts.js';
import { type Command, exitCode, UsageError } from '../command.js';

export const command: Command = {
  usage: `
sanad report receivables [--check]

Prints how many certificates stand in each state, and for how much.
With --check proves them: parts add up to what was confirmed, the books say what the certificates say, nothing is sold twice, what is on hold
is pending, what is held for owners is on its way to them. Names the first invariant that is broken, with the place, and ends with 1.`,
  async run(args, io) {
    const unknown = args.find((word) => word !== '--check' && word !== '--json');
    if (unknown !== undefined) throw new UsageError(`"${unknown}" is not an option`);
    const environment = readEnvironment();
    const dataSource = await openDatabase(environment, contexts);
    try {
      const unitOfWork = new UnitOfWork(dataSource, environment.clockOffsetSeconds);
      const context = systemContext('report.receivables');
      if (!args.includes('--check')) {
        io.stdout.write(`${JSON.stringify({ certificates: await unitOfWork.run(context, receivableFigures) })}\n`);
        return exitCode.done;
      }
      const verdict = await unitOfWork.run(context, checkReceivables);
      io.stdout.write(`${JSON.stringify(verdict)}\n`);
      return verdict.ok ? exitCode.done : exitCode.refused;
    } finally {
      await dataSource.destroy();
    }
  },
};
