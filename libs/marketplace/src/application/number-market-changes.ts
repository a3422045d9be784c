import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import { recordMarketChange } from '../persistence/market-change.store.js';

/** Numbers a change of a request's listing, so that every process that keeps lists in memory follows. */
@Injectable()
export class NumberMarketChanges {
  async within(tx: Transaction, requestId: string): Promise<void> {
    await recordMarketChange(tx, requestId);
  }
}
