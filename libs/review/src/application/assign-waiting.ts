import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import { conflictsOf, updateCase } from '../persistence/review-case.store.js';
import { lockUnassignedCases } from '../persistence/review-case.batch.js';
import { AssignmentDesk } from './assignment.js';
import { recordSteps } from './record-steps.js';
import { tellAssignee } from './tell-of-clocks.js';

const batch = 100;

/**
 * Gives the cases that nobody could take when they came to those who can now, by load. Cases that were not decided in time stay with
 * the lead. A full batch announces the next, so that nobody waits long for a lock.
 */
@Injectable()
export class AssignWaiting {
  constructor(private readonly desk: AssignmentDesk) {}

  async within(tx: Transaction, organisationId: string): Promise<void> {
    const cases = await lockUnassignedCases(tx, batch);
    const now = await tx.now();
    let assigned = 0;
    for (const before of cases) {
      const to = await this.desk.choose(tx, before.id, await conflictsOf(tx, before.id));
      if (to.assigneeId === null) continue;
      const after = { ...before, ...to, version: before.version + 1 };
      await updateCase(tx, before, after);
      const data = { assigneeId: to.assigneeId, escalated: to.escalated };
      await recordSteps(tx, now, [
        {
          after,
          from: before.state,
          action: 'assign',
          event: 'assigned',
          internal: true,
          data,
          note: { reason: 'a reviewer became available' },
        },
      ]);
      tellAssignee(tx, after);
      assigned += 1;
    }
    if (cases.length === batch && assigned > 0)
      tx.emit({
        name: 'review_case.assigning_continued',
        subjectType: 'organisation',
        subjectId: organisationId,
        version: 1,
        payload: {},
      });
  }
}
