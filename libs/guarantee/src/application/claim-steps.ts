import { Injectable } from '@nestjs/common';
import { type CalendarDate, type MoneyJson, moneyFromJson } from '#kernel';
import { type Actor, idBytes, idText, isDuplicateKey, type Transaction } from '#platform';
import { claimError } from '../domain/claim-errors.js';
import { type ClaimAction, claimLifecycle, type ClaimParty } from '../domain/claim.lifecycle.js';
import { guaranteeError } from '../domain/errors.js';
import { GuaranteeClaim } from '../persistence/claim.entities.js';
import { type Guarantee, GuaranteeScheme } from '../persistence/entities.js';
import { Guarantees } from './guarantees.js';
import { recordHistory } from './record-history.js';

export interface LockedClaim {
  readonly claim: GuaranteeClaim;
  readonly guarantee: Guarantee;
  readonly scheme: GuaranteeScheme;
}

type ClaimChanges = Partial<Omit<GuaranteeClaim, 'id' | 'state' | 'version' | 'guaranteeId' | 'schemeId'>>;

/** Locks and steps of claims; a claim is locked after its guarantee, before capacity and ledger. */
@Injectable()
export class ClaimSteps {
  constructor(private readonly guarantees: Guarantees) {}

  /** Locks the guarantee and its claim. A claim of others does not exist for `actor`. */
  async lock(tx: Transaction, claimId: string, actor?: Actor): Promise<LockedClaim> {
    const seen = await tx.manager.findOneBy(GuaranteeClaim, { id: claimId });
    if (!seen) throw claimError('claim_unknown');
    const scheme = await tx.manager.findOneByOrFail(GuaranteeScheme, { id: seen.schemeId });
    if (actor && !isParty(seen, scheme, actor)) throw claimError('claim_unknown');
    const guarantee = await this.guarantees.lock(tx, seen.guaranteeId);
    await tx.rows('SELECT id FROM guarantee_claim WHERE id = ? FOR UPDATE', [idBytes(claimId)]);
    const claim = await tx.manager.findOneByOrFail(GuaranteeClaim, { id: claimId });
    return { claim, guarantee, scheme };
  }

  /** Moves a claim along its life cycle; history, audit entry and event with it. */
  async move(
    tx: Transaction,
    claim: GuaranteeClaim,
    action: ClaimAction,
    party: ClaimParty,
    reason: string,
    changes: ClaimChanges = {},
  ): Promise<GuaranteeClaim> {
    const state = claimLifecycle.after(claim.state, action, party);
    return this.write(tx, claim, { ...claim, ...changes, state }, action, reason, changes);
  }

  /** Changes a claim without moving it, such as a prepared decision. */
  async change(
    tx: Transaction,
    claim: GuaranteeClaim,
    action: string,
    reason: string,
    changes: ClaimChanges,
  ): Promise<GuaranteeClaim> {
    return this.write(tx, claim, { ...claim, ...changes }, action, reason, changes);
  }

  private async write(
    tx: Transaction,
    before: GuaranteeClaim,
    next: GuaranteeClaim,
    action: string,
    reason: string,
    changes: ClaimChanges,
  ): Promise<GuaranteeClaim> {
    const now = await tx.now();
    const after = { ...next, version: before.version + 1, updatedAt: now };
    const { id, state, version } = after;
    await tx.manager
      .update(GuaranteeClaim, { id }, { ...changes, state, version, updatedAt: now })
      .catch((error: unknown) => {
        throw isDuplicateKey(error)
          ? claimError(changes.bankReference ? 'claim_bank_reference_used' : 'claim_live')
          : error;
      });
    await recordClaimStep(tx, after, action, before.state, reason, now);
    return after;
  }
}

