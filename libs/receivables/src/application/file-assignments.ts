import { Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import { type CommandContext, idBytes, idText, UnitOfWork } from '#platform';
import { Assignment, AssignmentItem } from '../persistence/certificate.entities.js';
import { Receivable } from '../persistence/entities.js';
import { AssignmentRegister } from './ports/assignment-register.js';
import { SettlementBook } from './settlement-book.js';

/**
 * Tells the outside register of new assignments and of those that have ended. The register is called outside transactions; what it
 * answered is written after, and what a crash has lost is told again under the same identifier.
 */
@Injectable()
export class FileAssignments {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly register: AssignmentRegister,
    private readonly identity: IdentityReader,
    private readonly book: SettlementBook,
  ) {}

  /** One batch; returns how many it told. */
  async execute(context: CommandContext): Promise<number> {
    const due = await this.unitOfWork.run(context, async (tx) => {
      const rows = await tx.rows<{ id: Buffer }>(
        'SELECT id FROM assignment_item WHERE register_due = 1 ORDER BY id LIMIT 50',
      );
      return Promise.all(
        rows.map(async ({ id }) => {
          const item = await tx.manager.findOneByOrFail(AssignmentItem, { id: idText(id) });
          const assignment = await tx.manager.findOneByOrFail(Assignment, { id: item.assignmentId });
          return {
            item,
            assignment,
            receivable: await tx.manager.findOneByOrFail(Receivable, { id: item.receivableId }),
            today: this.book.day(await tx.now()),
          };
        }),
      );
    });
    if (due.length === 0) return 0;
    const parties = await this.identity.organisations(
      due.flatMap(({ assignment, item, receivable }) => [assignment.assigneeId, receivable.sellerId, item.anchorId]),
    );
    for (const { item, assignment, receivable, today } of due) {
      const [seller, debtor, assignee] = [
        parties.get(receivable.sellerId),
        parties.get(item.anchorId),
        parties.get(assignment.assigneeId),
      ];
      if (!seller || !debtor || !assignee) throw new Error(`the parties of assignment ${assignment.id} are not known`);
      const filing =
        item.filing ??
        (await this.register.file({
          id: item.filings === 0 ? item.id : `${item.id}/${item.filings}`,
          sellerCountry: seller.country,
          sellerRegistration: seller.registrationNumber,
          debtorCountry: debtor.country,
          debtorRegistration: debtor.registrationNumber,
          documentNumber: receivable.number,
          issuedOn: receivable.issuedOn,
          securedParty: assignee.name,
          filedOn: today,
        }));
      if (item.live !== 1) await this.register.satisfy(filing, today);
      await this.unitOfWork.run(context, async (tx) => {
        const now = await tx.now();
        // What ended while the register was told of its beginning stays due: it is told of the end next.
        await tx.execute(
          `UPDATE assignment_item SET filing = ?, filed_at = COALESCE(filed_at, ?), satisfied_at = ?,
             register_due = CASE WHEN live IS NULL AND ? IS NULL THEN 1 END WHERE id = ?`,
          [filing, now, item.live === 1 ? null : now, item.live === 1 ? null : now, idBytes(item.id)],
        );
        tx.audit({
          action: item.live === 1 ? 'assignment.file' : 'assignment.satisfy_filing',
          subjectType: 'assignment',
          subjectId: assignment.id,
          data: { filing, itemId: item.id },
        });
      });
    }
    return due.length;
  }
}
