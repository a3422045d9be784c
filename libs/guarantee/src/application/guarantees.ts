import { Injectable } from '@nestjs/common';
import { type Actor, idBytes, type Transaction } from '#platform';
import { guaranteeError } from '../domain/errors.js';
import { type GuaranteeAction, guaranteeLifecycle, type GuaranteeParty } from '../domain/guarantee.lifecycle.js';
import { Guarantee } from '../persistence/entities.js';
import { recordHistory } from './record-history.js';

/** What a step may change beside the state. */
export type GuaranteeChanges = Partial<
  Pick<
    Guarantee,
    | 'balanceMinor'
    | 'outstandingMinor'
    | 'guaranteedMinor'
    | 'issuedAt'
    | 'disbursedOn'
    | 'inForceAt'
    | 'endsOn'
    | 'nextFeeOn'
    | 'feeDue'
    | 'daysPastDue'
    | 'defaultedOn'
    | 'noticeAt'
    | 'noticeReason'
    | 'certificateCode'
    | 'certificateChecksum'
  >
>;

/**
 * Steps of single guarantees, for use cases of this context that bring their transaction. Lock the guarantee first, then
 * capacity, then the ledger.
 */
@Injectable()
export class Guarantees {
  /** Locks a guarantee; for the caller's own eyes only when `actor` may see it. Refuses with `guarantee_unknown`. */
  async lock(tx: Transaction, id: string, actor?: Actor): Promise<Guarantee> {
    const [locked] = await tx.rows('SELECT id FROM guarantee WHERE id = ? FOR UPDATE', [idBytes(id)]);
    const found = locked && (await tx.manager.findOneBy(Guarantee, { id }));
    if (!found || (actor && !(await this.isOf(tx, found, actor)))) throw guaranteeError('guarantee_unknown');
    return found;
  }

  /** Moves a guarantee along its life cycle and records the step with history, audit entry and event. */
  async move(
    tx: Transaction,
    guarantee: Guarantee,
    action: GuaranteeAction,
    party: GuaranteeParty,
    reason: string,
    changes: GuaranteeChanges = {},
  ): Promise<Guarantee> {
    const state = guaranteeLifecycle.after(guarantee.state, action, party);
    return this.write(tx, { ...guarantee, ...changes, state }, guarantee, action, reason, changes);
  }

  /** Changes a guarantee without moving it, such as its outstanding amount; recorded like a step. */
  async change(
    tx: Transaction,
    guarantee: Guarantee,
    action: string,
    reason: string,
    changes: GuaranteeChanges,
  ): Promise<Guarantee> {
    return this.write(tx, { ...guarantee, ...changes }, guarantee, action, reason, changes);
  }

  private async write(
    tx: Transaction,
    next: Guarantee,
    before: Guarantee,
    action: string,
    reason: string,
    changes: GuaranteeChanges,
  ): Promise<Guarantee> {
    const now = await tx.now();
    const after: Guarantee = { ...next, version: before.version + 1, updatedAt: now };
    const { id, state, version, schemeId } = after;
    await tx.manager.update(Guarantee, { id }, { ...changes, state, version, updatedAt: now });
    await recordHistory(
      tx,
      [{ subjectType: 'guarantee', subjectId: id, schemeId, action, from: before.state, to: state, reason }],
      now,
    );
    tx.audit({
      action: `guarantee.${action}`,
      subjectType: 'guarantee',
      subjectId: id,
      data: { state, version, reason },
    });
    tx.emit({
      name: `guarantee.${state === before.state ? 'changed' : state}`,
      subjectType: 'guarantee',
      subjectId: id,
      version,
      audience: [after.lenderId, after.enterpriseId],
      payload: {
        schemeId,
        lenderId: after.lenderId,
        enterpriseId: after.enterpriseId,
        requestId: after.requestId,
        offerId: after.offerId,
        action,
        state,
      },
    });
    return after;
  }

  private async isOf(tx: Transaction, { lenderId, enterpriseId, schemeId }: Guarantee, actor: Actor): Promise<boolean> {
    if (actor.organisationKind !== 'guarantor')
      return lenderId === actor.organisationId || enterpriseId === actor.organisationId;
    const [own] = await tx.rows('SELECT id FROM guarantee_scheme WHERE id = ? AND guarantor_id = ?', [
      idBytes(schemeId),
      idBytes(actor.organisationId),
    ]);
    return own !== undefined;
  }
}
