import { Injectable } from '@nestjs/common';
import { type CommandContext, type Transaction, UnitOfWork } from '#platform';
import { claimError } from '../domain/claim-errors.js';
import { addToShare, lossSharesOf } from '../persistence/loss-share.store.js';
import { ApprovalLimits } from './approval-limits.js';
import { assertOther, assertPersonActs, assertUnconflicted, ClaimSteps } from './claim-steps.js';
import { claimView, type ClaimView } from './claim-views.js';
import { Fees } from './fees.js';
import { Guarantees } from './guarantees.js';

const closable = ['paid', 'recovering', 'denied'];

/** Nothing more is expected of a claim: what is left is written off, and its guarantee ends. Two people. */
@Injectable()
export class CloseClaim {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ClaimSteps,
    private readonly guarantees: Guarantees,
    private readonly limits: ApprovalLimits,
    private readonly fees: Fees,
  ) {}

  async prepare(context: CommandContext, claimId: string, reason: string): Promise<ClaimView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { claim } = await this.steps.lock(tx, claimId, context.actor);
      assertPersonActs(context.actor);
      await assertUnconflicted(tx, claim);
      if (!closable.includes(claim.state))
        throw claimError('claim_decision_not_prepared', { data: { state: claim.state } });
      return claimView(
        await this.steps.change(tx, claim, 'prepare_closing', reason, {
          closingPreparedBy: context.actor.id,
          closingReason: reason,
        }),
      );
    });
  }

  async confirm(context: CommandContext, claimId: string): Promise<ClaimView> {
    return this.unitOfWork.run(context, (tx) => this.confirmWithin(tx, claimId));
  }

  async confirmWithin(tx: Transaction, claimId: string): Promise<ClaimView> {
    const { actor } = tx.context;
    const { claim, guarantee } = await this.steps.lock(tx, claimId, actor);
    assertPersonActs(actor);
    assertOther(claim.closingPreparedBy, actor);
    await assertUnconflicted(tx, claim);
    const left = claim.lossMinor - claim.recoveredMinor;
    await this.limits.assertMayBind(tx, {
      schemeId: claim.schemeId,
      kind: 'claim',
      subjectId: claim.id,
      currency: claim.currency,
      amountMinor: left,
      action: 'write_off',
    });
    const rows = await lossSharesOf((sql, parameters) => tx.rows(sql, parameters), claim.id);
    if (rows.some((row) => row.billedMinor !== row.receivedMinor || row.owedMinor !== row.returnedMinor))
      throw claimError('claim_unsettled');
    for (const { position, borneMinor, recoveredMinor } of rows)
      await addToShare(tx, claim.id, position, { written_off: borneMinor - recoveredMinor });
    const after = await this.steps.move(tx, claim, 'close', 'guarantor', claim.closingReason ?? '', {
      writtenOffMinor: left,
      closedAt: await tx.now(),
    });
    if (claim.paidAt !== null) {
      await this.guarantees.move(tx, guarantee, 'settle', 'guarantor', claim.number);
      // The loss was borne: nothing of a fee that was paid comes back.
      await this.fees.settle(tx, guarantee, 0, 'ended');
    }
    return claimView(after);
  }
}
