// size: every decision on a transfer with the statements that carry it out together.
import { Injectable } from '@nestjs/common';
import { Ledger, organisationAccount } from '#ledger';
import { notify } from '#notices';
import { type CommandContext, httpError, idBytes, type Transaction, UnitOfWork } from '#platform';
import { settlementError } from '../domain/settlement-errors.js';
import {
  type TransferAction,
  transferLifecycle,
  type TransferRole,
  type TransferState,
} from '../domain/transfer.lifecycle.js';
import { type Certificate, CertificateTransfer } from '../persistence/certificate.entities.js';
import { changeCertificate, insertCertificates, lockCertificates, moveCertificate } from './certificate-records.js';
import { tellReceivers } from './pass-certificate.js';
import { recordSettlementSteps, type SettlementStep } from './record-settlement-steps.js';

export interface DecidedTransfers {
  readonly state: TransferState;
  /** For acceptances: the receiver's own certificates, in the order of the transfers. */
  readonly items: readonly { readonly transferId: string; readonly certificateId: string | null }[];
}

const partyOf: Readonly<Record<TransferRole, 'fromId' | 'toId' | undefined>> = {
  second_signatory: 'fromId',
  holder: 'fromId',
  receiver: 'toId',
  clock: undefined,
};

/**
 * What becomes of transfers: approved by a second signatory, accepted or refused by the receiver, taken back by the holder. Any number at
 * once, with a fixed number of statements for those of one certificate. The certificates are locked first, by id, then the
 * transfers, then the accounts: so a hundred at once neither create nor lose anything.
 */
@Injectable()
export class DecideTransfers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: Ledger,
  ) {}

  async execute(
    context: CommandContext,
    transferIds: readonly string[],
    action: 'approve' | 'accept' | 'refuse' | 'withdraw',
  ): Promise<DecidedTransfers> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, transferIds, action));
  }

  async within(
    tx: Transaction,
    transferIds: readonly string[],
    action: 'approve' | 'accept' | 'refuse' | 'withdraw',
  ): Promise<DecidedTransfers> {
    const { actor } = tx.context;
    const role: TransferRole =
      action === 'approve' ? 'second_signatory' : action === 'withdraw' ? 'holder' : 'receiver';
    const ids = [...new Set(transferIds)].sort();
    const found = await readTransfers(tx, ids, false);
    const own = found.filter((each) => each[partyOf[role] as 'fromId' | 'toId'] === actor.organisationId);
    // A receiver learns of a transfer when it is offered, not before.
    if (own.length !== ids.length || (role === 'receiver' && own.some(({ state }) => state === 'proposed')))
      throw httpError('record_unknown');
    const certificates = await lockCertificates(
      tx,
      own.map(({ certificateId }) => certificateId),
    );
    const transfers = await readTransfers(tx, ids, true);
    const state = this.decided(transfers, action, role);
    const now = await tx.now();
    if (action === 'approve') {
      if (actor.kind !== 'person') throw settlementError('settlement_person_required');
      if (transfers.some(({ proposedBy }) => proposedBy === actor.id))
        throw settlementError('maker_and_second_signatory_same');
    }
    if ((action === 'accept' || action === 'approve') && transfers.some(({ expiresAt }) => expiresAt <= now))
      throw settlementError('transfer_late');
    await this.apply(tx, transfers, certificates, action, state, now);
    if (action === 'approve') {
      const soonest = new Date(Math.min(...transfers.map(({ expiresAt }) => expiresAt.getTime())));
      tellReceivers(
        tx,
        transfers.map(({ toId }) => toId),
        soonest,
      );
    }
    return {
      state,
      items: transferIds.map((transferId) => ({ transferId, certificateId: action === 'accept' ? transferId : null })),
    };
  }

  /** What nobody has decided in time is free again; `over` also ends those that still had time, when the anchor has paid. */
  async expire(tx: Transaction, transferIds: readonly string[], now: Date, over = false): Promise<void> {
    const found = await readTransfers(tx, [...transferIds].sort(), false);
    const certificates = await lockCertificates(
      tx,
      found.map(({ certificateId }) => certificateId),
    );
    const open = (
      await readTransfers(
        tx,
        found.map(({ id }) => id),
        true,
      )
    ).filter(
      ({ state, expiresAt }) => transferLifecycle.open(state, 'clock').includes('expire') && (over || expiresAt <= now),
    );
    if (open.length > 0) await this.apply(tx, open, certificates, 'expire', 'expired', now);
  }

  private decided(
    transfers: readonly CertificateTransfer[],
    action: TransferAction,
    role: TransferRole,
  ): TransferState {
    const states = transfers.map(({ state }) => transferLifecycle.after(state, action, role));
    return states[0] as TransferState;
  }

  private async apply(
    tx: Transaction,
    transfers: readonly CertificateTransfer[],
    certificates: readonly Certificate[],
    action: TransferAction,
    state: TransferState,
    now: Date,
  ): Promise<void> {
    const ids = transfers.map(({ id }) => idBytes(id));
    const marks = ids.map(() => '?').join(',');
    const isAcceptance = action === 'accept';
    const changed = await tx.execute(
      `UPDATE certificate_transfer SET state = ?, version = version + 1, decided_at = ?,
         approved_by = ${action === 'approve' ? '?' : 'approved_by'}, child_id = ${isAcceptance ? 'id' : 'child_id'} WHERE id IN (${marks})`,
      [state, action === 'approve' ? null : now, ...(action === 'approve' ? [tx.context.actor.id] : []), ...ids],
    );
    if (changed !== transfers.length) throw httpError('record_changed');
    const steps: SettlementStep[] = transfers.map((each) => ({
      subjectType: 'certificate_transfer',
      subjectId: each.id,
      action,
      from: each.state,
      to: state,
      version: each.version + 1,
      audience: [each.fromId, each.toId],
      payload: { certificateId: each.certificateId },
    }));
    if (action !== 'approve') {
      for (const certificate of certificates) {
        const sum = transfers
          .filter(({ certificateId }) => certificateId === certificate.id)
          .reduce((total, { amountMinor }) => total + amountMinor, 0n);
        if (sum > 0n) steps.push(...(await release(tx, certificate, sum, isAcceptance)));
      }
    }
    if (isAcceptance) {
      await insertChildren(tx, transfers, certificates, now);
      steps.push(
        ...transfers.map((each): SettlementStep => ({
          subjectType: 'certificate',
          subjectId: each.id,
          action: 'issue',
          from: null,
          to: 'held',
          version: 1,
          audience: [each.toId],
          payload: { receivableId: each.receivableId },
        })),
      );
    }
    await recordSettlementSteps(tx, steps);
    if (isAcceptance || action === 'refuse')
      for (const organisationId of new Set(transfers.map(({ fromId }) => fromId)))
        notify(tx, {
          organisationId,
          roles: ['signatory'],
          template: isAcceptance ? 'certificate_transfer_accepted' : 'certificate_transfer_refused',
          parameters: { count: transfers.filter(({ fromId }) => fromId === organisationId).length },
          link: '/certificates',
        });
    if (!isAcceptance) return;
    await this.ledger.postAll(
      tx,
      transfers.map((each) => ({
        reference: `certificate.transfer:${each.id}`,
        description: 'Certificate passed on',
        subject: { type: 'certificate', id: each.id },
        postings: [
          {
            debit: organisationAccount(each.fromId, 'receivable_held'),
            credit: organisationAccount(each.toId, 'receivable_held'),
            amount: each.amountMinor,
            currency: each.currency,
          },
        ],
      })),
    );
  }
}

