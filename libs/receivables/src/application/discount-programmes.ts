import { Injectable } from '@nestjs/common';
import { type CalendarDate, isCalendarDate, type MoneyJson, moneyFromJson, moneyToJson } from '#kernel';
import { notify } from '#notices';
import { type CommandContext, httpError, idBytes, idText, newId, type Transaction, UnitOfWork } from '#platform';
import { assertCurve, compareRates, type RateStep } from '../domain/discount.calculation.js';
import { type DiscountProgrammeAction, discountProgrammeLifecycle } from '../domain/discount.lifecycle.js';
import { settlementError } from '../domain/settlement-errors.js';
import { DiscountProgramme } from '../persistence/certificate.entities.js';
import { recordSettlementSteps } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';

export interface DiscountProgrammeInput {
  readonly name: string;
  readonly curve: readonly RateStep[];
  readonly floorRate: string;
  readonly dailyBudget: MoneyJson;
  readonly validFrom: string;
  readonly validTo: string | null;
}

export type DiscountProgrammeView = ReturnType<typeof programmeView>;

/** An anchor's programmes of early payment: a maker proposes, a checker puts them in force. */
@Injectable()
export class DiscountProgrammes {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SettlementBook,
  ) {}

  async propose(context: CommandContext, input: DiscountProgrammeInput): Promise<DiscountProgrammeView> {
    assertCurve(input.curve);
    const budget = moneyFromJson(input.dailyBudget);
    const fault = faultOf(input, budget.minor);
    if (fault)
      throw settlementError('settlement_amounts_incoherent', {
        detail: `${fault.pointer} ${fault.message}.`,
        fields: [{ ...fault, rule: 'programme' }],
      });
    return this.unitOfWork.run(context, async (tx) => {
      const { organisationId: anchorId, id: proposedBy } = tx.context.actor;
      const programme: DiscountProgramme = {
        id: newId(),
        anchorId,
        name: input.name,
        currency: budget.currency,
        curve: [...input.curve],
        floorRate: input.floorRate,
        dailyBudgetMinor: budget.minor,
        validFrom: input.validFrom as CalendarDate,
        validTo: input.validTo as CalendarDate | null,
        state: discountProgrammeLifecycle.initial,
        proposedBy,
        decidedBy: null,
        version: 1,
        createdAt: await tx.now(),
      };
      await tx.manager.insert(DiscountProgramme, programme);
      await recordSettlementSteps(tx, [
        {
          subjectType: 'discount_programme',
          subjectId: programme.id,
          action: 'propose',
          from: null,
          to: 'proposed',
          version: 1,
          audience: [anchorId],
        },
      ]);
      notify(tx, {
        organisationId: anchorId,
        roles: ['checker'],
        template: 'approval_waits',
        parameters: { what: programme.name },
        link: '/anchor/discount',
      });
      return programmeView(programme);
    });
  }

  async move(
    context: CommandContext,
    programmeId: string,
    action: DiscountProgrammeAction,
  ): Promise<DiscountProgrammeView> {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await this.lockOwn(tx, programmeId);
      const isDecision = action === 'approve' || action === 'reject' || action === 'resume';
      const state = discountProgrammeLifecycle.after(before.state, action, isDecision ? 'checker' : 'maker');
      if (isDecision) assertChecker(tx, before.proposedBy);
      const version = before.version + 1;
      const decidedBy = isDecision ? tx.context.actor.id : before.decidedBy;
      await tx.manager.update(DiscountProgramme, { id: programmeId }, { state, version, decidedBy });
      await recordSettlementSteps(tx, [
        {
          subjectType: 'discount_programme',
          subjectId: programmeId,
          action,
          from: before.state,
          to: state,
          version,
          audience: [before.anchorId],
        },
      ]);
      return programmeView({ ...before, state, version, decidedBy });
    });
  }

  /** Sets the money of one day, never below what is given out already; not by the person who proposed the programme. */
  async setBudget(context: CommandContext, programmeId: string, payOn: string, budget: MoneyJson) {
    return this.unitOfWork.run(context, async (tx) => {
      const programme = await this.lockOwn(tx, programmeId);
      assertChecker(tx, programme.proposedBy);
      const { minor, currency } = moneyFromJson(budget);
      if (currency !== programme.currency)
        throw settlementError('discount_currency_differs', { data: { currency: programme.currency } });
      const today = this.book.day(await tx.now());
      if (!isCalendarDate(payOn) || payOn <= today) throw settlementError('discount_day_unsuitable');
      const day = await lockDay(tx, programme, payOn);
      if (minor < day.usedMinor)
        throw settlementError('settlement_amounts_incoherent', {
          fields: [
            {
              pointer: '/budget/amount',
              rule: 'used',
              message: `must be at least what is given out: ${moneyToJson({ minor: day.usedMinor, currency }).amount}`,
            },
          ],
        });
      await tx.execute('UPDATE discount_day SET budget_minor = ? WHERE id = ?', [minor, idBytes(day.id)]);
      tx.audit({
        action: 'discount_day.set_budget',
        subjectType: 'discount_day',
        subjectId: day.id,
        data: { payOn, budget: minor.toString() },
      });
      return {
        programmeId,
        payOn,
        budget: moneyToJson({ minor, currency }),
        used: moneyToJson({ minor: day.usedMinor, currency }),
      };
    });
  }

  private async lockOwn(tx: Transaction, programmeId: string): Promise<DiscountProgramme> {
    const found = await tx.manager.findOne(DiscountProgramme, {
      where: { id: programmeId, anchorId: tx.context.actor.organisationId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!found) throw httpError('record_unknown');
    return found;
  }
}

export interface DiscountDay {
  readonly id: string;
  readonly budgetMinor: bigint;
  readonly usedMinor: bigint;
}

/** The programme's day, made when it is first asked for, locked. */
export async function lockDay(
  tx: Transaction,
  programme: DiscountProgramme,
  payOn: CalendarDate,
): Promise<DiscountDay> {
  const id = newId();
  const read = () =>
    tx.rows<{ id: Buffer; budget_minor: string; used_minor: string }>(
      'SELECT id, budget_minor, used_minor FROM discount_day WHERE programme_id = ? AND pay_on = ? FOR UPDATE',
      [idBytes(programme.id), payOn],
    );
  let [row] = await read();
  if (!row) {
    await tx.execute('INSERT IGNORE INTO discount_day (id, programme_id, pay_on, budget_minor) VALUES (?, ?, ?, ?)', [
      idBytes(id),
      idBytes(programme.id),
      payOn,
      programme.dailyBudgetMinor,
    ]);
    [row] = await read();
  }
  if (!row) throw new Error('the day of a programme was not made');
  return { id: idText(row.id), budgetMinor: BigInt(row.budget_minor), usedMinor: BigInt(row.used_minor) };
}

function assertChecker(tx: Transaction, proposedBy: string): void {
  const { actor } = tx.context;
  if (actor.kind !== 'person') throw settlementError('settlement_person_required');
  if (actor.id === proposedBy) throw settlementError('settlement_maker_and_checker_same');
}

function faultOf(input: DiscountProgrammeInput, budgetMinor: bigint): { pointer: string; message: string } | undefined {
  if (budgetMinor <= 0n) return { pointer: '/dailyBudget/amount', message: 'must be above zero' };
  if (input.validTo !== null && input.validTo < input.validFrom)
    return { pointer: '/validTo', message: 'must not be before validFrom' };
  const low = input.curve.findIndex(({ annualRate }) => compareRates(annualRate, input.floorRate) < 0);
  if (low !== -1) return { pointer: `/curve/${low}/annualRate`, message: 'must not be below the floor' };
  return undefined;
}

export function programmeView(programme: DiscountProgramme) {
  const { id, anchorId, name, currency, curve, floorRate, dailyBudgetMinor, validFrom, validTo, state, version } =
    programme;
  return {
    id,
    anchorId,
    name,
    curve,
    floorRate,
    dailyBudget: moneyToJson({ minor: dailyBudgetMinor, currency }),
    validFrom,
    validTo,
    state,
    version,
  };
}
