import { Injectable } from '@nestjs/common';
import type { WorkLoop } from '#platform';
import { FoldCapacity } from '../application/fold-capacity.js';

/** Keeps the capacity rows close to what is true; a reservation that needs more folds by itself. */
@Injectable()
export class FoldCapacityLoop implements WorkLoop {
  readonly name = 'guarantee.fold_capacity';
  readonly idleMs = 1000;

  constructor(private readonly fold: FoldCapacity) {}

  async work(): Promise<number> {
    return this.fold.execute();
  }
}
