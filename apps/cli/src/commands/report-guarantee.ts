import 'reflect-metadata';
import { checkGuarantees, guaranteeSummary } from '#guarantee';
import { openDatabase, readEnvironment, systemContext, UnitOfWork } from '#platform';
import { contexts } from '../../../../config/contexts.js';
import { type Command, exitCode, UsageError } from '../command.js';

export const command: Command = {
  usage: `
sanad report guarantee [--check]

Prints each scheme with its capital, headroom, guarantees by state and claims.
With --check proves them: the books, capacity against what the rows add up to, layers and shares of every loss to the unit, recoveries and
settlements, claims and fees computed again from their stored inputs, the lender's retained share. Names the first invariant that is
broken, with the place, and ends with 1.`,
  async run(args, io) {
    const unknown = args.find((word) => word !== '--check' && word !== '--json');
    if (unknown !== undefined) throw new UsageError(`"${unknown}" is not an option`);
    const environment = readEnvironment();
    const dataSource = await openDatabase(environment, contexts);
    try {
      const unitOfWork = new UnitOfWork(dataSource, environment.clockOffsetSeconds);
      const check = args.includes('--check');
      const report = await unitOfWork.run<object>(systemContext('report.guarantee'), (tx) =>
        check ? checkGuarantees(tx, dataSource) : guaranteeSummary(tx),
      );
      io.stdout.write(`${JSON.stringify(report)}\n`);
      return 'ok' in report && report.ok === false ? exitCode.refused : exitCode.done;
    } finally {
      await dataSource.destroy();
    }
  },
};
