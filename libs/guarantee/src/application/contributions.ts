import { Inject, Injectable } from '@nestjs/common';
import { type CalendarDate, moneyFromJson, type MoneyJson, moneyToJson } from '#kernel';
import { Ledger, schemeAccount } from '#ledger';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  httpError,
  isDuplicateKey,
  newId,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { guaranteeError } from '../domain/errors.js';
import { SchemeContribution, SchemePayment } from '../persistence/entities.js';
import { assertPerson } from './board.js';
import { Capacity } from './capacity.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';
import { Schemes } from './schemes.js';

export interface ContributionInput {
  readonly sourceName: string;
  /** The covenant's word for the source, such as `institution` or `government`. */
  readonly sourceClass: string;
  readonly amount: MoneyJson;
  readonly dueOn: string;
}

export interface PaymentInput {
  readonly amount: MoneyJson;
  readonly paidOn: string;
  /** The line of the bank's statement; counts once. */
  readonly bankReference: string;
}

/** What sources promise and pay in. A payment counts when a second person has confirmed it against the bank's statement. */
@Injectable()
export class Contributions {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly schemes: Schemes,
    private readonly capacity: Capacity,
    private readonly ledger: Ledger,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Records a promise: owed to the scheme, no capital yet. */
  async promise(context: CommandContext, schemeId: string, input: ContributionInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      const amount = moneyFromJson(input.amount);
      this.assertAmount(amount.currency, amount.minor, scheme.currency);
      const now = await tx.now();
      const contribution: SchemeContribution = {
        id: newId(),
        schemeId,
        sourceName: input.sourceName,
        sourceClass: input.sourceClass,
        amountMinor: amount.minor,
        paidMinor: 0n,
        promisedOn: countryDate(this.environment.country, now),
        dueOn: input.dueOn,
        createdBy: context.actor.id,
        createdAt: now,
      };
      await tx.manager.insert(SchemeContribution, contribution);
      await this.record(tx, schemeId, contribution.id, 'promise', 'promised', input.sourceName, now);
      await this.ledger.post(tx, {
        reference: `guarantee.contribution:${contribution.id}`,
        description: `Promised by ${input.sourceName}`,
        subject: { type: 'scheme_contribution', id: contribution.id },
        postings: [
          {
            debit: schemeAccount(schemeId, 'contribution_receivable'),
            credit: schemeAccount(schemeId, 'promised_capital'),
            amount: amount.minor,
            currency: amount.currency,
          },
        ],
      });
      return contributionView(contribution, scheme.currency);
    });
  }

  /** Enters a payment that arrived; nothing counts before it is confirmed. */
  async enterPayment(context: CommandContext, schemeId: string, contributionId: string, input: PaymentInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      const contribution = await this.contribution(tx, schemeId, contributionId);
      const amount = moneyFromJson(input.amount);
      this.assertAmount(amount.currency, amount.minor, scheme.currency);
      if (contribution.paidMinor + amount.minor > contribution.amountMinor)
        throw guaranteeError('contribution_exceeded');
      const payment: SchemePayment = {
        id: newId(),
        schemeId,
        contributionId,
        amountMinor: amount.minor,
        paidOn: input.paidOn,
        bankReference: input.bankReference,
        status: 'entered',
        enteredBy: context.actor.id,
        enteredAt: await tx.now(),
        confirmedBy: null,
        confirmedAt: null,
      };
      await tx.manager.insert(SchemePayment, payment).catch((error: unknown) => {
        throw isDuplicateKey(error) ? guaranteeError('bank_reference_used') : error;
      });
      await this.record(tx, schemeId, payment.id, 'enter_payment', 'entered', input.bankReference, payment.enteredAt);
      return paymentView(payment, scheme.currency);
    });
  }

  /** A second person confirms or rejects a payment; confirmed, it is capital and the covenant is looked at again. */
  async decidePayment(context: CommandContext, schemeId: string, paymentId: string, confirmed: boolean) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      assertPerson(tx);
      const payment = await tx.manager.findOneBy(SchemePayment, { id: paymentId, schemeId });
      if (payment?.status !== 'entered') throw httpError('record_unknown');
      if (payment.enteredBy === context.actor.id) throw guaranteeError('scheme_two_people');
      const contribution = await this.contribution(tx, schemeId, payment.contributionId);
      const paidMinor = contribution.paidMinor + payment.amountMinor;
      if (confirmed && paidMinor > contribution.amountMinor) throw guaranteeError('contribution_exceeded');
      const now = await tx.now();
      const decision = {
        status: confirmed ? ('confirmed' as const) : ('rejected' as const),
        confirmedBy: context.actor.id,
        confirmedAt: now,
      };
      await tx.manager.update(SchemePayment, { id: paymentId }, decision);
      await this.record(tx, schemeId, paymentId, 'decide_payment', decision.status, payment.bankReference, now);
      if (confirmed) await this.payIn(tx, scheme.currency, { ...contribution, paidMinor }, payment);
      return paymentView({ ...payment, ...decision }, scheme.currency);
    });
  }

  private async payIn(tx: Transaction, currency: string, contribution: SchemeContribution, payment: SchemePayment) {
    const { schemeId, sourceName, paidMinor, id } = contribution;
    await tx.manager.update(SchemeContribution, { id }, { paidMinor });
    await this.capacity.raiseBase(tx, schemeId, payment.amountMinor, payment.id);
    const scheme = await this.book.scheme(tx, schemeId);
    if (scheme.currentVersion !== null)
      await this.schemes.watchCovenant(tx, schemeId, await this.book.terms(tx, schemeId, scheme.currentVersion));
    const of = (purpose: Parameters<typeof schemeAccount>[1]) => schemeAccount(schemeId, purpose);
    const amount = payment.amountMinor;
    await this.ledger.post(tx, {
      reference: `guarantee.payment:${payment.id}`,
      description: `Paid in by ${sourceName}`,
      subject: { type: 'scheme_payment', id: payment.id },
      bookDate: payment.paidOn as CalendarDate,
      postings: [
        { debit: of('scheme_bank'), credit: of('contribution_receivable'), amount, currency },
        { debit: of('promised_capital'), credit: of('paid_in_capital'), amount, currency },
      ],
    });
  }

  private async contribution(tx: Transaction, schemeId: string, id: string): Promise<SchemeContribution> {
    const found = await tx.manager.findOneBy(SchemeContribution, { id, schemeId });
    if (!found) throw httpError('record_unknown');
    return found;
  }

  private assertAmount(currency: string, minor: bigint, expected: string): void {
    if (currency === expected && minor > 0n) return;
    throw httpError('input_invalid', {
      fields: [{ pointer: '/amount', rule: 'currency', message: `must be above zero, in ${expected}` }],
    });
  }

  private async record(
    tx: Transaction,
    schemeId: string,
    subjectId: string,
    action: string,
    to: string,
    reason: string,
    now: Date,
  ): Promise<void> {
    await recordHistory(
      tx,
      [{ subjectType: 'scheme_contribution', subjectId, schemeId, action, from: null, to, reason }],
      now,
    );
    tx.audit({
      action: `scheme_contribution.${action}`,
      subjectType: 'guarantee_scheme',
      subjectId: schemeId,
      data: { subjectId, reason },
    });
  }
}

export function contributionView(row: SchemeContribution, currency: string) {
  return {
    id: row.id,
    schemeId: row.schemeId,
    sourceName: row.sourceName,
    sourceClass: row.sourceClass,
    amount: moneyToJson({ minor: row.amountMinor, currency }),
    paid: moneyToJson({ minor: row.paidMinor, currency }),
    promisedOn: row.promisedOn,
    dueOn: row.dueOn,
  };
}

export function paymentView(row: SchemePayment, currency: string) {
  return {
    id: row.id,
    contributionId: row.contributionId,
    amount: moneyToJson({ minor: row.amountMinor, currency }),
    paidOn: row.paidOn,
    bankReference: row.bankReference,
    status: row.status,
    enteredBy: row.enteredBy,
    confirmedBy: row.confirmedBy,
  };
}
