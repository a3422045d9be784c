import { Injectable } from '@nestjs/common';
import { dueAt } from '#finance';
import { Limits } from '#institutions';
import { type CommandContext, clearTimers, setTimer, type Transaction, UnitOfWork } from '#platform';
import { BusinessCalendars } from '#review';
import type { AwardRole } from '../domain/award.lifecycle.js';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { type Award, FundingRequest } from '../persistence/entities.js';
import { type AwardState, awardState, lockForParty, lockWithRequest } from './award-access.js';
import { reviveOffers } from './competition.js';
import { MarketRuleBook } from './market-rules.js';
import { MurabahaSales } from './murabaha-sales.js';
import { lockOffer, moveAward, moveOffer, moveRequest, updateVersioned } from './records.js';

/** An award falls: limits are given back, the request opens again and the losing offers return. */
@Injectable()
export class LapseAward {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly limits: Limits,
    private readonly calendars: BusinessCalendars,
    private readonly book: MarketRuleBook,
    private readonly sales: MurabahaSales,
  ) {}

  /** The enterprise steps back before signing: by its own word the fault is its own. */
  async stepBack(context: CommandContext, awardId: string, reason: string): Promise<AwardState> {
    return this.unitOfWork.run(context, async (tx) => {
      const { request, award, side } = await lockForParty(tx, awardId);
      if (side !== 'enterprise') throw marketplaceError('award_not_yours');
      if (award.state !== 'accepted')
        throw marketplaceError('offer_not_live', {
          detail: `The award is ${award.state}; a signed contract cannot be left here.`,
        });
      return awardState(await this.lapse(tx, request, award, 'enterprise', reason, true));
    });
  }

  /** A deadline passed; called by the clock, which must find for itself that it still holds. */
  async lapseIfOverdue(tx: Transaction, awardId: string, now: Date): Promise<void> {
    const { request, award } = await lockWithRequest(tx, awardId);
    const deadline = award.state === 'accepted' ? award.agreeBy : award.state === 'agreed' ? award.disburseBy : null;
    // What was sold is owed: no deadline undoes it.
    if (!deadline || deadline > now || (await this.sales.isSold(tx, awardId))) return;
    const unsigned =
      award.state === 'accepted' && award.enterpriseSignedAt === null && award.financierSignedAt !== null;
    await this.lapse(
      tx,
      request,
      award,
      'clock',
      award.state === 'accepted' ? 'not signed in time' : 'not paid out in time',
      unsigned,
    );
  }

  private async lapse(
    tx: Transaction,
    request: FundingRequest,
    award: Award,
    role: AwardRole,
    reason: string,
    enterpriseFault: boolean,
  ): Promise<Award> {
    const now = await tx.now();
    const parties = [award.enterpriseId, award.financierId];
    const offer = await lockOffer(tx, award.offerId);
    await moveOffer(tx, offer, 'lapse', role === 'enterprise' ? 'enterprise' : 'clock', {
      at: now,
      audience: [award.financierId],
      payload: { requestId: request.id },
    });
    await this.limits.release(tx, award.offerId);
    await clearTimers(tx, award.id, [marketTimers.award]);
    await this.sales.cancel(tx, award.id);
    const moved = await moveAward(
      tx,
      award,
      'lapse',
      role,
      { at: now, audience: parties, reason: { reason }, payload: { requestId: request.id } },
      { endedReason: reason, enterpriseFault },
    );
    const awardedMinor = request.awardedMinor - award.amountMinor;
    await reviveOffers(tx, request.id, now);
    const { calendar } = await this.calendars.current(tx);
    const decideBy = new Date(dueAt(calendar, now.getTime(), this.book.rules.decideWorkingDays).dueAt);
    await setTimer(tx, marketTimers.decide, request.id, decideBy);
    if (request.state === 'open') await updateVersioned(tx, FundingRequest, request, { awardedMinor, decideBy });
    else
      await moveRequest(
        tx,
        request,
        'reopen',
        'clock',
        { at: now, audience: [request.enterpriseId], reason: { reason } },
        { awardedMinor, decideBy },
      );
    return moved;
  }
}