/** History, audit entry and event of one step of a claim. */
export async function recordClaimStep(
  tx: Transaction,
  claim: GuaranteeClaim,
  action: string,
  from: string | null,
  reason: string,
  now: Date,
): Promise<void> {
  const { id, schemeId, guaranteeId, lenderId, enterpriseId, state, version, citedClauses, approvedMinor } = claim;
  const data = {
    guaranteeId,
    state,
    version,
    reason,
    clauses: citedClauses,
    approvedMinor: approvedMinor.toString(),
    paidMinor: claim.paidMinor.toString(),
    recoveredMinor: claim.recoveredMinor.toString(),
  };
  await recordHistory(
    tx,
    [{ subjectType: 'guarantee_claim', subjectId: id, schemeId, action, from, to: state, reason, data }],
    now,
  );
  tx.audit({ action: `guarantee_claim.${action}`, subjectType: 'guarantee_claim', subjectId: id, data });
  tx.emit({
    name: `guarantee_claim.${from === state ? 'changed' : state}`,
    subjectType: 'guarantee_claim',
    subjectId: id,
    version,
    audience: [lenderId, enterpriseId],
    payload: { schemeId, guaranteeId, lenderId, enterpriseId, action, state },
  });
}

export function isParty(
  { lenderId }: Pick<GuaranteeClaim, 'lenderId'>,
  { guarantorId }: Pick<GuaranteeScheme, 'guarantorId'>,
  { organisationId, organisationKind }: Actor,
): boolean {
  return organisationKind === 'guarantor' ? guarantorId === organisationId : lenderId === organisationId;
}

/** Refuses a program or the system: what binds public money is done by people. */
export function assertPersonActs({ kind }: Actor): void {
  if (kind !== 'person') throw guaranteeError('scheme_person_required');
}

/** Refuses the person who prepared what is to be approved. */
export function assertOther(preparedBy: string | null, { id }: Actor): void {
  if (preparedBy === null) throw claimError('claim_decision_not_prepared');
  if (preparedBy === id) throw guaranteeError('scheme_two_people');
}

/** People of the guarantor who declared a conflict with one of these subjects, with the reason. */
export async function conflictsWith(
  tx: Transaction,
  schemeId: string,
  subjectIds: readonly string[],
): Promise<{ personId: string; reason: string }[]> {
  const rows = await tx.rows<{ person_id: Buffer; reason: string }>(
    `SELECT person_id, reason FROM scheme_conflict WHERE scheme_id = ? AND subject_id IN (${subjectIds.map(() => '?').join(',')})`,
    [idBytes(schemeId), ...subjectIds.map(idBytes)],
  );
  return rows.map(({ person_id, reason }) => ({ personId: idText(person_id), reason }));
}

/** Refuses a person with a declared conflict over the claim, its guarantee, firm or lender. */
export async function assertUnconflicted(tx: Transaction, claim: GuaranteeClaim): Promise<void> {
  const found = await conflictsWith(tx, claim.schemeId, subjectsOf(claim));
  if (found.some(({ personId }) => personId === tx.context.actor.id)) throw guaranteeError('board_conflict');
}

export function subjectsOf(
  claim: Pick<GuaranteeClaim, 'id' | 'guaranteeId' | 'enterpriseId' | 'lenderId'>,
): readonly string[] {
  return [claim.id, claim.guaranteeId, claim.enterpriseId, claim.lenderId];
}

/** An amount of the claim's currency in minor units; refuses another currency. */
export function amountOf(value: MoneyJson, currency: string, pointer: string): bigint {
  const read = moneyFromJson(value);
  if (read.currency !== currency)
    throw claimError('claim_figures_incoherent', {
      fields: [{ pointer: `${pointer}/currency`, rule: 'same', message: `must be ${currency}` }],
    });
  return read.minor;
}

/** Refuses a day that has not come yet. */
export function assertNotFuture(day: string, today: CalendarDate, pointer: string): void {
  if (day > today)
    throw claimError('claim_figures_incoherent', {
      fields: [{ pointer, rule: 'past', message: 'must not be after today' }],
    });
}
