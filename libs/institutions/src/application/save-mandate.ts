import { Inject, Injectable } from '@nestjs/common';
import {
  type AgeBand,
  type CollateralKind,
  type Grade,
  type MoneyJson,
  moneyFromJson,
  type ProductKind,
  type Sector,
  type SizeClass,
} from '#kernel';
import { type CommandContext, ENVIRONMENT, type Environment, newId, type Transaction, UnitOfWork } from '#platform';
import { isRegionOf } from '#platform/rulebooks';
import { institutionError } from '../domain/errors.js';
import { mandateLifecycle } from '../domain/mandate.lifecycle.js';
import { mandateFaults, type MandateTerms } from '../domain/mandate.policy.js';
import type { MandateRecord } from '../domain/mandate.js';
import { insertMandate, lockMandate, updateMandate } from '../persistence/mandate.store.js';
import { recheckAutoBidRules } from './auto-bid-rules.js';
import { assertVersion, lockFinancier } from './financiers.js';
import { recordMandateStep } from './record-mandate-step.js';
import { mandateView } from './views.js';

/** A mandate's terms as they come from outside: money in major units, in one currency. */
export interface MandateInput {
  readonly reference: string;
  readonly name: string;
  readonly productKinds: readonly ProductKind[];
  readonly amountMin: MoneyJson;
  readonly amountMax: MoneyJson;
  readonly tenorMin: number;
  readonly tenorMax: number;
  readonly sectors: readonly Sector[];
  readonly regions: readonly string[];
  readonly sizeClasses: readonly SizeClass[];
  readonly ageBands: readonly AgeBand[];
  readonly gradeFloor: Grade | null;
  readonly collateral: readonly CollateralKind[];
  readonly offersShariah: boolean;
  readonly shariahOnly: boolean;
  readonly womenLedOnly: boolean;
  readonly ruralOnly: boolean;
  readonly validFrom: string;
  readonly validTo: string | null;
}

export type MandateView = ReturnType<typeof mandateView>;

/** Makes a mandate as a draft, or changes one. It can be prepared before the institution is verified. */
@Injectable()
export class SaveMandate {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async create(context: CommandContext, input: MandateInput): Promise<MandateView> {
    return this.unitOfWork.run(context, (tx) => this.createWithin(tx, input));
  }

  async createWithin(tx: Transaction, input: MandateInput): Promise<MandateView> {
    const terms = this.read(input);
    const financierId = tx.context.actor.organisationId;
    await lockFinancier(tx, financierId);
    const now = await tx.now();
    const mandate: MandateRecord = {
      ...terms,
      id: newId(),
      financierId,
      reference: input.reference,
      status: mandateLifecycle.initial,
      limitsApproved: false,
      perEnterpriseMinor: null,
      perAnchorMinor: null,
      monthlyAppetiteMinor: null,
      version: 1,
    };
    await insertMandate(tx, mandate, now);
    await this.record(tx, mandate, null, now);
    return mandateView(mandate);
  }

  /** Refuses another version than `version` (412), and a new currency once limits were approved in the old one. */
  async change(context: CommandContext, id: string, version: number, input: MandateInput): Promise<MandateView> {
    return this.unitOfWork.run(context, (tx) => this.changeWithin(tx, id, version, input));
  }

  async changeWithin(tx: Transaction, id: string, version: number, input: MandateInput): Promise<MandateView> {
    const terms = this.read(input);
    const before = await lockMandate(tx, tx.context.actor.organisationId, id);
    assertVersion(before.version, version);
    if (before.status === 'ended') throw institutionError('mandate_ended');
    if (before.limitsApproved && before.currency !== terms.currency)
      throw institutionError('mandate_incoherent', {
        fields: [{ pointer: '/amountMax/currency', rule: 'fixed', message: `must stay ${before.currency}` }],
      });
    const now = await tx.now();
    const after: MandateRecord = { ...before, ...terms, reference: input.reference, version: before.version + 1 };
    await updateMandate(tx, after, now);
    await recheckAutoBidRules(tx, after, now);
    await this.record(tx, after, before, now);
    return mandateView(after);
  }

  private async record(tx: Transaction, after: MandateRecord, before: MandateRecord | null, now: Date): Promise<void> {
    const words = before ? { action: 'change', event: 'changed' } : { action: 'create', event: 'created' };
    const step = { ...words, from: before?.status ?? null, reason: '' };
    await recordMandateStep(tx, after, step, now, this.environment.country);
  }

  private read(input: MandateInput): MandateTerms {
    const { reference: _reference, amountMin, amountMax, ...rest } = input;
    const [least, most] = [moneyFromJson(amountMin), moneyFromJson(amountMax)];
    const terms = { ...rest, currency: most.currency, amountMin: least.minor, amountMax: most.minor };
    const faults = [
      ...(least.currency === most.currency
        ? []
        : [{ pointer: '/amountMin/currency', rule: 'same', message: 'must be the currency of amountMax' }]),
      ...mandateFaults(terms, (code) => isRegionOf(this.environment.country, code)),
    ];
    if (faults.length > 0)
      throw institutionError('mandate_incoherent', {
        fields: faults,
        detail: `${faults[0]?.pointer}: ${faults[0]?.message}`,
      });
    return terms;
  }
}
