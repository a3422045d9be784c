import { Injectable } from '@nestjs/common';
import { notify } from '#notices';
import { clearTimers, type CommandContext, httpError, type Transaction, UnitOfWork } from '#platform';
import { Assignment, AssignmentItem } from '../persistence/certificate.entities.js';
import { settlementTimers } from './settlement-timers.js';

/** The anchor acknowledges the notice of an assignment. Its duty to pay whom the register says stands without it. */
@Injectable()
export class AcknowledgeAssignment {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(
    context: CommandContext,
    itemId: string,
  ): Promise<{ readonly itemId: string; readonly acknowledgedAt: string }> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, itemId));
  }

  async within(tx: Transaction, itemId: string): Promise<{ readonly itemId: string; readonly acknowledgedAt: string }> {
    const { organisationId, id: personId } = tx.context.actor;
    const item = await tx.manager.findOne(AssignmentItem, {
      where: { id: itemId, anchorId: organisationId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!item) throw httpError('record_unknown');
    if (item.acknowledgedAt !== null) return { itemId, acknowledgedAt: item.acknowledgedAt.toISOString() };
    const now = await tx.now();
    await tx.manager.update(AssignmentItem, { id: itemId }, { acknowledgedAt: now, acknowledgedBy: personId });
    await clearTimers(tx, itemId, [settlementTimers.noticeReminder]);
    const { assigneeId, reference } = await tx.manager.findOneByOrFail(Assignment, { id: item.assignmentId });
    tx.audit({
      action: 'assignment.acknowledge',
      subjectType: 'assignment',
      subjectId: item.assignmentId,
      data: { itemId },
    });
    tx.emit({
      name: 'assignment.acknowledged',
      subjectType: 'assignment',
      subjectId: item.assignmentId,
      version: 1,
      audience: [assigneeId, organisationId],
      payload: { itemId },
    });
    notify(tx, {
      organisationId: assigneeId,
      template: 'assignment_acknowledged',
      parameters: { reference },
      link: '/settlement',
    });
    return { itemId, acknowledgedAt: now.toISOString() };
  }
}
