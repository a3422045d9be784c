import { Injectable } from '@nestjs/common';
import { addDays } from '#kernel';
import { notify } from '#notices';
import { idBytes, idText, setTimer, type Transaction } from '#platform';
import { awardBudget, compareRates } from '../domain/discount.calculation.js';
import { type DiscountAskAction, discountAskLifecycle } from '../domain/discount.lifecycle.js';
import { type Certificate, DiscountAsk, DiscountProgramme } from '../persistence/certificate.entities.js';
import { freeMinor, lockCertificates, moveCertificate } from './certificate-records.js';
import { lockDay } from './discount-programmes.js';
import { Receivables } from './receivables.js';
import { recordSettlementSteps, type SettlementStep } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import { changeObligation, createPayouts, lockObligationOf, openObligation } from './settlement-records.js';
import { settlementTimers } from './settlement-timers.js';

/** Gives out the money of a day, and takes back what the anchor did not pay. Locks: receivables, certificates, the day, asks, obligations. */
@Injectable()
export class GiveOutDiscounts {
  constructor(
    private readonly receivables: Receivables,
    private readonly book: SettlementBook,
  ) {}

  /** The round of a day: the best rate first, then the oldest, then the lower id; whole or not at all. */
  async round(tx: Transaction, dayId: string): Promise<{ readonly agreed: number; readonly refused: number }> {
    const waiting = await tx.manager.find(DiscountAsk, { where: { dayId, state: 'asked' }, order: { id: 'ASC' } });
    const [row] = await tx.rows<{ programme_id: Buffer }>('SELECT programme_id FROM discount_day WHERE id = ?', [
      idBytes(dayId),
    ]);
    if (waiting.length === 0 || !row) return { agreed: 0, refused: 0 };
    await this.receivables.lockAll(
      tx,
      waiting.map(({ receivableId }) => receivableId),
    );
    const certificates = new Map(
      (
        await lockCertificates(
          tx,
          waiting.map(({ certificateId }) => certificateId),
        )
      ).map((each) => [each.id, each]),
    );
    const programme = await tx.manager.findOneByOrFail(DiscountProgramme, { id: idText(row.programme_id) });
    const day = await lockDay(tx, programme, (waiting[0] as DiscountAsk).payOn);
    const asks = (
      await tx.manager.find(DiscountAsk, {
        where: { dayId, state: 'asked' },
        order: { id: 'ASC' },
        lock: { mode: 'pessimistic_write' },
      })
    ).filter(({ certificateId }) => certificates.has(certificateId));
    const able = asks.filter((ask) => {
      const certificate = certificates.get(ask.certificateId) as Certificate;
      return (
        programme.state === 'live' &&
        isWhole(certificate, ask) &&
        compareRates(ask.annualRate, programme.floorRate) >= 0
      );
    });
    const served = awardBudget(able, day.budgetMinor - day.usedMinor);
    let used = day.usedMinor;
    for (const ask of asks) {
      if (!served.has(ask.id)) {
        await this.refuse(tx, ask);
        continue;
      }
      used += ask.paysMinor;
      await this.agree(tx, ask, certificates.get(ask.certificateId) as Certificate, 'clock');
    }
    await tx.execute('UPDATE discount_day SET used_minor = ?, rounds = rounds + 1 WHERE id = ?', [
      used,
      idBytes(dayId),
    ]);
    return { agreed: served.size, refused: asks.length - served.size };
  }

