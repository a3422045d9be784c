import { Injectable } from '@nestjs/common';
import { notify } from '#notices';
import { type CommandContext, type Transaction, UnitOfWork } from '#platform';
import { type Reason, ReviewCases } from '#review';
import { receivableError } from '../domain/errors.js';
import type { HoldState } from '../domain/hold.js';
import { decideHolds } from '../persistence/registry.store.js';
import { Receivables } from './receivables.js';
import { heldReceivable } from './registry.js';

export interface HoldDecision {
  readonly outcome: Exclude<HoldState, 'open'>;
  readonly reasons: readonly Reason[];
}

/** The reviewer's decision about a held receivable: an honest neighbour, or the same claim once more. */
@Injectable()
export class DecideHold {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
    private readonly receivables: Receivables,
  ) {}

  async execute(context: CommandContext, receivableId: string, decision: HoldDecision) {
    return this.unitOfWork.run(context, (tx) => this.within(tx, receivableId, decision));
  }

  async within(tx: Transaction, receivableId: string, { outcome, reasons }: HoldDecision) {
    const receivable = await this.receivables.lock(tx, receivableId);
    const open = await this.cases.openCaseOf(tx, heldReceivable, receivableId);
    if (!open) throw receivableError('receivable_not_held');
    await this.cases.decide(tx, open.id, { outcome, reasons });
    const now = await tx.now();
    const decided = await decideHolds(tx, receivableId, outcome, now);
    const message = reasons.map((reason) => reason.message).join(' ');
    tx.audit({
      action: `receivable.hold_${outcome}`,
      subjectType: 'receivable',
      subjectId: receivableId,
      data: { outcome, reasons, decided },
    });
    tx.emit({
      name: 'receivable.hold_decided',
      subjectType: 'receivable',
      subjectId: receivableId,
      version: receivable.version,
      audience: [receivable.sellerId, receivable.anchorId],
      payload: { outcome },
    });
    notify(tx, {
      organisationId: receivable.sellerId,
      template: outcome === 'distinct' ? 'receivable_hold_ended' : 'receivable_duplicate',
      parameters: { number: receivable.number, reasons: message },
      link: `/receivables/${receivableId}`,
    });
    return { receivableId, outcome, decided };
  }
}
