// size: entering, confirming and reversing share the parties’ parts.
import { Injectable } from '@nestjs/common';
import { type MoneyJson, moneyToJson } from '#kernel';
import { type AccountKey, Ledger, organisationAccount, type Posting, schemeAccount } from '#ledger';
import { type CommandContext, isDuplicateKey, newId, type Transaction, UnitOfWork } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { claimError } from '../domain/claim-errors.js';
import { shareRecovery } from '../domain/loss-layers.calculation.js';
import { ClaimRecovery, type GuaranteeClaim, type RecoverySource } from '../persistence/claim.entities.js';
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

export interface RecoveryInput {
  readonly source: RecoverySource;
  readonly amount: MoneyJson;
  /** What collecting it cost; only the rest is shared. */
  readonly costs: MoneyJson;
  readonly receivedOn: string;
  readonly bankReference: string;
  readonly note: string;
}

export type RecoveryView = ReturnType<typeof recoveryView>;

export function recoveryView(recovery: ClaimRecovery, currency: string) {
  const money = (minor: bigint) => moneyToJson({ minor, currency });
  return {
    id: recovery.id,
    claimId: recovery.claimId,
    source: recovery.source,
    receivedBy: recovery.receivedBy,
    amount: money(recovery.grossMinor),
    costs: money(recovery.costsMinor),
    net: money(recovery.grossMinor - recovery.costsMinor),
    receivedOn: recovery.receivedOn,
    bankReference: recovery.bankReference,
    note: recovery.note,
    status: recovery.status,
    shares: recovery.shares?.map((minor) => money(BigInt(minor))) ?? null,
    transferId: recovery.transferId,
  };
}

/** Lender or guarantor enters what came back; it counts when a second person of the guarantor has confirmed it. */
@Injectable()
export class EnterRecovery {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ClaimSteps,
    private readonly rules: ClaimRules,
  ) {}

  async execute(context: CommandContext, claimId: string, input: RecoveryInput): Promise<RecoveryView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, claimId, input));
  }

  async within(tx: Transaction, claimId: string, input: RecoveryInput): Promise<RecoveryView> {
    const { actor } = tx.context;
    const { claim } = await this.steps.lock(tx, claimId, actor);
    if (claim.state !== 'paid' && claim.state !== 'recovering')
      throw claimError('recovery_decided', { detail: `The claim is ${claim.state}.`, data: { state: claim.state } });
    const now = await tx.now();
    assertNotFuture(input.receivedOn, countryDate(this.rules.country, now), '/receivedOn');
    const grossMinor = amountOf(input.amount, claim.currency, '/amount');
    const costsMinor = amountOf(input.costs, claim.currency, '/costs');
    if (grossMinor <= costsMinor)
      throw claimError('claim_figures_incoherent', {
        fields: [{ pointer: '/costs', rule: 'below', message: 'must be below what was recovered' }],
      });
    assertWithinLoss(claim, grossMinor - costsMinor);
    const recovery: ClaimRecovery = {
      id: newId(),
      claimId,
      schemeId: claim.schemeId,
      source: input.source,
      receivedBy: actor.organisationKind === 'guarantor' ? 'scheme' : 'lender',
      grossMinor,
      costsMinor,
      receivedOn: input.receivedOn,
      bankReference: input.bankReference,
      note: input.note,
      status: 'entered',
      shares: null,
      transferId: null,
      enteredBy: actor.id,
      enteredAt: now,
      decidedBy: null,
      decidedAt: null,
      reversedBy: null,
      reversedAt: null,
    };
    await tx.manager.insert(ClaimRecovery, recovery).catch((error: unknown) => {
      throw isDuplicateKey(error) ? claimError('claim_bank_reference_used') : error;
    });
    tx.audit({
      action: 'claim_recovery.enter',
      subjectType: 'guarantee_claim',
      subjectId: claimId,
      data: { recoveryId: recovery.id, netMinor: (grossMinor - costsMinor).toString() },
    });
    return recoveryView(recovery, claim.currency);
  }
}

function assertWithinLoss({ lossMinor, recoveredMinor, currency }: GuaranteeClaim, netMinor: bigint): void {
  const open = lossMinor - recoveredMinor;
  if (netMinor > open)
    throw claimError('recovery_above_loss', { data: { open: moneyToJson({ minor: open, currency }) } });
}

