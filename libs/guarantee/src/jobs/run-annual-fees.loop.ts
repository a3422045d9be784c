import { Injectable } from '@nestjs/common';
import type { WorkLoop } from '#platform';
import { RunAnnualFees } from '../application/run-annual-fees.js';

/** Bills the yearly fees that are due, chunk by chunk. */
@Injectable()
export class RunAnnualFeesLoop implements WorkLoop {
  readonly name = 'guarantee.fee_run';
  readonly idleMs = 60_000;

  constructor(private readonly fees: RunAnnualFees) {}

  async work(): Promise<number> {
    return this.fees.work();
  }
}
