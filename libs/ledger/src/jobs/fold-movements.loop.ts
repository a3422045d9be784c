import { Injectable } from '@nestjs/common';
import { systemContext, type WorkLoop } from '#platform';
import { FoldMovements } from '../application/fold-movements.js';

/** Keeps the checkpoints of accounts without a floor near the present. */
@Injectable()
export class FoldMovementsLoop implements WorkLoop {
  readonly name = 'ledger.fold_movements';
  readonly idleMs = 1_000;

  constructor(private readonly foldMovements: FoldMovements) {}

  work(): Promise<number> {
    return this.foldMovements.execute(systemContext(this.name));
  }
}
