// size: both sides of one check: who declares an account and who says whose it is.
import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { notify } from '#notices';
import { type CommandContext, httpError, newId, type Transaction, UnitOfWork } from '#platform';
import { type Reason, ReviewCases } from '#review';
import { ibanFault, normalAccount, payableFrom } from '../domain/payment-account.policy.js';
import { settlementError } from '../domain/settlement-errors.js';
import { paymentAccountLifecycle, type PaymentAccountState } from '../domain/settlement.lifecycle.js';
import { PaymentAccount } from '../persistence/settlement.entities.js';
import { recordSettlementSteps } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';

/** The word under which review keeps the check of an account. */
export const paymentAccountReview = 'payment_account';

export interface PaymentAccountInput {
  readonly accountNumber: string;
  readonly bankName: string;
  readonly holderName: string;
}

export type PaymentAccountView = ReturnType<typeof accountView>;

/**
 * An anchor or a financier declares the account from which it pays and to which its money goes. The operator checks whose it is, as
 * a review case. Another account takes the place of the one before at once, is checked anew and waits a cooling time.
 */
@Injectable()
export class DeclarePaymentAccount {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
    private readonly book: SettlementBook,
  ) {}

  async execute(context: CommandContext, input: PaymentAccountInput): Promise<PaymentAccountView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, input));
  }

  async within(tx: Transaction, input: PaymentAccountInput): Promise<PaymentAccountView> {
    const { organisationId, organisationKind, id: declaredBy } = tx.context.actor;
    if (organisationKind === 'enterprise') throw settlementError('payment_account_elsewhere');
    const accountNumber = this.check(input.accountNumber);
    const before = await tx.manager.findOne(PaymentAccount, {
      where: { organisationId, live: 1 },
      lock: { mode: 'pessimistic_write' },
    });
    const isSame =
      before?.accountNumber === accountNumber &&
      before.holderName === input.holderName &&
      before.bankName === input.bankName;
    if (isSame) return accountView(before);
    const now = await tx.now();
    const hadChecked = await tx.manager.existsBy(PaymentAccount, {
      organisationId,
      decidedAt: Not(IsNull()),
      state: Not('rejected'),
    });
    if (before) await this.replace(tx, before);
    const id = newId();
    const { caseId } = await this.cases.open(tx, {
      kind: 'verification',
      subjectType: paymentAccountReview,
      subjectId: id,
      applicantOrganisationId: organisationId,
    });
    const account: PaymentAccount = {
      id,
      organisationId,
      accountNumber,
      bankName: input.bankName,
      holderName: input.holderName,
      state: paymentAccountLifecycle.initial,
      declaredBy,
      declaredAt: now,
      payableFrom: payableFrom(now, hadChecked, this.book.rules.coolingDays),
      decidedBy: null,
      decidedAt: null,
      reviewCaseId: caseId,
      live: 1,
      version: 1,
    };
    await tx.manager.insert(PaymentAccount, account);
    await recordSettlementSteps(tx, [
      {
        subjectType: 'payment_account',
        subjectId: id,
        action: 'declare',
        from: null,
        to: account.state,
        version: 1,
        audience: [organisationId],
        payload: { ending: accountNumber.slice(-4) },
      },
    ]);
    if (before)
      notify(tx, {
        organisationId,
        template: 'payment_account_changed',
        parameters: { ending: accountNumber.slice(-4), payableFrom: account.payableFrom.toISOString() },
        link: '/settlement/account',
      });
    return accountView(account);
  }

  /** The organisation has supplied what the operator asked for. */
  async answer(context: CommandContext): Promise<PaymentAccountView> {
    return this.unitOfWork.run(context, async (tx) => {
      const account = await tx.manager.findOne(PaymentAccount, {
        where: { organisationId: context.actor.organisationId, live: 1 },
        lock: { mode: 'pessimistic_write' },
      });
      if (!account) throw httpError('record_unknown');
      const after = await moveAccount(tx, account, 'answer', 'organisation');
      await this.cases.resume(tx, caseOf(account));
      return accountView(after);
    });
  }

  private async replace(tx: Transaction, before: PaymentAccount): Promise<void> {
    await moveAccount(tx, before, 'replace', 'organisation');
    const open = await this.cases.openCaseOf(tx, paymentAccountReview, before.id);
    if (open) await this.cases.withdraw(tx, open.id);
  }

  private check(text: string): string {
    const value = normalAccount(text);
    const message =
      this.book.rules.accountFormat === 'iban'
        ? ibanFault(value)
        : /^\d{6,30}$/.test(value)
          ? undefined
          : 'must be 6 to 30 digits';
    if (message === undefined) return value;
    throw settlementError('payment_account_malformed', {
      detail: `/accountNumber: ${message}.`,
      fields: [{ pointer: '/accountNumber', rule: 'account', message }],
    });
  }
}

