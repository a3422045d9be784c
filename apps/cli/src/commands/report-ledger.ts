import 'reflect-metadata';
import { checkLedger, LedgerReader, type LedgerVerdict, type TrialBalance } from '#ledger';
import { openDatabase, readEnvironment, systemContext, UnitOfWork } from '#platform';
import { contexts } from '../../../../config/contexts.js';
import { type Command, exitCode, UsageError } from '../command.js';

export const command: Command = {
  usage: `
sanad report ledger [--check]

Prints the trial balance: for each currency, the debit and credit balances by purpose and their difference, which is zero.
With --check proves the books: debits equal credits, every balance is the sum of its postings, floors hold, no transfer was
changed, nothing is in a closed month that was not there when it closed, no reservation outlives its time, and the database refuses
changes. Names the first invariant that is broken, with the place, and ends with 1.`,
  async run(args, io) {
    const unknown = args.find((word) => word !== '--check' && word !== '--json');
    if (unknown !== undefined) throw new UsageError(`"${unknown}" is not an option`);
    const environment = { ...readEnvironment(), databaseTimeoutSeconds: 0 };
    const dataSource = await openDatabase(environment, contexts);
    try {
      const unitOfWork = new UnitOfWork(dataSource, environment.clockOffsetSeconds);
      const check = args.includes('--check');
      const report = await unitOfWork.run<LedgerVerdict | TrialBalance>(systemContext('report.ledger'), (tx) =>
        check ? checkLedger(tx) : new LedgerReader(dataSource).trialBalance(tx),
      );
      io.stdout.write(`${JSON.stringify(report)}\n`);
      return ('ok' in report ? report.ok : report.balanced) ? exitCode.done : exitCode.refused;
    } finally {
      await dataSource.destroy();
    }
  },
};