  /** The anchor pays this ask; its certificate can do nothing else any more, and what falls due later is less by it. */
  async agree(
    tx: Transaction,
    ask: DiscountAsk,
    certificate: Certificate,
    role: 'supplier' | 'clock',
  ): Promise<DiscountAsk> {
    const after = await this.move(tx, ask, 'agree', role);
    const { step } = await moveCertificate(tx, certificate, 'agree_early', role);
    const maturity = await lockObligationOf(tx, 'maturity', ask.receivableId);
    if (maturity) await changeObligation(tx, maturity, { amountMinor: maturity.amountMinor - ask.faceMinor });
    const { reference } = await openObligation(tx, {
      kind: 'early',
      subjectId: ask.id,
      payerId: ask.anchorId,
      currency: ask.currency,
      amountMinor: ask.paysMinor,
      dueOn: ask.payOn,
    });
    await setTimer(
      tx,
      settlementTimers.discountLapse,
      ask.id,
      this.book.startOf(addDays(ask.payOn, this.book.rules.earlyGraceDays)),
    );
    await recordSettlementSteps(tx, [step]);
    notify(tx, {
      organisationId: ask.supplierId,
      roles: ['signatory'],
      template: 'early_payment_agreed',
      parameters: { payOn: ask.payOn },
      link: '/certificates',
    });
    notify(tx, {
      organisationId: ask.anchorId,
      roles: ['maker', 'checker'],
      template: 'early_payment_owed',
      parameters: { payOn: ask.payOn, reference },
      link: '/anchor/payables',
    });
    return after;
  }

  async refuse(tx: Transaction, ask: DiscountAsk): Promise<void> {
    await this.move(tx, ask, 'refuse', 'clock');
    notify(tx, {
      organisationId: ask.supplierId,
      roles: ['signatory'],
      template: 'early_payment_refused',
      parameters: { payOn: ask.payOn },
      link: '/certificates',
    });
  }

  /** The anchor did not pay on the day agreed. */
  async lapse(tx: Transaction, found: DiscountAsk): Promise<void> {
    await this.receivables.lock(tx, found.receivableId);
    const [certificate] = await lockCertificates(tx, [found.certificateId]);
    const ask = await tx.manager.findOneOrFail(DiscountAsk, {
      where: { id: found.id },
      lock: { mode: 'pessimistic_write' },
    });
    if (ask.state !== 'agreed' || certificate?.status !== 'early') return;
    const early = await lockObligationOf(tx, 'early', ask.id);
    const maturity = await lockObligationOf(tx, 'maturity', ask.receivableId);
    await this.move(tx, ask, 'lapse', 'clock');
    const steps: SettlementStep[] = [(await moveCertificate(tx, certificate, 'undo_early', 'clock')).step];
    if (early) {
      await createPayouts(tx, { obligationId: early.id, reference: early.reference, currency: ask.currency }, [
        { kind: 'refund', payeeId: ask.anchorId, amountMinor: early.paidMinor },
      ]);
      steps.push(...(await changeObligation(tx, early, { paidMinor: 0n }, 'cancel')).steps);
    }
    if (maturity) await changeObligation(tx, maturity, { amountMinor: maturity.amountMinor + ask.faceMinor });
    await recordSettlementSteps(tx, steps);
    for (const organisationId of [ask.supplierId, ask.anchorId])
      notify(tx, {
        organisationId,
        template: 'early_payment_lapsed',
        parameters: { payOn: ask.payOn },
        link: '/certificates',
      });
  }

  async move(
    tx: Transaction,
    ask: DiscountAsk,
    action: DiscountAskAction,
    role: 'supplier' | 'clock',
  ): Promise<DiscountAsk> {
    const state = discountAskLifecycle.after(ask.state, action, role);
    const live = state === 'asked' || state === 'agreed' ? 1 : null;
    const version = ask.version + 1;
    await tx.manager.update(DiscountAsk, { id: ask.id }, { state, live, version });
    await recordSettlementSteps(tx, [
      {
        subjectType: 'discount_ask',
        subjectId: ask.id,
        action,
        from: ask.state,
        to: state,
        version,
        audience: [ask.supplierId, ask.anchorId],
      },
    ]);
    return { ...ask, state, live, version };
  }
}

/** The certificate is still what the ask was for. */
export function isWhole(certificate: Certificate, ask: Pick<DiscountAsk, 'supplierId' | 'faceMinor'>): boolean {
  return (
    certificate.status === 'held' &&
    certificate.holderOrganisationId === ask.supplierId &&
    freeMinor(certificate) === ask.faceMinor &&
    certificate.amountMinor === ask.faceMinor
  );
}
