import { Injectable } from '@nestjs/common';
import { systemContext, type WorkLoop } from '#platform';
import { FileAssignments } from '../application/file-assignments.js';
import { MatchEntries } from '../application/match-entries.js';

/** Bank movements that a crash left unmatched. */
@Injectable()
export class MatchEntriesLoop implements WorkLoop {
  readonly name = 'receivables.match_entries';
  readonly idleMs = 5_000;

  constructor(private readonly matching: MatchEntries) {}

  work(): Promise<number> {
    return this.matching.leftovers(systemContext(this.name));
  }
}

/** Tells the outside register of assignments and of their end. */
@Injectable()
export class FileAssignmentsLoop implements WorkLoop {
  readonly name = 'receivables.file_assignments';
  readonly idleMs = 2_000;

  constructor(private readonly filings: FileAssignments) {}

  work(): Promise<number> {
    return this.filings.execute(systemContext(this.name));
  }
}

export const settlementLoops = [MatchEntriesLoop, FileAssignmentsLoop];