/** Confirms, rejects or reverses recoveries; the parts follow the loss that each party still bears. */
@Injectable()
export class DecideRecovery {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ClaimSteps,
    private readonly capacity: Capacity,
    private readonly ledger: Ledger,
  ) {}

  async execute(
    context: CommandContext,
    claimId: string,
    recoveryId: string,
    confirmed: boolean,
  ): Promise<RecoveryView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, claimId, recoveryId, confirmed));
  }

  async within(tx: Transaction, claimId: string, recoveryId: string, confirmed: boolean): Promise<RecoveryView> {
    const { actor } = tx.context;
    const { claim } = await this.steps.lock(tx, claimId, actor);
    assertPersonActs(actor);
    const recovery = await recoveryOf(tx, claimId, recoveryId);
    if (recovery.status !== 'entered') throw claimError('recovery_decided', { data: { status: recovery.status } });
    assertOther(recovery.enteredBy, actor);
    await assertUnconflicted(tx, claim);
    const decided = { decidedBy: actor.id, decidedAt: await tx.now() };
    if (!confirmed) {
      const rejected: ClaimRecovery = { ...recovery, ...decided, status: 'rejected' };
      await tx.manager.update(ClaimRecovery, { id: recoveryId }, { ...decided, status: 'rejected' });
      tx.audit({
        action: 'claim_recovery.reject',
        subjectType: 'guarantee_claim',
        subjectId: claimId,
        data: { recoveryId },
      });
      return recoveryView(rejected, claim.currency);
    }
    return this.confirm(tx, claim, { ...recovery, ...decided, status: 'confirmed' });
  }

  private async confirm(tx: Transaction, claim: GuaranteeClaim, recovery: ClaimRecovery): Promise<RecoveryView> {
    const net = recovery.grossMinor - recovery.costsMinor;
    assertWithinLoss(claim, net);
    const rows = await lossSharesOf((sql, parameters) => tx.rows(sql, parameters), claim.id);
    const { parts } = shareRecovery(net, rows);
    const postings: Posting[] = [];
    let own = 0n;
    for (const [at, row] of rows.entries()) {
      const part = parts[at] as bigint;
      const holder = holderOf(row, recovery.receivedBy, claim.schemeId);
      await addToShare(tx, claim.id, row.position, { recovered: part, ...(holder.owed ? { owed: part } : {}) });
      if (row.kind === 'scheme') own += part;
      if (part > 0n && holder.account)
        postings.push({
          debit: schemeAccount(claim.schemeId, 'scheme_bank'),
          credit: holder.account,
          amount: part,
          currency: claim.currency,
        });
    }
    const reason = `${recovery.bankReference} of ${recovery.receivedOn}`;
    const changes = { recoveredMinor: claim.recoveredMinor + net };
    await (claim.state === 'paid'
      ? this.steps.move(tx, claim, 'recover', 'guarantor', reason, changes)
      : this.steps.change(tx, claim, 'recover_more', reason, changes));
    await this.capacity.raiseBase(tx, claim.schemeId, own, claim.id);
    const shares = parts.map(String);
    // A part that the lender keeps moves nothing in the scheme's books.
    const transferId =
      postings.length === 0
        ? null
        : (
            await this.ledger.post(tx, {
              reference: `guarantee.recovery:${recovery.id}`,
              description: `Recovery on claim ${claim.number}`,
              subject: { type: 'guarantee_claim', id: claim.id },
              postings,
            })
          ).transferId;
    const { status, decidedBy, decidedAt } = recovery;
    await tx.manager.update(ClaimRecovery, { id: recovery.id }, { status, decidedBy, decidedAt, shares, transferId });
    return recoveryView({ ...recovery, shares, transferId }, claim.currency);
  }

  /** Takes a confirmed recovery back, such as a cheque that bounced, as long as nobody was paid out of it. */
  async reverse(context: CommandContext, claimId: string, recoveryId: string, reason: string): Promise<RecoveryView> {
    return this.unitOfWork.run(context, (tx) => this.reverseWithin(tx, claimId, recoveryId, reason));
  }

  async reverseWithin(tx: Transaction, claimId: string, recoveryId: string, reason: string): Promise<RecoveryView> {
    const { actor } = tx.context;
    const { claim } = await this.steps.lock(tx, claimId, actor);
    assertPersonActs(actor);
    const recovery = await recoveryOf(tx, claimId, recoveryId);
    if (recovery.status !== 'confirmed' || claim.state !== 'recovering')
      throw claimError('recovery_decided', { data: { status: recovery.status, claim: claim.state } });
    assertOther(recovery.enteredBy, actor);
    await assertUnconflicted(tx, claim);
    const rows = await lossSharesOf((sql, parameters) => tx.rows(sql, parameters), claim.id);
    let own = 0n;
    for (const [at, row] of rows.entries()) {
      const part = BigInt((recovery.shares as string[])[at] as string);
      const { owed } = holderOf(row, recovery.receivedBy, claim.schemeId);
      if (owed && row.owedMinor - part < row.returnedMinor) throw claimError('recovery_paid_out');
      await addToShare(tx, claim.id, row.position, { recovered: -part, ...(owed ? { owed: -part } : {}) });
      if (row.kind === 'scheme') own += part;
    }
    const net = recovery.grossMinor - recovery.costsMinor;
    await this.steps.change(tx, claim, 'reverse_recovery', reason, { recoveredMinor: claim.recoveredMinor - net });
    await this.capacity.lowerBase(tx, claim.schemeId, own);
    if (recovery.transferId)
      await this.ledger.reverse(tx, {
        transfer: recovery.transferId,
        reference: `guarantee.recovery_reversed:${recovery.id}`,
        description: reason.slice(0, 200),
      });
    const reversed = { status: 'reversed' as const, reversedBy: actor.id, reversedAt: await tx.now() };
    await tx.manager.update(ClaimRecovery, { id: recoveryId }, reversed);
    return recoveryView({ ...recovery, ...reversed }, claim.currency);
  }
}

async function recoveryOf(tx: Transaction, claimId: string, id: string): Promise<ClaimRecovery> {
  const found = await tx.manager.findOneBy(ClaimRecovery, { id, claimId });
  if (!found) throw claimError('recovery_unknown');
  return found;
}

/** Where a party's part goes in the books: the scheme earns its own, holds others', and never sees what the lender keeps. */
function holderOf(
  { kind, organisationId }: LossShareRow,
  receivedBy: ClaimRecovery['receivedBy'],
  schemeId: string,
): { readonly owed: boolean; readonly account: AccountKey | undefined } {
  if (kind === 'scheme') return { owed: false, account: schemeAccount(schemeId, 'recovery_income') };
  if (kind === 'lender' && receivedBy === 'lender') return { owed: false, account: undefined };
  return { owed: true, account: organisationAccount(organisationId, 'recovery_payable') };
}