/** The operator says whose the account is. Review keeps clock and assignment; each step locks the account first, its case second. */
@Injectable()
export class CheckPaymentAccount {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
  ) {}

  async decide(
    context: CommandContext,
    accountId: string,
    confirmed: boolean,
    reasons: readonly Reason[],
  ): Promise<PaymentAccountView> {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockAccount(tx, accountId);
      const after = await moveAccount(tx, before, confirmed ? 'check' : 'reject', 'operator', {
        decidedBy: context.actor.id,
        decidedAt: await tx.now(),
      });
      await this.cases.decide(tx, caseOf(before), { outcome: after.state, reasons });
      notify(tx, {
        organisationId: before.organisationId,
        template: confirmed ? 'payment_account_checked' : 'payment_account_rejected',
        parameters: {
          ending: before.accountNumber.slice(-4),
          reasons: reasons.map(({ message }) => message).join(' '),
        },
        link: '/settlement/account',
      });
      return accountView(after);
    });
  }

  async requestInformation(
    context: CommandContext,
    accountId: string,
    reasons: readonly Reason[],
  ): Promise<PaymentAccountView> {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockAccount(tx, accountId);
      const after = await moveAccount(tx, before, 'request_information', 'operator');
      await this.cases.requestInformation(tx, caseOf(before), { reasons });
      return accountView(after);
    });
  }

  /** The organisation stayed silent and review returned the case. */
  async returned(tx: Transaction, accountId: string): Promise<void> {
    const before = await lockAccount(tx, accountId);
    if (before.state === 'information_requested') await moveAccount(tx, before, 'reject', 'clock');
  }
}

async function lockAccount(tx: Transaction, id: string): Promise<PaymentAccount> {
  const found = await tx.manager.findOne(PaymentAccount, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!found) throw httpError('record_unknown');
  return found;
}

async function moveAccount(
  tx: Transaction,
  before: PaymentAccount,
  action: keyof typeof paymentAccountLifecycle.table.transitions,
  role: 'operator' | 'organisation' | 'clock',
  changes: Partial<Pick<PaymentAccount, 'decidedBy' | 'decidedAt'>> = {},
): Promise<PaymentAccount> {
  const state: PaymentAccountState = paymentAccountLifecycle.after(before.state, action, role);
  const live = state === 'rejected' || state === 'replaced' ? null : 1;
  const version = before.version + 1;
  await tx.manager.update(
    PaymentAccount,
    { id: before.id, version: before.version },
    { ...changes, state, live, version },
  );
  await recordSettlementSteps(tx, [
    {
      subjectType: 'payment_account',
      subjectId: before.id,
      action,
      from: before.state,
      to: state,
      version,
      audience: [before.organisationId],
    },
  ]);
  return { ...before, ...changes, state, live, version };
}

function caseOf({ reviewCaseId }: PaymentAccount): string {
  if (!reviewCaseId) throw new Error('an account under review has no case');
  return reviewCaseId;
}

export function accountView(account: PaymentAccount) {
  const {
    id,
    organisationId,
    accountNumber,
    bankName,
    holderName,
    state,
    declaredAt,
    payableFrom: from,
    reviewCaseId,
    version,
  } = account;
  return {
    id,
    organisationId,
    accountNumber,
    bankName,
    holderName,
    state,
    declaredAt: declaredAt.toISOString(),
    payableFrom: from.toISOString(),
    reviewCaseId,
    version,
  };
}
