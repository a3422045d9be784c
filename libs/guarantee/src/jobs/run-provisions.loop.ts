import { Injectable } from '@nestjs/common';
import type { WorkLoop } from '#platform';
import { RunProvision } from '../application/run-provision.js';

/** Posts last month's provision of every scheme that has none yet. */
@Injectable()
export class RunProvisionsLoop implements WorkLoop {
  readonly name = 'guarantee.run-provisions';
  readonly idleMs = 600_000;

  constructor(private readonly provision: RunProvision) {}

  work(): Promise<number> {
    return this.provision.nextDue();
  }
}
