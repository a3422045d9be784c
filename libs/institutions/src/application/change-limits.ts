import { Inject, Injectable } from '@nestjs/common';
import { type MoneyJson, moneyFromJson } from '#kernel';
import { notify } from '#notices';
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
import { isSamePerson } from '../domain/approval.policy.js';
import { institutionError } from '../domain/errors.js';
import { type LimitChangeAction, limitChangeLifecycle } from '../domain/limit-change.lifecycle.js';
import type { MandateRecord } from '../domain/mandate.js';
import { LimitChange } from '../persistence/entities.js';
import { lockMandate, updateMandate } from '../persistence/mandate.store.js';
import { assertPerson } from './financiers.js';
import { recordHistory } from './institution-history.js';
import { recordMandateStep } from './record-mandate-step.js';
import { limitChangeView } from './views.js';

export interface LimitsInput {
  readonly perEnterprise: MoneyJson | null;
  readonly perAnchor: MoneyJson | null;
  readonly monthlyAppetite: MoneyJson | null;
  readonly reason: string;
}

export type LimitChangeView = ReturnType<typeof limitChangeView>;

/** A maker proposes the limits of a mandate. They hold when a second person has approved them. */
@Injectable()
export class ProposeLimits {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, mandateId: string, input: LimitsInput): Promise<LimitChangeView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, mandateId, input));
  }

  async within(tx: Transaction, mandateId: string, input: LimitsInput): Promise<LimitChangeView> {
    const { organisationId: financierId, id: proposedBy } = tx.context.actor;
    const mandate = await lockMandate(tx, financierId, mandateId);
    if (mandate.status === 'ended') throw institutionError('mandate_ended');
    const now = await tx.now();
    const change: LimitChange = {
      id: newId(),
      financierId,
      mandateId,
      currency: mandate.currency,
      perEnterpriseMinor: limit(input.perEnterprise, '/perEnterprise', mandate),
      perAnchorMinor: limit(input.perAnchor, '/perAnchor', mandate),
      monthlyAppetiteMinor: limit(input.monthlyAppetite, '/monthlyAppetite', mandate),
      status: limitChangeLifecycle.initial,
      reason: input.reason,
      proposedBy,
      proposedAt: now,
      decidedBy: null,
      decidedAt: null,
    };
    await tx.manager.insert(LimitChange, change).catch((error: unknown) => {
      throw isDuplicateKey(error) ? institutionError('limit_change_pending') : error;
    });
    await record(tx, change, 'propose', null, input.reason, now);
    notify(tx, {
      organisationId: financierId,
      roles: ['checker'],
      template: 'approval_waits',
      parameters: { what: mandate.name },
      link: `/institution/mandates/${mandateId}`,
    });
    return limitChangeView(change);
  }
}

/** A checker approves or rejects what a maker proposed; the maker may take it back. */
@Injectable()
export class DecideLimits {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(
    context: CommandContext,
    changeId: string,
    action: LimitChangeAction,
    reason = '',
  ): Promise<LimitChangeView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, changeId, action, reason));
  }

  async within(tx: Transaction, changeId: string, action: LimitChangeAction, reason = ''): Promise<LimitChangeView> {
    const { actor } = tx.context;
    const found = await tx.manager.findOneBy(LimitChange, { id: changeId, financierId: actor.organisationId });
    if (!found) throw httpError('record_unknown');
    // The mandate's lock comes first everywhere, so that proposals and decisions of one mandate take turns.
    const mandate = await lockMandate(tx, actor.organisationId, found.mandateId);
    const change = await tx.manager.findOneByOrFail(LimitChange, { id: changeId });
    const role = action === 'withdraw' ? 'maker' : 'checker';
    const status = limitChangeLifecycle.after(change.status, action, role);
    if (role === 'checker') {
      assertPerson(actor);
      if (isSamePerson(change.proposedBy, actor.id)) throw institutionError('maker_and_checker_same');
    }
    if (status === 'approved' && change.currency !== mandate.currency)
      throw institutionError('limit_currency_differs', { data: { currency: mandate.currency } });
    if (status === 'approved' && mandate.status === 'ended') throw institutionError('mandate_ended');
    const now = await tx.now();
    const decided: LimitChange = { ...change, status, decidedBy: actor.id, decidedAt: now };
    await tx.manager.update(LimitChange, { id: changeId }, { status, decidedBy: actor.id, decidedAt: now });
    await record(tx, decided, action, change.status, reason, now);
    if (status === 'approved') await this.apply(tx, mandate, change, now);
    return limitChangeView(decided);
  }

  private async apply(tx: Transaction, before: MandateRecord, change: LimitChange, now: Date): Promise<void> {
    const { perEnterpriseMinor, perAnchorMinor, monthlyAppetiteMinor } = change;
    const after: MandateRecord = {
      ...before,
      perEnterpriseMinor,
      perAnchorMinor,
      monthlyAppetiteMinor,
      limitsApproved: true,
      version: before.version + 1,
    };
    await updateMandate(tx, after, now);
    const step = { action: 'limits', event: 'limits_changed', from: before.status, reason: change.reason };
    await recordMandateStep(tx, after, step, now, this.environment.country);
  }
}

async function record(
  tx: Transaction,
  change: LimitChange,
  action: string,
  from: string | null,
  reason: string,
  now: Date,
): Promise<void> {
  const { id, financierId, mandateId, status } = change;
  await recordHistory(
    tx,
    [{ subjectType: 'limit_change', subjectId: id, financierId, action, from, to: status, reason }],
    now,
  );
  tx.audit({
    action: `limit_change.${action}`,
    subjectType: 'limit_change',
    subjectId: id,
    data: { mandateId, status, limits: limitChangeView(change).limits, reason },
  });
}

function limit(value: MoneyJson | null, pointer: string, { currency }: MandateRecord): bigint | null {
  if (value === null) return null;
  const read = moneyFromJson(value);
  if (read.currency !== currency)
    throw institutionError('limit_currency_differs', {
      fields: [{ pointer: `${pointer}/currency`, rule: 'same', message: `must be ${currency}` }],
    });
  if (read.minor <= 0n)
    throw institutionError('mandate_incoherent', {
      fields: [{ pointer: `${pointer}/amount`, rule: 'positive', message: 'must be above zero; null means no limit' }],
    });
  return read.minor;
}
