// size: a fee's whole life: billed, overridden, paid, refunded, each with its posting.
import { Inject, Injectable } from '@nestjs/common';
import { addDays, moneyFromJson, type MoneyJson, moneyToJson, parseMoney } from '#kernel';
import { type AccountKey, Ledger, organisationAccount, type PostInput, schemeAccount } from '#ledger';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  httpError,
  idBytes,
  newId,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { guaranteeError } from '../domain/errors.js';
import { feeOf, refundOf } from '../domain/fee.calculation.js';
import type { FeeInputs } from '../domain/guarantee.js';
import type { FeeRule } from '../domain/scheme-terms.js';
import { type Guarantee, GuaranteeApplication, GuaranteeFeeRow } from '../persistence/entities.js';
import { assertPerson } from './board.js';
import { Capacity } from './capacity.js';
import { Guarantees } from './guarantees.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';

/** A fee that comes back on early repayment is earned with time; any other is earned when it is billed. */
export const earnedAccount = (rule: Pick<FeeRule, 'refund'>): 'guarantee_fee_unearned' | 'guarantee_fee_income' =>
  rule.refund === 'none' ? 'guarantee_fee_income' : 'guarantee_fee_unearned';

/** The fees of guarantees. What is earned counts in the scheme's base from then on. */
@Injectable()
export class Fees {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly guarantees: Guarantees,
    private readonly capacity: Capacity,
    private readonly ledger: Ledger,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Bills the first fee of a guarantee that is being issued, as it was quoted. Answers null where the table gives none. */
  async billFirst(tx: Transaction, guarantee: Guarantee): Promise<GuaranteeFeeRow | null> {
    const application = await tx.manager.findOneByOrFail(GuaranteeApplication, { id: guarantee.applicationId });
    const { fee, feeDays } = await this.book.terms(tx, guarantee.schemeId, guarantee.schemeVersion);
    const { minor } = parseMoney(application.fee.amount, application.fee.currency);
    if (minor === 0n) return null;
    const now = await tx.now();
    const row: GuaranteeFeeRow = {
      id: newId(),
      guaranteeId: guarantee.id,
      schemeId: guarantee.schemeId,
      lenderId: guarantee.lenderId,
      year: 1,
      currency: guarantee.currency,
      inputs: application.fee.inputs,
      publishedMinor: minor,
      chargedMinor: minor,
      refundedMinor: 0n,
      status: 'billed',
      overrideReason: null,
      overrideProposedBy: null,
      overrideApprovedBy: null,
      overrideMinor: null,
      dueOn: addDays(countryDate(this.environment.country, now), feeDays),
      billedAt: now,
      paidOn: null,
      paymentReference: null,
    };
    await tx.manager.insert(GuaranteeFeeRow, row);
    if (earnedAccount(fee) === 'guarantee_fee_income') await this.capacity.raiseBase(tx, row.schemeId, minor, row.id);
    await this.ledger.post(tx, billing(row, fee));
    return row;
  }

