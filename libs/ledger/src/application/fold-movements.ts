import { Injectable } from '@nestjs/common';
import { type CommandContext, UnitOfWork } from '#platform';
import { addTotals, noTotals, type Totals } from '../domain/balance.calculation.js';
import { addToBalances, removeMovements, takeMovements } from '../persistence/balance.store.js';

const batch = 2_000;

/**
 * Folds movements into the checkpoints of their accounts. A reader adds both, so that the sum is the same before and
 * after; when nobody folds, reading only becomes slower.
 */
@Injectable()
export class FoldMovements {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Folds one batch and returns how many movements it held; several processes may do it at once. */
  async execute(context: CommandContext): Promise<number> {
    return this.unitOfWork.run(context, async (tx) => {
      const taken = await takeMovements(tx, batch);
      if (taken.length === 0) return 0;
      const sums = new Map<string, Totals>();
      for (const { accountId, change } of taken)
        sums.set(accountId, addTotals(sums.get(accountId) ?? noTotals, change));
      await addToBalances(
        tx,
        [...sums]
          .map(([accountId, change]) => ({ accountId, change }))
          .sort((one, other) => (one.accountId < other.accountId ? -1 : 1)),
      );
      await removeMovements(tx, taken);
      return taken.length;
    });
  }
}
