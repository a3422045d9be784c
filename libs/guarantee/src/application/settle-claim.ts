import { Injectable } from '@nestjs/common';
import { type MoneyJson, moneyToJson } from '#kernel';
import { Ledger, organisationAccount, type Posting, schemeAccount } from '#ledger';
import { type CommandContext, isDuplicateKey, newId, type Transaction, UnitOfWork } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { claimError } from '../domain/claim-errors.js';
import { ClaimSettlement, type GuaranteeClaim } from '../persistence/claim.entities.js';
import { addToShare, type LossShareRow, lossSharesOf } from '../persistence/loss-share.store.js';
import { Capacity } from './capacity.js';
import {
  amountOf,
  assertNotFuture,
  assertOther,
  assertPersonActs,
  assertUnconflicted,
  ClaimSteps,
} from './claim-steps.js';
import { ClaimRules } from './claim-rules.js';

export interface SettlementInput {
  readonly organisationId: string;
  /** `in`: a re-guarantor pays its bill; `out`: its part, or the lender's, of a recovery is paid out. */
  readonly direction: 'in' | 'out';
  readonly amount: MoneyJson;
  readonly settledOn: string;
  readonly bankReference: string;
}

export type SettlementView = ReturnType<typeof settlementView>;

export function settlementView(settlement: ClaimSettlement, currency: string) {
  const { amountMinor, enteredBy: _by, decidedBy: _decider, ...rest } = settlement;
  return { ...rest, amount: moneyToJson({ minor: amountMinor, currency }) };
}

/** Settles with re-guarantors and lender what claims and recoveries left between them and the scheme: two people each time. */
@Injectable()
export class SettleClaim {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ClaimSteps,
    private readonly rules: ClaimRules,
    private readonly capacity: Capacity,
    private readonly ledger: Ledger,
  ) {}

  async enter(context: CommandContext, claimId: string, input: SettlementInput): Promise<SettlementView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { claim } = await this.steps.lock(tx, claimId, context.actor);
      const now = await tx.now();
      assertNotFuture(input.settledOn, countryDate(this.rules.country, now), '/settledOn');
      const amountMinor = amountOf(input.amount, claim.currency, '/amount');
      await this.share(tx, claim, input, amountMinor);
      const settlement: ClaimSettlement = {
        id: newId(),
        claimId,
        schemeId: claim.schemeId,
        organisationId: input.organisationId,
        direction: input.direction,
        amountMinor,
        settledOn: input.settledOn,
        bankReference: input.bankReference,
        status: 'entered',
        enteredBy: context.actor.id,
        enteredAt: now,
        decidedBy: null,
        decidedAt: null,
      };
      await tx.manager.insert(ClaimSettlement, settlement).catch((error: unknown) => {
        throw isDuplicateKey(error) ? claimError('claim_bank_reference_used') : error;
      });
      this.record(tx, settlement, 'enter');
      return settlementView(settlement, claim.currency);
    });
  }

  async decide(
    context: CommandContext,
    claimId: string,
    settlementId: string,
    confirmed: boolean,
  ): Promise<SettlementView> {
    return this.unitOfWork.run(context, (tx) => this.decideWithin(tx, claimId, settlementId, confirmed));
  }

  async decideWithin(
    tx: Transaction,
    claimId: string,
    settlementId: string,
    confirmed: boolean,
  ): Promise<SettlementView> {
    const { actor } = tx.context;
    const { claim } = await this.steps.lock(tx, claimId, actor);
    assertPersonActs(actor);
    const found = await tx.manager.findOneBy(ClaimSettlement, { id: settlementId, claimId });
    if (!found) throw claimError('settlement_unknown');
    if (found.status !== 'entered') throw claimError('settlement_decided', { data: { status: found.status } });
    assertOther(found.enteredBy, actor);
    await assertUnconflicted(tx, claim);
    const decided = {
      status: confirmed ? ('confirmed' as const) : ('rejected' as const),
      decidedBy: actor.id,
      decidedAt: await tx.now(),
    };
    await tx.manager.update(ClaimSettlement, { id: settlementId }, decided);
    const settlement = { ...found, ...decided };
    this.record(tx, settlement, confirmed ? 'confirm' : 'reject');
    if (confirmed) await this.post(tx, claim, settlement);
    return settlementView(settlement, claim.currency);
  }

  private async post(tx: Transaction, claim: GuaranteeClaim, settlement: ClaimSettlement): Promise<void> {
    const { id, amountMinor: amount, organisationId, direction } = settlement;
    const { position } = await this.share(tx, claim, settlement, amount);
    await addToShare(tx, claim.id, position, direction === 'in' ? { received: amount } : { returned: amount });
    if (direction === 'in') await this.capacity.raiseBase(tx, claim.schemeId, amount, claim.id);
    const bank = schemeAccount(claim.schemeId, 'scheme_bank');
    const posting: Posting =
      direction === 'in'
        ? {
            debit: bank,
            credit: organisationAccount(organisationId, 'reguarantee_receivable'),
            amount,
            currency: claim.currency,
          }
        : {
            debit: organisationAccount(organisationId, 'recovery_payable'),
            credit: bank,
            amount,
            currency: claim.currency,
          };
    await this.ledger.post(tx, {
      reference: `guarantee.settlement:${id}`,
      description: `Settlement on claim ${claim.number}`,
      subject: { type: 'guarantee_claim', id: claim.id },
      postings: [posting],
    });
  }

  /** The party's share; refuses more than is open. */
  private async share(
    tx: Transaction,
    { id, currency }: GuaranteeClaim,
    { organisationId, direction }: Pick<SettlementInput, 'organisationId' | 'direction'>,
    amountMinor: bigint,
  ): Promise<LossShareRow> {
    const rows = await lossSharesOf((sql, parameters) => tx.rows(sql, parameters), id);
    const row = rows.find((each) => each.organisationId === organisationId);
    const open = !row
      ? 0n
      : direction === 'in'
        ? row.billedMinor - row.receivedMinor
        : row.owedMinor - row.returnedMinor;
    if (!row || amountMinor <= 0n || amountMinor > open)
      throw claimError('settlement_exceeds', { data: { open: moneyToJson({ minor: open, currency }) } });
    return row;
  }

  private record(
    tx: Transaction,
    { id, claimId, direction, amountMinor, organisationId }: ClaimSettlement,
    action: string,
  ) {
    tx.audit({
      action: `claim_settlement.${action}`,
      subjectType: 'guarantee_claim',
      subjectId: claimId,
      data: { settlementId: id, direction, amountMinor: amountMinor.toString(), organisationId },
    });
  }
}