  /** Records that a fee was paid. The first one puts a disbursed guarantee in force. */
  async pay(context: CommandContext, feeId: string, paidOn: string, bankReference: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const found = await this.own(tx, feeId);
      const guarantee = await this.guarantees.lock(tx, found.guaranteeId);
      const row = await tx.manager.findOneByOrFail(GuaranteeFeeRow, { id: feeId });
      if (row.status !== 'billed') throw guaranteeError('guarantee_fee_settled');
      const changes = { status: 'paid' as const, paidOn, paymentReference: bankReference };
      await tx.manager.update(GuaranteeFeeRow, { id: feeId }, changes);
      if (row.year === 1 && guarantee.feeDue) await this.settleFirst(tx, guarantee);
      await this.record(tx, row, 'pay', bankReference);
      if (row.chargedMinor > 0n)
        await this.ledger.post(tx, {
          reference: `guarantee.fee.paid:${feeId}`,
          description: `Fee of ${guarantee.number} paid`,
          subject: { type: 'guarantee', id: guarantee.id },
          postings: [posting(row, schemeAccount(row.schemeId, 'scheme_bank'), receivable(row), row.chargedMinor)],
        });
      return feeView({ ...row, ...changes });
    });
  }

  /** A reviewer proposes another amount than the published one, with a reason. */
  async proposeOverride(context: CommandContext, feeId: string, amount: MoneyJson, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const { minor, currency } = moneyFromJson(amount);
      const row = await this.own(tx, feeId, true);
      if (row.status !== 'billed') throw guaranteeError('guarantee_fee_settled');
      if (currency !== row.currency)
        throw httpError('input_invalid', {
          fields: [{ pointer: '/amount', rule: 'currency', message: `must be in ${row.currency}` }],
        });
      const changes = {
        overrideMinor: minor,
        overrideReason: reason,
        overrideProposedBy: context.actor.id,
      };
      await tx.manager.update(GuaranteeFeeRow, { id: feeId }, changes);
      await this.record(tx, row, 'propose_override', reason);
      return feeView({ ...row, ...changes });
    });
  }

  /** Another person approves it; the difference is posted. */
  async approveOverride(context: CommandContext, feeId: string) {
    return this.unitOfWork.run(context, async (tx) => {
      assertPerson(tx);
      const row = await this.own(tx, feeId, true);
      if (row.status !== 'billed') throw guaranteeError('guarantee_fee_settled');
      if (row.overrideMinor === null || row.overrideReason === null) throw guaranteeError('decision_not_prepared');
      if (row.overrideProposedBy === context.actor.id) throw guaranteeError('scheme_two_people');
      const changes = {
        chargedMinor: row.overrideMinor,
        overrideMinor: null,
        overrideApprovedBy: context.actor.id,
      };
      await tx.manager.update(GuaranteeFeeRow, { id: feeId }, changes);
      await this.record(tx, row, 'approve_override', row.overrideReason);
      const terms = await this.termsOf(tx, row);
      const difference = changes.chargedMinor - row.chargedMinor;
      const earned = earnedAccount(terms);
      if (difference !== 0n) {
        if (earned === 'guarantee_fee_income') await this.moveBase(tx, row, difference);
        const income = schemeAccount(row.schemeId, earned);
        await this.ledger.post(tx, {
          reference: `guarantee.fee.override:${feeId}:${row.chargedMinor}:${changes.chargedMinor}`,
          description: `Fee changed: ${row.overrideReason}`.slice(0, 200),
          subject: { type: 'guarantee', id: row.guaranteeId },
          postings: [
            difference > 0n
              ? posting(row, receivable(row), income, difference)
              : posting(row, income, receivable(row), -difference),
          ],
        });
      }
      return feeView({ ...row, ...changes });
    });
  }

  /** The award fell: what was billed and not paid is taken back. A paid fee is given back. */
  async takeBack(tx: Transaction, guarantee: Guarantee): Promise<void> {
    const rows = await tx.manager.findBy(GuaranteeFeeRow, { guaranteeId: guarantee.id });
    for (const row of rows) {
      const left = row.chargedMinor - row.refundedMinor;
      if (row.status === 'waived' || left === 0n) continue;
      const terms = await this.termsOf(tx, row);
      const earned = earnedAccount(terms);
      await tx.manager.update(GuaranteeFeeRow, { id: row.id }, { status: 'waived', refundedMinor: row.chargedMinor });
      if (earned === 'guarantee_fee_income') await this.moveBase(tx, row, -left);
      const to = row.status === 'paid' ? schemeAccount(row.schemeId, 'scheme_bank') : receivable(row);
      await this.ledger.post(tx, {
        reference: `guarantee.fee.taken_back:${row.id}`,
        description: `Fee of ${guarantee.number} taken back`,
        subject: { type: 'guarantee', id: guarantee.id },
        postings: [posting(row, schemeAccount(row.schemeId, earned), to, left)],
      });
    }
  }

  /** On an early end: what the fee rule gives back goes to the lender, what is left of it is earned. */
  async settleRefunds(tx: Transaction, guarantee: Guarantee, usedMonths: number): Promise<bigint> {
    const { fee } = await this.book.terms(tx, guarantee.schemeId, guarantee.schemeVersion);
    if (fee.refund === 'none') return 0n;
    const rows = await tx.manager.findBy(GuaranteeFeeRow, { guaranteeId: guarantee.id, status: 'paid' });
    let refunded = 0n;
    for (const row of rows) {
      const months = Number(row.inputs.case['months'] ?? guarantee.tenorMonths);
      const used = fee.collection === 'annual' ? usedMonths - (row.year - 1) * 12 : usedMonths;
      const back = refundOf(fee, row.chargedMinor, months, used);
      const kept = row.chargedMinor - back;
      refunded += back;
      await tx.manager.update(GuaranteeFeeRow, { id: row.id }, { refundedMinor: back });
      if (kept > 0n) await this.capacity.raiseBase(tx, row.schemeId, kept, row.id);
      const unearned = schemeAccount(row.schemeId, 'guarantee_fee_unearned');
      const postings = [
        ...(back > 0n ? [posting(row, unearned, schemeAccount(row.schemeId, 'scheme_bank'), back)] : []),
        ...(kept > 0n ? [posting(row, unearned, schemeAccount(row.schemeId, 'guarantee_fee_income'), kept)] : []),
      ];
      if (postings.length > 0)
        await this.ledger.post(tx, {
          reference: `guarantee.fee.settled:${row.id}`,
          description: `Fee of ${guarantee.number} settled after ${usedMonths} months`,
          subject: { type: 'guarantee', id: guarantee.id },
          postings,
        });
    }
    return refunded;
  }

  /** Computes a stored fee again from its inputs alone. */
  replay(row: Pick<GuaranteeFeeRow, 'inputs' | 'currency'>): bigint {
    const { table } = row.inputs.case;
    this.book.feeBook(String(table), row.inputs.book.version);
    return feeOf(row.inputs, row.currency, this.book.calculate);
  }

  private async settleFirst(tx: Transaction, guarantee: Guarantee): Promise<void> {
    if (guarantee.state === 'issued' && guarantee.disbursedOn !== null)
      await this.guarantees.move(tx, guarantee, 'begin', 'market', 'fee paid', {
        feeDue: false,
        inForceAt: await tx.now(),
        noticeAt: null,
        noticeReason: null,
      });
    else
      await this.guarantees.change(tx, guarantee, 'fee_paid', '', {
        feeDue: false,
        noticeAt: null,
        noticeReason: null,
      });
  }

  private async moveBase(tx: Transaction, row: GuaranteeFeeRow, difference: bigint): Promise<void> {
    if (difference > 0n) await this.capacity.raiseBase(tx, row.schemeId, difference, row.id);
    else await this.capacity.lowerBase(tx, row.schemeId, -difference);
  }

  private async termsOf(tx: Transaction, row: GuaranteeFeeRow): Promise<FeeRule> {
    const [guarantee] = await tx.rows<{ scheme_version: number }>('SELECT scheme_version FROM guarantee WHERE id = ?', [
      idBytes(row.guaranteeId),
    ]);
    return (await this.book.terms(tx, row.schemeId, Number(guarantee?.scheme_version))).fee;
  }

  private async own(tx: Transaction, feeId: string, locked = false): Promise<GuaranteeFeeRow> {
    if (locked) await tx.rows('SELECT id FROM guarantee_fee WHERE id = ? FOR UPDATE', [idBytes(feeId)]);
    const row = await tx.manager.findOneBy(GuaranteeFeeRow, { id: feeId });
    const scheme = row && (await this.book.scheme(tx, row.schemeId));
    if (!row || scheme?.guarantorId !== tx.context.actor.organisationId) throw httpError('record_unknown');
    return row;
  }

  private async record(tx: Transaction, row: GuaranteeFeeRow, action: string, reason: string): Promise<void> {
    const now = await tx.now();
    const { id, schemeId, status } = row;
    await recordHistory(
      tx,
      [{ subjectType: 'guarantee_fee', subjectId: id, schemeId, action, from: status, to: status, reason }],
      now,
    );
    tx.audit({
      action: `guarantee_fee.${action}`,
      subjectType: 'guarantee_fee',
      subjectId: id,
      data: { guaranteeId: row.guaranteeId, chargedMinor: row.chargedMinor.toString(), reason },
    });
  }
}

