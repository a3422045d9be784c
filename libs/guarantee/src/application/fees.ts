// size: a fee's whole life: billed, overridden, paid, refunded, each with its posting.
import { Inject, Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { addDays, addMonths, type CalendarDate, moneyFromJson, type MoneyJson, moneyToJson, parseMoney } from '#kernel';
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
import { earnedOf, feeOf } from '../domain/fee.calculation.js';
import type { FeeInputs } from '../domain/guarantee.js';
import type { FeeRule } from '../domain/scheme-terms.js';
import { type Guarantee, GuaranteeApplication, GuaranteeFeeRow } from '../persistence/entities.js';
import { insertEarning } from '../persistence/fee-earning.store.js';
import { ApprovalLimits } from './approval-limits.js';
import { assertPerson, Board } from './board.js';
import { Capacity } from './capacity.js';
import { Guarantees } from './guarantees.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';

/** Months over which a fee is earned: those that come back when they are not used; null: it is earned when it is billed. */
export function earnMonthsOf({ refund }: Pick<FeeRule, 'refund'>, { case: asked }: FeeInputs): number | null {
  return refund === 'none' ? null : Number(asked['months']);
}

const creditedAccount = ({ earnMonths }: Pick<GuaranteeFeeRow, 'earnMonths'>) =>
  earnMonths === null ? 'guarantee_fee_income' : 'guarantee_fee_unearned';

/** The fees of guarantees. What is earned counts in the scheme's base from then on. */
@Injectable()
export class Fees {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly board: Board,
    private readonly limits: ApprovalLimits,
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
      earnMonths: earnMonthsOf(fee, application.fee.inputs),
      earnFrom: null,
      earnedMinor: 0n,
      earnedMonths: 0,
      nextEarnOn: null,
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
    if (row.earnMonths === null) await this.capacity.raiseBase(tx, row.schemeId, minor, row.id);
    await this.ledger.post(tx, billing(row));
    return row;
  }

  /** Records that a fee was paid. The first one puts a disbursed guarantee in force. */
  async pay(context: CommandContext, feeId: string, paidOn: string, bankReference: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const found = await this.own(tx, feeId);
      const guarantee = await this.guarantees.lock(tx, found.guaranteeId);
      const row = await tx.manager.findOneByOrFail(GuaranteeFeeRow, { id: feeId });
      if (row.status !== 'billed') throw guaranteeError('guarantee_fee_settled');
      const live = guarantee.state === 'issued' || guarantee.state === 'in_force' || guarantee.state === 'claimed';
      const changes = {
        status: 'paid' as const,
        paidOn,
        paymentReference: bankReference,
        ...(live ? earningFrom(row, guarantee.disbursedOn) : {}),
      };
      const owed = row.chargedMinor - row.refundedMinor;
      await tx.manager.update(GuaranteeFeeRow, { id: feeId }, changes);
      if (row.year === 1 && guarantee.feeDue) await this.settleFirst(tx, guarantee);
      await this.record(tx, row, 'pay', bankReference);
      if (owed > 0n)
        await this.ledger.post(tx, {
          reference: `guarantee.fee.paid:${feeId}`,
          description: `Fee of ${guarantee.number} paid`,
          subject: { type: 'guarantee', id: guarantee.id },
          postings: [posting(row, schemeAccount(row.schemeId, 'scheme_bank'), receivable(row), owed)],
        });
      return feeView({ ...row, ...changes });
    });
  }

  /** A reviewer proposes another amount than the published one, with a reason. */
  async proposeOverride(context: CommandContext, feeId: string, amount: MoneyJson, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const { minor, currency } = moneyFromJson(amount);
      const row = await this.own(tx, feeId, true);
      if (row.status !== 'billed' || row.refundedMinor > 0n) throw guaranteeError('guarantee_fee_settled');
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
      if (row.status !== 'billed' || row.refundedMinor > 0n) throw guaranteeError('guarantee_fee_settled');
      if (row.overrideMinor === null || row.overrideReason === null) throw guaranteeError('decision_not_prepared');
      if (row.overrideProposedBy === context.actor.id) throw guaranteeError('scheme_two_people');
      const { lenderId, guaranteeId, schemeId, currency } = row;
      await this.board.assertNoConflict(tx, schemeId, [feeId, lenderId, guaranteeId]);
      // What the scheme gives up against the published table is what the approval binds it to.
      await this.limits.assertMayBind(tx, {
        schemeId,
        kind: 'fee',
        subjectId: feeId,
        currency,
        amountMinor: row.overrideMinor < row.publishedMinor ? row.publishedMinor - row.overrideMinor : 0n,
        action: 'override_fee',
      });
      const changes = {
        chargedMinor: row.overrideMinor,
        overrideMinor: null,
        overrideApprovedBy: context.actor.id,
      };
      await tx.manager.update(GuaranteeFeeRow, { id: feeId }, changes);
      await this.record(tx, row, 'approve_override', row.overrideReason);
      const difference = changes.chargedMinor - row.chargedMinor;
      if (difference !== 0n) {
        if (row.earnMonths === null) await this.moveBase(tx, row, difference);
        const income = schemeAccount(row.schemeId, creditedAccount(row));
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
      const waived = { status: 'waived' as const, refundedMinor: row.chargedMinor, nextEarnOn: null };
      await tx.manager.update(GuaranteeFeeRow, { id: row.id }, waived);
      if (row.earnMonths === null) await this.moveBase(tx, row, -left);
      const to = row.status === 'paid' ? schemeAccount(row.schemeId, 'scheme_bank') : receivable(row);
      await this.ledger.post(tx, {
        reference: `guarantee.fee.taken_back:${row.id}`,
        description: `Fee of ${guarantee.number} taken back`,
        subject: { type: 'guarantee', id: guarantee.id },
        postings: [posting(row, schemeAccount(row.schemeId, creditedAccount(row)), to, left)],
      });
    }
  }

  /**
   * The guarantee ends. Repaid early, the unearned months of a paid fee go back to the lender; lapsed or paid out as a claim, they are the
   * scheme's. Of a fee that was never paid the unearned months are not owed any more. What stays is earned now.
   */
  async settle(tx: Transaction, guarantee: Guarantee, usedMonths: number, how: 'repaid' | 'ended'): Promise<void> {
    await tx.rows('SELECT id FROM guarantee_fee WHERE guarantee_id = ? ORDER BY id FOR UPDATE', [
      idBytes(guarantee.id),
    ]);
    const rows = await tx.manager.find(GuaranteeFeeRow, {
      where: { guaranteeId: guarantee.id, earnMonths: Not(IsNull()) },
      order: { id: 'ASC' },
    });
    for (const row of rows) {
      const left = row.chargedMinor - row.refundedMinor - row.earnedMinor;
      if (row.status === 'waived' || left === 0n) continue;
      const months = row.earnMonths as number;
      const used = Math.min(months, Math.max(row.earnedMonths, usedMonths - (row.year - 1) * 12));
      const goesBack = how === 'repaid' || row.status === 'billed';
      const kept = goesBack ? earnedOf(row.chargedMinor, months, used) - row.earnedMinor : left;
      const back = left - kept;
      const nothingOwed = row.status === 'billed' && back === row.chargedMinor;
      await tx.manager.update(
        GuaranteeFeeRow,
        { id: row.id },
        {
          refundedMinor: row.refundedMinor + back,
          earnedMinor: row.earnedMinor + kept,
          earnedMonths: goesBack ? used : months,
          nextEarnOn: null,
          status: nothingOwed ? 'waived' : row.status,
        },
      );
      await this.capacity.raiseBase(tx, row.schemeId, kept, row.id);
      const { currency, schemeId, id } = row;
      const now = await tx.now();
      const today = countryDate(this.environment.country, now);
      if (kept > 0n) await insertEarning(tx, { id, schemeId, earnedOn: today, fees: 1, amountMinor: kept }, now);
      const unearned = schemeAccount(schemeId, 'guarantee_fee_unearned');
      const to = row.status === 'paid' ? schemeAccount(schemeId, 'scheme_bank') : receivable(row);
      const income = schemeAccount(schemeId, 'guarantee_fee_income');
      await this.ledger.post(tx, {
        reference: `guarantee.fee.settled:${id}`,
        description: `Fee of ${guarantee.number} settled after ${used} of ${months} months`,
        subject: { type: 'guarantee', id: guarantee.id },
        postings: [
          ...(back > 0n ? [{ debit: unearned, credit: to, amount: back, currency }] : []),
          ...(kept > 0n ? [{ debit: unearned, credit: income, amount: kept, currency }] : []),
        ],
      });
    }
  }

  /** The loan was disbursed: a fee that was paid before begins to be earned. */
  async beginEarning(tx: Transaction, guaranteeId: string, disbursedOn: CalendarDate): Promise<void> {
    const rows = await tx.manager.findBy(GuaranteeFeeRow, { guaranteeId, status: 'paid' });
    for (const row of rows) {
      const changes = earningFrom(row, disbursedOn);
      if (Object.keys(changes).length > 0) await tx.manager.update(GuaranteeFeeRow, { id: row.id }, changes);
    }
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

/** From the begin of the months that a fee pays for; nothing of a fee that is earned at once, or of a loan not paid out. */
function earningFrom(row: GuaranteeFeeRow, disbursedOn: string | null): Partial<GuaranteeFeeRow> {
  if (row.earnMonths === null || disbursedOn === null || row.chargedMinor === row.refundedMinor) return {};
  const earnFrom = addMonths(disbursedOn as CalendarDate, (row.year - 1) * 12);
  return { earnFrom, nextEarnOn: addDays(earnFrom, 1) };
}

/** What billing a fee posts: owed by the lender, earned or still to be earned by the scheme. */
export function billing(row: FeeKey & Pick<GuaranteeFeeRow, 'earnMonths'>): PostInput {
  return {
    reference: `guarantee.fee:${row.id}`,
    description: `Guarantee fee of year ${row.year}`,
    subject: { type: 'guarantee', id: row.guaranteeId },
    postings: [posting(row, receivable(row), schemeAccount(row.schemeId, creditedAccount(row)), row.chargedMinor)],
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
    earned: row.earnMonths === null ? money(row.chargedMinor - row.refundedMinor) : money(row.earnedMinor),
    earnedOverMonths: row.earnMonths,
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
