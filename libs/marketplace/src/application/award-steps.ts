import { Injectable } from '@nestjs/common';
import { EnterpriseReader } from '#enterprises';
import { dueAt } from '#finance';
import { Limits } from '#institutions';
import { moneyFromJson, type MoneyJson, moneyToJson } from '#kernel';
import { type CommandContext, clearTimers, setTimer, type Transaction, UnitOfWork } from '#platform';
import { BusinessCalendars } from '#review';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { Award, FundingRequest } from '../persistence/entities.js';
import { type AwardState, awardState, lockForParty, lockWithRequest } from './award-access.js';
import { MarketRuleBook } from './market-rules.js';
import { MurabahaSales } from './murabaha-sales.js';
import { moveAward, moveRequest, updateVersioned } from './records.js';

/** From acceptance to money: signatures, pay-out and its evidence, and the lapse when a deadline passes. */
@Injectable()
export class AwardSteps {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly limits: Limits,
    private readonly enterprises: EnterpriseReader,
    private readonly calendars: BusinessCalendars,
    private readonly book: MarketRuleBook,
    private readonly sales: MurabahaSales,
  ) {}

  /** One side signs; with the second signature the award is agreed and the time to pay out begins. */
  async sign(context: CommandContext, awardId: string): Promise<AwardState> {
    return this.unitOfWork.run(context, async (tx) => {
      const { request, award, side } = await lockForParty(tx, awardId);
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
        return awardState(updated);
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
      await this.sales.promise(tx, award, now);
      await this.followRequest(tx, request, 'agree', side === 'enterprise' ? 'applicant' : 'financier', now);
      return awardState(moved);
    });
  }

  /** The financier says that it paid; the enterprise's word or an operator's look at the bank's evidence must follow. */
  async reportDisbursement(
    context: CommandContext,
    awardId: string,
    net: MoneyJson,
    bankReference: string,
  ): Promise<AwardState> {
    return this.unitOfWork.run(context, async (tx) => {
      const { award, side } = await lockForParty(tx, awardId);
      if (side !== 'financier') throw marketplaceError('award_not_yours');
      if (award.state !== 'agreed')
        throw marketplaceError('offer_not_live', { detail: `The award is ${award.state}.` });
      await this.sales.assertSold(tx, awardId);
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
      return awardState(updated);
    });
  }

  /** The enterprise says what arrived. Less than promised is paid out at worsened terms, which the honour rate shows. */
  async confirmReceipt(context: CommandContext, awardId: string, received: MoneyJson): Promise<AwardState> {
    return this.unitOfWork.run(context, async (tx) => {
      const { request, award, side } = await lockForParty(tx, awardId);
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
  ): Promise<AwardState> {
    return this.unitOfWork.run(context, async (tx) => {
      const { request, award } = await lockWithRequest(tx, awardId);
      tx.audit({ action: 'award.rule', subjectType: 'award', subjectId: awardId, data: ruling });
      if (ruling.received) return this.disburse(tx, request, award, moneyFromJson(ruling.received).minor, 'operator');
      return awardState(
        await updateVersioned(tx, Award, award, {
          enterpriseFault: ruling.enterpriseFault ?? award.enterpriseFault,
          endedReason: ruling.reason.slice(0, 200),
        }),
      );
    });
  }

  private async disburse(
    tx: Transaction,
    request: FundingRequest,
    award: Award,
    receivedMinor: bigint,
    by: 'enterprise' | 'operator',
  ): Promise<AwardState> {
    if (receivedMinor <= 0n)
      throw marketplaceError('amount_differs', {
        data: { promised: moneyToJson({ minor: award.netMinor, currency: award.currency }) },
      });
    await this.sales.assertSold(tx, award.id);
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
    return awardState(moved);
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
}
