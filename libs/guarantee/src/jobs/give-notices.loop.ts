import { Injectable } from '@nestjs/common';
import type { WorkLoop } from '#platform';
import { EndGuarantee } from '../application/end-guarantee.js';

/** Looks for overdue reports and fees, which begin the days of cure. */
@Injectable()
export class GiveNoticesLoop implements WorkLoop {
  readonly name = 'guarantee.give_notices';
  readonly idleMs = 600_000;

  constructor(private readonly ending: EndGuarantee) {}

  async work(): Promise<number> {
    return this.ending.giveNotices();
  }
}
