import { Inject, Injectable } from '@nestjs/common';
import { addDays, type CalendarDate, moneyFromJson, type MoneyJson, moneyToJson } from '#kernel';

import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  httpError,
  isDuplicateKey,
  newId,
  setTimer,
  UnitOfWork,
} from '#platform';

import { startOfCountryDay } from '#platform/rulebooks';
import { guaranteeError } from '../domain/errors.js';
import { guaranteeTimers } from '../domain/guarantee-timers.js';
import { GuaranteeAmendment } from '../persistence/entities.js';
import { ApprovalLimits } from './approval-limits.js';
import { assertPerson, Board } from './board.js';
import { Capacity } from './capacity.js';
import { tell } from './end-guarantee.js';
import { Guarantees } from './guarantees.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';

export interface AmendmentInput {
  /** Another last day of the term; null leaves it. */
  readonly endsOn: string | null;
  /** A lower guaranteed amount; null leaves it. A higher one is a new application. */
  readonly guaranteed: MoneyJson | null;
  readonly reason: string;
}

/** Changes of a guarantee: the lender asks, the guarantor's checker approves. */
@Injectable()
export class AmendGuarantee {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly guarantees: Guarantees,
    private readonly book: SchemeBook,
    private readonly board: Board,
    private readonly limits: ApprovalLimits,
    private readonly capacity: Capacity,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async propose(context: CommandContext, guaranteeId: string, input: AmendmentInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const guarantee = await this.guarantees.lock(tx, guaranteeId, context.actor);
      if (guarantee.state !== 'in_force' && guarantee.state !== 'issued')
        throw guaranteeError('guarantee_unknown', { detail: `The guarantee is ${guarantee.state}.` });
      const guaranteed = input.guaranteed && moneyFromJson(input.guaranteed);
      if (guaranteed && (guaranteed.currency !== guarantee.currency || guaranteed.minor > guarantee.balanceMinor))
        throw guaranteeError('amendment_above');
      if (!guaranteed && input.endsOn === null)
        throw httpError('input_invalid', {
          fields: [{ pointer: '/endsOn', rule: 'required', message: 'name what is to change' }],
        });
      const amendment: GuaranteeAmendment = {
        id: newId(),
        guaranteeId,
        schemeId: guarantee.schemeId,
        status: 'proposed',
        endsOn: input.endsOn,
        guaranteedMinor: guaranteed?.minor ?? null,
        reason: input.reason,
        proposedBy: context.actor.id,
        proposedAt: await tx.now(),
        decidedBy: null,
        decidedAt: null,
      };
      await tx.manager.insert(GuaranteeAmendment, amendment).catch((error: unknown) => {
        throw isDuplicateKey(error) ? guaranteeError('amendment_waiting') : error;
      });
      tx.audit({
        action: 'guarantee_amendment.propose',
        subjectType: 'guarantee',
        subjectId: guaranteeId,
        data: { amendmentId: amendment.id, reason: input.reason },
      });
      return amendmentView(amendment, guarantee.currency);
    });
  }

  async decide(context: CommandContext, guaranteeId: string, amendmentId: string, approved: boolean, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      assertPerson(tx);
      const guarantee = await this.guarantees.lock(tx, guaranteeId, context.actor);
      const found = await tx.manager.findOneBy(GuaranteeAmendment, { id: amendmentId, guaranteeId });
      if (found?.status !== 'proposed') throw httpError('record_unknown');
      if (found.proposedBy === context.actor.id) throw guaranteeError('scheme_two_people');
      const { schemeId, lenderId, enterpriseId } = guarantee;
      await this.board.assertNoConflict(tx, schemeId, [amendmentId, guaranteeId, lenderId, enterpriseId]);
      // A longer term binds what is guaranteed like a new approval.
      if (approved && found.endsOn !== null && (guarantee.endsOn === null || found.endsOn > guarantee.endsOn))
        await this.limits.assertMayBind(tx, {
          schemeId,
          kind: 'amendment',
          subjectId: amendmentId,
          currency: guarantee.currency,
          amountMinor: found.guaranteedMinor ?? guarantee.balanceMinor,
          action: 'extend_guarantee',
        });
      const now = await tx.now();
      const decision = {
        status: approved ? ('approved' as const) : ('rejected' as const),
        decidedBy: context.actor.id,
        decidedAt: now,
      };
      await tx.manager.update(GuaranteeAmendment, { id: amendmentId }, decision);
      await recordHistory(
        tx,
        [
          {
            subjectType: 'guarantee_amendment',
            subjectId: amendmentId,
            schemeId,
            action: 'decide',
            from: 'proposed',
            to: decision.status,
            reason,
          },
        ],
        now,
      );
      if (approved) {
        const balanceMinor =
          found.guaranteedMinor !== null && found.guaranteedMinor < guarantee.balanceMinor
            ? found.guaranteedMinor
            : guarantee.balanceMinor;
        const endsOn = found.endsOn ?? guarantee.endsOn;
        await this.guarantees.change(tx, guarantee, 'amend', found.reason, { balanceMinor, endsOn });
        if (endsOn !== null && guarantee.disbursedOn !== null) {
          const { claimDays } = await this.book.terms(tx, schemeId, guarantee.schemeVersion);
          const lastDay = startOfCountryDay(this.environment.country, addDays(endsOn as CalendarDate, claimDays));
          await setTimer(tx, guaranteeTimers.termEnd, guaranteeId, lastDay);
        }
        await this.capacity.giveBack(tx, guarantee, guarantee.balanceMinor - balanceMinor);
        tell(tx, guarantee, 'guarantee_amended', { reason: found.reason });
      }
      return amendmentView({ ...found, ...decision }, guarantee.currency);
    });
  }
}

export function amendmentView(row: GuaranteeAmendment, currency: string) {
  return {
    id: row.id,
    guaranteeId: row.guaranteeId,
    status: row.status,
    endsOn: row.endsOn,
    guaranteed: row.guaranteedMinor === null ? null : moneyToJson({ minor: row.guaranteedMinor, currency }),
    reason: row.reason,
    proposedBy: row.proposedBy,
    decidedBy: row.decidedBy,
  };
}
