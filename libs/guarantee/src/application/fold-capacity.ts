import { Injectable } from '@nestjs/common';
import { idText, systemContext, UnitOfWork } from '#platform';
import { foldMovements, lockCapacity } from '../persistence/capacity.store.js';

/** Folds what was given back into the capacity rows, scheme by scheme. */
@Injectable()
export class FoldCapacity {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** One batch of one scheme each; answers how many movements were folded. */
  async execute(): Promise<number> {
    const context = systemContext('guarantee.fold_capacity');
    const schemes = await this.unitOfWork.run(context, (tx) =>
      tx.rows<{ scheme_id: Buffer }>('SELECT DISTINCT scheme_id FROM capacity_movement LIMIT 100'),
    );
    let folded = 0;
    for (const { scheme_id } of schemes) {
      const id = idText(scheme_id);
      folded += await this.unitOfWork.run(context, async (tx) =>
        (await lockCapacity(tx, id)) ? foldMovements(tx, id) : 0,
      );
    }
    return folded;
  }
}
