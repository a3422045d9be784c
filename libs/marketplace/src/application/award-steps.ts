import { Injectable } from '@nestjs/common';
import { EnterpriseReader } from '#enterprises';
import { dueAt } from '#finance';
import { Limits } from '#institutions';
import { moneyFromJson, type MoneyJson, moneyToJson } from '#kernel';
import { type CommandContext, clearTimers, httpError, setTimer, type Transaction, UnitOfWork } from '#platform';
import { BusinessCalendars } from '#review';
import type { AwardRole } from '../domain/award.lifecycle.js';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { Award, FundingRequest } from '../persistence/entities.js';
import { reviveOffers } from './competition.js';
import { MarketRuleBook } from './market-rules.js';
import { lockAward, lockOffer, lockRequest, moveAward, moveOffer, moveRequest, updateVersioned } from './records.js';

export interface AwardView {
  readonly id: string;
  readonly version: number;
  readonly state: string;
}

function view({ id, version, state }: Award): AwardView {
  return { id, version, state };
}

/** From acceptance to money: signatures, pay-out and its evidence, and the lapse when a deadline passes. */
@Injectable()
export class AwardSteps {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly limits: Limits,
    private readonly enterprises: EnterpriseReader,
    private readonly calendars: BusinessCalendars,
    private readonly book: MarketRuleBook,
  ) {}

  /** One side signs; with the second signature the award is agreed and the time to pay out begins. */
  async sign(context: CommandContext, awardId: string): Promise<AwardView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { request, award, side } = await this.lockForParty(tx, awardId);
      const now = await tx.now();
      if (award.state !== 'accepted' || now > award.agreeBy)
        throw marketplaceError('offer_not_live', {
          detail: `The award is ${award.state}; the time to sign ended at ${award.agreeBy.toISOString()}.`,
        });
      const signed =
        side === 'enterprise'
          ? { enterpriseSignedAt: award.enterpriseSignedAt ?? now }
          : { financierSignedAt: award.financierSignedAt ?? now };
      const both = {
        enterpriseSignedAt: award.enterpriseSignedAt,
        financierSignedAt: award.financierSignedAt,
        ...signed,
      };
      if (!both.enterpriseSignedAt || !both.financierSignedAt) {
        const updated = await updateVersioned(tx, Award, award, signed);
        tx.audit({ action: 'award.sign', subjectType: 'award', subjectId: awardId, data: { side } });
        return view(updated);
      }
      const { calendar } = await this.calendars.current(tx);
      const disburseBy = new Date(dueAt(calendar, now.getTime(), this.book.rules.disburseWorkingDays).dueAt);
      await setTimer(tx, marketTimers.award, awardId, disburseBy);
      const moved = await moveAward(
        tx,
        award,
        'agree',
        side,
        { at: now, audience: [award.enterpriseId, award.financierId], payload: { requestId: request.id } },
        { ...signed, disburseBy },
      );
      await this.followRequest(tx, request, 'agree', side === 'enterprise' ? 'applicant' : 'financier', now);
      return view(moved);
    });
  }

  /** The financier says that it paid; the enterprise's word or an operator's look at the bank's evidence must follow. */
  async reportDisbursement(
    context: CommandContext,
    awardId: string,
    net: MoneyJson,
    bankReference: string,
  ): Promise<AwardView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { award, side } = await this.lockForParty(tx, awardId);
      if (side !== 'financier') throw marketplaceError('award_not_yours');
      if (award.state !== 'agreed')
        throw marketplaceError('offer_not_live', { detail: `The award is ${award.state}.` });
      if (!(await this.enterprises.snapshot(award.enterpriseId, tx))?.bankAccountUsable)
        throw marketplaceError('account_not_usable');
      const updated = await updateVersioned(tx, Award, award, {
        reportedNetMinor: moneyFromJson(net).minor,
        reportedAt: await tx.now(),
        bankReference,
      });
      tx.audit({
        action: 'award.report_disbursement',
        subjectType: 'award',
        subjectId: awardId,
        data: { net, bankReference },
      });
      tx.emit({
        name: 'award.disbursement_reported',
        subjectType: 'award',
        subjectId: awardId,
        version: updated.version,
        audience: [award.enterpriseId],
        payload: { requestId: award.requestId },
      });
      return view(updated);
    });
  }

  /** The enterprise says what arrived. Less than promised is paid out at worsened terms, which the honour rate shows. */
  async confirmReceipt(context: CommandContext, awardId: string, received: MoneyJson): Promise<AwardView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { request, award, side } = await this.lockForParty(tx, awardId);
      if (side !== 'enterprise') throw marketplaceError('award_not_yours');
      return this.disburse(tx, request, award, moneyFromJson(received).minor, 'enterprise');
    });
  }

  /** An operator rules on the bank's evidence, or on whose fault a lapse was. */
  async rule(
    context: CommandContext,
    awardId: string,
    ruling: {
      readonly received?: MoneyJson | undefined;
      readonly enterpriseFault?: boolean | undefined;
      readonly reason: string;
    },
  ): Promise<AwardView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { request, award } = await this.lockBoth(tx, awardId);
      tx.audit({ action: 'award.rule', subjectType: 'award', subjectId: awardId, data: ruling });
      if (ruling.received) return this.disburse(tx, request, award, moneyFromJson(ruling.received).minor, 'operator');
      return view(
        await updateVersioned(tx, Award, award, {
          enterpriseFault: ruling.enterpriseFault ?? award.enterpriseFault,
          endedReason: ruling.reason.slice(0, 200),
        }),
      );
    });
  }

  /** The enterprise steps back before signing: by its own word the fault is its own. */
  async stepBack(context: CommandContext, awardId: string, reason: string): Promise<AwardView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { request, award, side } = await this.lockForParty(tx, awardId);
      if (side !== 'enterprise') throw marketplaceError('award_not_yours');
      if (award.state !== 'accepted')
        throw marketplaceError('offer_not_live', {
          detail: `The award is ${award.state}; a signed contract cannot be left here.`,
        });
      return view(await this.lapse(tx, request, award, 'enterprise', reason, true));
    });
  }

  /** A deadline passed; called by the clock, which must find for itself that it still holds. */
  async lapseIfOverdue(tx: Transaction, awardId: string, now: Date): Promise<void> {
    const { request, award } = await this.lockBoth(tx, awardId);
    const deadline = award.state === 'accepted' ? award.agreeBy : award.state === 'agreed' ? award.disburseBy : null;
    if (!deadline || deadline > now) return;
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

  private async disburse(
    tx: Transaction,
    request: FundingRequest,
    award: Award,
    receivedMinor: bigint,
    by: 'enterprise' | 'operator',
  ): Promise<AwardView> {
    if (receivedMinor <= 0n)
      throw marketplaceError('amount_differs', {
        data: { promised: moneyToJson({ minor: award.netMinor, currency: award.currency }) },
      });
    const now = await tx.now();
    await this.limits.convert(tx, award.offerId);
    await clearTimers(tx, award.id, [marketTimers.award]);
    const moved = await moveAward(
      tx,
      award,
      'disburse',
      by,
      { at: now, audience: [award.enterpriseId, award.financierId], payload: { requestId: request.id } },
      {
        disbursedAt: now,
        reportedNetMinor: receivedMinor,
        unworsened: receivedMinor >= award.netMinor,
      },
    );
    await this.followRequest(tx, request, 'disburse', by === 'enterprise' ? 'applicant' : 'operator', now);
    return view(moved);
  }

  /** The request follows when the last of its awards has taken the step. */
  private async followRequest(
    tx: Transaction,
    request: FundingRequest,
    action: 'agree' | 'disburse',
    role: 'applicant' | 'financier' | 'operator',
    now: Date,
  ): Promise<void> {
    const states = (await tx.manager.findBy(Award, { requestId: request.id }))
      .map(({ state }) => state)
      .filter((state) => state !== 'lapsed');
    const ready =
      action === 'agree'
        ? request.state === 'awarded' && states.every((state) => state !== 'accepted')
        : request.state === 'agreed' && states.every((state) => state === 'disbursed');
    if (ready) await moveRequest(tx, request, action, role, { at: now, audience: [request.enterpriseId] });
  }

  private async lockBoth(tx: Transaction, awardId: string): Promise<{ request: FundingRequest; award: Award }> {
    const found = await tx.manager.findOneBy(Award, { id: awardId });
    // The same words as for another's award: nobody learns which awards there are.
    if (!found) throw httpError('record_unknown');
    const request = await lockRequest(tx, found.requestId);
    return { request, award: await lockAward(tx, awardId) };
  }

  private async lockForParty(
    tx: Transaction,
    awardId: string,
  ): Promise<{ request: FundingRequest; award: Award; side: 'enterprise' | 'financier' }> {
    const locked = await this.lockBoth(tx, awardId);
    const { organisationId } = tx.context.actor;
    if (locked.award.enterpriseId === organisationId) return { ...locked, side: 'enterprise' };
    if (locked.award.financierId === organisationId) return { ...locked, side: 'financier' };
    throw httpError('record_unknown');
  }
}
