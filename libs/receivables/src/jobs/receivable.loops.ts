import { Injectable } from '@nestjs/common';
import type { WorkLoop } from '#platform';
import { AskRegistries } from '../application/ask-registries.js';
import { DecideProposal } from '../application/decide-proposal.js';
import { ProcessBatches } from '../application/process-batches.js';

/** Reads uploaded files. */
@Injectable()
export class BatchLoop implements WorkLoop {
  readonly name = 'receivables.batches';
  readonly idleMs = 500;

  constructor(private readonly batches: ProcessBatches) {}

  work(): Promise<number> {
    return this.batches.work();
  }
}

/** Carries approved proposals of many receivables out. */
@Injectable()
export class ProposalLoop implements WorkLoop {
  readonly name = 'receivables.proposals';
  readonly idleMs = 500;

  constructor(private readonly proposals: DecideProposal) {}

  work(): Promise<number> {
    return this.proposals.work();
  }
}

/** Asks other registries what is due to be asked. */
@Injectable()
export class RegistryLoop implements WorkLoop {
  readonly name = 'receivables.registries';
  readonly idleMs = 2_000;

  constructor(private readonly registries: AskRegistries) {}

  work(): Promise<number> {
    return this.registries.work();
  }
}