type FeeKey = Pick<
  GuaranteeFeeRow,
  'id' | 'guaranteeId' | 'schemeId' | 'lenderId' | 'currency' | 'chargedMinor' | 'year'
>;

const receivable = (row: Pick<FeeKey, 'lenderId'>): AccountKey =>
  organisationAccount(row.lenderId, 'guarantee_fee_receivable');

function posting({ currency }: FeeKey, debit: AccountKey, credit: AccountKey, amount: bigint) {
  return { debit, credit, amount, currency };
}

/** What billing a fee posts: owed by the lender, earned or still to be earned by the scheme. */
export function billing(row: FeeKey, rule: Pick<FeeRule, 'refund'>): PostInput {
  return {
    reference: `guarantee.fee:${row.id}`,
    description: `Guarantee fee of year ${row.year}`,
    subject: { type: 'guarantee', id: row.guaranteeId },
    postings: [posting(row, receivable(row), schemeAccount(row.schemeId, earnedAccount(rule)), row.chargedMinor)],
  };
}

export function feeView(row: GuaranteeFeeRow) {
  const money = (minor: bigint): MoneyJson => moneyToJson({ minor, currency: row.currency });
  return {
    id: row.id,
    guaranteeId: row.guaranteeId,
    year: row.year,
    published: money(row.publishedMinor),
    charged: money(row.chargedMinor),
    refunded: money(row.refundedMinor),
    status: row.status,
    inputs: row.inputs as FeeInputs,
    override: row.overrideReason && {
      reason: row.overrideReason,
      proposedBy: row.overrideProposedBy,
      approvedBy: row.overrideApprovedBy,
      proposed: row.overrideMinor === null ? null : money(row.overrideMinor),
    },
    dueOn: row.dueOn,
    paidOn: row.paidOn,
  };
}
