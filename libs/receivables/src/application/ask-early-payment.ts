import { Injectable } from '@nestjs/common';
import { type CalendarDate, daysBetween, moneyToJson } from '#kernel';
import {
  type CommandContext,
  httpError,
  idBytes,
  isDuplicateKey,
  newId,
  setTimer,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { compareRates, earlyPayment, rateOnCurve } from '../domain/discount.calculation.js';
import { discountAskLifecycle } from '../domain/discount.lifecycle.js';
import { settlementError } from '../domain/settlement-errors.js';
import { Certificate, DiscountAsk, DiscountProgramme } from '../persistence/certificate.entities.js';
import { assertDelivered, lockCertificates } from './certificate-records.js';
import { lockDay } from './discount-programmes.js';
import { GiveOutDiscounts, isWhole } from './give-out-discounts.js';
import { Receivables } from './receivables.js';
import { recordSettlementSteps } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import { settlementTimers } from './settlement-timers.js';

export interface EarlyPaymentAsk {
  readonly programmeId: string;
  readonly certificateId: string;
  readonly payOn: CalendarDate;
  /** "Name your rate": percent a year; absent, the programme's rate for the day. */
  readonly annualRate?: string | undefined;
}

export type DiscountAskView = ReturnType<typeof askView>;

/**
 * A supplier asks to be paid early. At the programme's rate or above it is agreed at once while the day has money; below it, or when the
 * money is short, the ask waits for the day's round.
 */
@Injectable()
export class AskEarlyPayment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly receivables: Receivables,
    private readonly discounts: GiveOutDiscounts,
    private readonly book: SettlementBook,
  ) {}

  async execute(context: CommandContext, input: EarlyPaymentAsk): Promise<DiscountAskView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, input));
  }

  async within(tx: Transaction, input: EarlyPaymentAsk): Promise<DiscountAskView> {
    const { organisationId: supplierId, id: askedBy } = tx.context.actor;
    const found = await tx.manager.findOneBy(Certificate, {
      id: input.certificateId,
      holderOrganisationId: supplierId,
    });
    if (!found) throw httpError('record_unknown');
    await this.receivables.lock(tx, found.receivableId);
    const [certificate] = await lockCertificates(tx, [found.id]);
    const programme = await tx.manager.findOneBy(DiscountProgramme, { id: input.programmeId });
    if (!certificate || !programme || programme.anchorId !== certificate.anchorOrganisationId)
      throw httpError('record_unknown');
    await assertDelivered(tx, certificate);
    const now = await tx.now();
    const rate = await this.rateFor(tx, programme, certificate, input, now);
    const faceMinor = certificate.amountMinor;
    if (!isWhole(certificate, { supplierId, faceMinor }))
      throw settlementError('certificate_not_free', { data: { status: certificate.status } });
    const { pays, discount } = earlyPayment({
      face: { minor: faceMinor, currency: certificate.currency },
      payOn: input.payOn,
      dueOn: certificate.dueOn,
      annualRate: rate.asked,
      dayCount: this.book.rules.discountDayCount,
    });
    const day = await lockDay(tx, programme, input.payOn);
    const ask: DiscountAsk = {
      id: newId(),
      programmeId: programme.id,
      dayId: day.id,
      anchorId: programme.anchorId,
      supplierId,
      certificateId: certificate.id,
      receivableId: certificate.receivableId,
      payOn: input.payOn,
      annualRate: rate.asked,
      currency: certificate.currency,
      faceMinor,
      discountMinor: discount.minor,
      paysMinor: pays.minor,
      state: discountAskLifecycle.initial,
      askedAt: now,
      askedBy,
      live: 1,
      version: 1,
    };
    await tx.manager.insert(DiscountAsk, ask).catch((error: unknown) => {
      throw isDuplicateKey(error)
        ? settlementError('certificate_not_free', { detail: 'An ask for this certificate stands already.' })
        : error;
    });
    await recordSettlementSteps(tx, [
      {
        subjectType: 'discount_ask',
        subjectId: ask.id,
        action: 'ask',
        from: null,
        to: 'asked',
        version: 1,
        audience: [supplierId, programme.anchorId],
      },
    ]);
    const hasMoney = day.usedMinor + pays.minor <= day.budgetMinor;
    if (compareRates(rate.asked, rate.onCurve) < 0 || !hasMoney) {
      await setTimer(tx, settlementTimers.discountRound, day.id, this.book.startOf(input.payOn));
      return askView(ask);
    }
    await tx.execute('UPDATE discount_day SET used_minor = used_minor + ? WHERE id = ?', [pays.minor, idBytes(day.id)]);
    return askView(await this.discounts.agree(tx, ask, certificate, 'supplier'));
  }

  async withdraw(context: CommandContext, askId: string): Promise<DiscountAskView> {
    return this.unitOfWork.run(context, async (tx) => {
      const ask = await tx.manager.findOne(DiscountAsk, {
        where: { id: askId, supplierId: context.actor.organisationId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!ask) throw httpError('record_unknown');
      return askView(await this.discounts.move(tx, ask, 'withdraw', 'supplier'));
    });
  }

  private async rateFor(
    tx: Transaction,
    programme: DiscountProgramme,
    certificate: Certificate,
    { payOn, annualRate }: EarlyPaymentAsk,
    now: Date,
  ): Promise<{ readonly asked: string; readonly onCurve: string }> {
    if (programme.state !== 'live') throw settlementError('discount_programme_closed');
    if (programme.currency !== certificate.currency)
      throw settlementError('discount_currency_differs', { data: { currency: programme.currency } });
    const today = this.book.day(now);
    const inTime =
      payOn > today &&
      payOn < certificate.dueOn &&
      payOn >= programme.validFrom &&
      (programme.validTo === null || payOn <= programme.validTo);
    const onCurve = inTime ? rateOnCurve(programme.curve, daysBetween(payOn, certificate.dueOn)) : undefined;
    if (onCurve === undefined || (await this.book.workingDayFrom(tx, payOn)) !== payOn)
      throw settlementError('discount_day_unsuitable', { data: { payOn } });
    if (annualRate !== undefined && compareRates(annualRate, programme.floorRate) < 0)
      throw settlementError('discount_rate_below_floor', { data: { floorRate: programme.floorRate } });
    return { asked: annualRate ?? onCurve, onCurve };
  }
}

export function askView(ask: DiscountAsk) {
  const {
    id,
    programmeId,
    certificateId,
    payOn,
    annualRate,
    currency,
    faceMinor,
    discountMinor,
    paysMinor,
    state,
    askedAt,
  } = ask;
  const money = (minor: bigint) => moneyToJson({ minor, currency });
  return {
    id,
    programmeId,
    certificateId,
    payOn,
    annualRate,
    face: money(faceMinor),
    discount: money(discountMinor),
    pays: money(paysMinor),
    state,
    askedAt: askedAt.toISOString(),
  };
}
