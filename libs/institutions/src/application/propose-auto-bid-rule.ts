import { Injectable } from '@nestjs/common';
import { type FieldError, type MoneyJson, moneyFromJson } from '#kernel';
import { notify } from '#notices';
import { type CommandContext, httpError, newId, type Transaction, UnitOfWork } from '#platform';
import { isSamePerson } from '../domain/approval.policy.js';
import { type AutoBidAction, autoBidLifecycle } from '../domain/auto-bid.lifecycle.js';
import { autoBidFaults } from '../domain/auto-bid.policy.js';
import type { AutoBidTerms, ReceivableBidTerms } from '../domain/auto-bid.js';
import { institutionError } from '../domain/errors.js';
import { AutoBidRuleRow } from '../persistence/entities.js';
import { lockMandate } from '../persistence/mandate.store.js';
import { recordRuleStep } from './auto-bid-rules.js';
import { assertPerson } from './financiers.js';
import { autoBidRuleView } from './views.js';

export interface AutoBidInput extends Omit<AutoBidTerms, 'feeFixedMinor' | keyof ReceivableBidTerms> {
  readonly mandateId: string;
  readonly name: string;
  readonly feeFixed: MoneyJson | null;
  /** How it bids on receivables; with recourse, without a holdback and on any listing when left out. */
  readonly receivables?: ReceivableBidInput | undefined;
}

export interface ReceivableBidInput {
  readonly recourse: boolean;
  readonly holdbackPercent: string;
  readonly daysLeftMin?: number | undefined;
  readonly daysLeftMax?: number | undefined;
  readonly amountMax?: MoneyJson | undefined;
}

export type AutoBidRuleView = ReturnType<typeof autoBidRuleView>;

/** A maker proposes a rule: a mandate and the price at which it bids by itself. */
@Injectable()
export class ProposeAutoBidRule {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, input: AutoBidInput): Promise<AutoBidRuleView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, input));
  }

  async within(tx: Transaction, input: AutoBidInput): Promise<AutoBidRuleView> {
    const { feeFixed, mandateId, name, receivables, ...terms } = input;
    const { organisationId: financierId, id: proposedBy } = tx.context.actor;
    const mandate = await lockMandate(tx, financierId, mandateId);
    if (mandate.status === 'ended') throw institutionError('mandate_ended');
    const fee = feeFixed ? moneyFromJson(feeFixed) : { minor: 0n, currency: mandate.currency };
    const faceMax = receivables?.amountMax ? moneyFromJson(receivables.amountMax) : undefined;
    const full: AutoBidTerms = {
      ...terms,
      feeFixedMinor: fee.minor,
      recourse: receivables?.recourse ?? true,
      holdbackPercent: receivables?.holdbackPercent ?? '0',
      daysLeftMin: receivables?.daysLeftMin ?? null,
      daysLeftMax: receivables?.daysLeftMax ?? null,
      faceMaxMinor: faceMax?.minor ?? null,
    };
    const faults: FieldError[] = [...autoBidFaults(full, mandate)];
    if (faceMax && faceMax.currency !== mandate.currency)
      faults.push({
        pointer: '/receivables/amountMax/currency',
        rule: 'same',
        message: `must be ${mandate.currency}`,
      });
    if (fee.currency !== mandate.currency)
      faults.push({ pointer: '/feeFixed/currency', rule: 'same', message: `must be ${mandate.currency}` });
    if (faults.length > 0)
      throw institutionError('auto_bid_incoherent', {
        fields: faults,
        detail: `${faults[0]?.pointer}: ${faults[0]?.message}`,
      });
    const now = await tx.now();
    const rule: AutoBidRuleRow = {
      ...full,
      id: newId(),
      financierId,
      mandateId,
      name,
      status: autoBidLifecycle.initial,
      proposedBy,
      approvedBy: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    await tx.manager.insert(AutoBidRuleRow, rule);
    await recordRuleStep(tx, rule, { action: 'propose', from: null, reason: '' }, now);
    notify(tx, {
      organisationId: financierId,
      roles: ['checker'],
      template: 'approval_waits',
      parameters: { what: name },
      link: `/institution/mandates/${mandateId}`,
    });
    return autoBidRuleView(rule, mandate.currency);
  }
}

const checkerActs: readonly AutoBidAction[] = ['approve', 'reject', 'resume'];

/** Takes a rule along its life cycle. A checker is never the person who proposed it. */
@Injectable()
export class MoveAutoBidRule {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(
    context: CommandContext,
    ruleId: string,
    action: Exclude<AutoBidAction, 'recheck'>,
    reason = '',
  ): Promise<AutoBidRuleView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, ruleId, action, reason));
  }

  async within(
    tx: Transaction,
    ruleId: string,
    action: Exclude<AutoBidAction, 'recheck'>,
    reason = '',
  ): Promise<AutoBidRuleView> {
    const { actor } = tx.context;
    const financierId = actor.organisationId;
    const found = await tx.manager.findOneBy(AutoBidRuleRow, { id: ruleId, financierId });
    if (!found) throw httpError('record_unknown');
    // The mandate's lock comes first everywhere: a change of its terms and an approval take turns.
    const mandate = await lockMandate(tx, financierId, found.mandateId);
    const rule = await tx.manager.findOneByOrFail(AutoBidRuleRow, { id: ruleId });
    const role = checkerActs.includes(action) ? 'checker' : 'maker';
    const status = autoBidLifecycle.after(rule.status, action, role);
    if (role === 'checker') {
      assertPerson(actor);
      if (isSamePerson(rule.proposedBy, actor.id)) throw institutionError('maker_and_checker_same');
    }
    const now = await tx.now();
    const approvedBy = action === 'approve' || action === 'resume' ? actor.id : rule.approvedBy;
    const after = { ...rule, status, approvedBy, version: rule.version + 1 };
    await tx.manager.update(
      AutoBidRuleRow,
      { id: ruleId },
      { status, approvedBy, version: after.version, updatedAt: now },
    );
    await recordRuleStep(tx, after, { action, from: rule.status, reason }, now);
    return autoBidRuleView(after, mandate.currency);
  }
}
