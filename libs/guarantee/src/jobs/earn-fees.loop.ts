import { Injectable } from '@nestjs/common';
import type { WorkLoop } from '#platform';
import { EarnFees } from '../application/earn-fees.js';

/** Earns the months that have begun of fees paid in advance, chunk by chunk. */
@Injectable()
export class EarnFeesLoop implements WorkLoop {
  readonly name = 'guarantee.earn_fees';
  readonly idleMs = 60_000;

  constructor(private readonly fees: EarnFees) {}

  async work(): Promise<number> {
    return this.fees.work();
  }
}