async function release(
  tx: Transaction,
  certificate: Certificate,
  sum: bigint,
  passed: boolean,
): Promise<SettlementStep[]> {
  const onHoldMinor = certificate.onHoldMinor - sum;
  if (!passed) {
    await changeCertificate(tx, certificate, { onHoldMinor });
    return [];
  }
  const changes = {
    onHoldMinor,
    passedMinor: certificate.passedMinor + sum,
    amountMinor: certificate.amountMinor - sum,
  };
  if (changes.amountMinor > 0n) {
    await changeCertificate(tx, certificate, changes);
    return [];
  }
  return [(await moveCertificate(tx, certificate, 'pass_all', 'supplier', changes)).step];
}

/** The receiver's certificate has the id of its transfer: one insert for all, and never two for one. */
async function insertChildren(
  tx: Transaction,
  transfers: readonly CertificateTransfer[],
  certificates: readonly Certificate[],
  now: Date,
): Promise<void> {
  const parents = new Map(certificates.map((each) => [each.id, each]));
  const children = transfers.map(({ id, receivableId, certificateId, toId, amountMinor, currency }) => {
    const { rootId, anchorOrganisationId, dueOn, tier } = parents.get(certificateId) as Certificate;
    const made = { id, receivableId, parentId: certificateId, rootId, holderOrganisationId: toId };
    return { ...made, anchorOrganisationId, amountMinor, currency, dueOn, tier: tier + 1 };
  });
  await insertCertificates(tx, children, now);
}

async function readTransfers(tx: Transaction, ids: readonly string[], locked: boolean): Promise<CertificateTransfer[]> {
  if (ids.length === 0) return [];
  const query = tx.manager
    .createQueryBuilder(CertificateTransfer, 't')
    .where(`t.id IN (${ids.map((_, index) => `:id${index}`).join(',')})`)
    .setParameters(Object.fromEntries(ids.map((id, index) => [`id${index}`, idBytes(id)])))
    .orderBy('t.id');
  return (locked ? query.setLock('pessimistic_write') : query).getMany();
}
