import { Inject, Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import { type MoneyJson, moneyFromJson, moneyToJson } from '#kernel';
import { notify } from '#notices';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  httpError,
  idBytes,
  newId,
  setTimers,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { settlementError } from '../domain/settlement-errors.js';
import type { TransferState } from '../domain/transfer.lifecycle.js';
import type { Certificate } from '../persistence/certificate.entities.js';
import { assertDelivered, changeCertificate, freeMinor, lockCertificates } from './certificate-records.js';
import { recordSettlementSteps } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import { settlementTimers } from './settlement-timers.js';

export interface PassedPart {
  /** Of the next supplier, in the company register of the portal's country. */
  readonly registrationNumber: string;
  readonly amount: MoneyJson;
  /** What it is for; the receiver reads it. */
  readonly note: string;
}

export interface ProposedTransfers {
  readonly certificateId: string;
  readonly state: TransferState;
  readonly transfers: readonly { readonly transferId: string; readonly expiresAt: string }[];
  readonly free: MoneyJson;
}

/**
 * Passes parts of a certificate on to the next suppliers. The parts are on hold until each receiver has decided. Where the
 * holder has two signatories, a second one approves first; where it has one, that one's second factor is enough.
 */
@Injectable()
export class PassCertificate {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly identity: IdentityReader,
    private readonly book: SettlementBook,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(
    context: CommandContext,
    certificateId: string,
    parts: readonly PassedPart[],
  ): Promise<ProposedTransfers> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, certificateId, parts));
  }

  async within(tx: Transaction, certificateId: string, parts: readonly PassedPart[]): Promise<ProposedTransfers> {
    const { actor } = tx.context;
    const holderId = actor.organisationId;
    const receivers = await this.receivers(tx, holderId, parts);
    const signatories = await this.identity.people(holderId, ['signatory'], tx);
    const [certificate] = await lockCertificates(tx, [certificateId]);
    if (!certificate || certificate.holderOrganisationId !== holderId) throw httpError('record_unknown');
    const now = await tx.now();
    const today = this.book.day(now);
    if (certificate.status !== 'held')
      throw settlementError('certificate_not_free', { data: { status: certificate.status } });
    if (certificate.dueOn <= today)
      throw settlementError('certificate_overdue', { data: { dueOn: certificate.dueOn } });
    await assertDelivered(tx, certificate);
    const amounts = parts.map(({ amount }, index) => amountOf(amount, certificate, index));
    const total = amounts.reduce((sum, each) => sum + each, 0n);
    const free = freeMinor(certificate);
    if (total > free)
      throw settlementError('certificate_amount_too_large', {
        data: { free: moneyToJson({ minor: free, currency: certificate.currency }) },
      });
    const state: TransferState = signatories.length >= 2 ? 'proposed' : 'offered';
    const lastDay = await this.book.workingDayAfter(tx, today, this.book.rules.transferWorkingDays);
    const endOfDays = new Date(this.book.startOf(lastDay).getTime() + 86_400_000);
    const dueStart = this.book.startOf(certificate.dueOn);
    const expiresAt = endOfDays < dueStart ? endOfDays : dueStart;
    const made = parts.map(({ note }, index) => ({
      id: newId(),
      toId: receivers[index] as string,
      amountMinor: amounts[index] as bigint,
      note,
    }));
    await changeCertificate(tx, certificate, { onHoldMinor: certificate.onHoldMinor + total });
    await tx.insertRows(
      'certificate_transfer',
      [
        'id',
        'certificate_id',
        'receivable_id',
        'from_id',
        'to_id',
        'amount_minor',
        'currency',
        'due_on',
        'anchor_id',
        'state',
        'note',
        'proposed_by',
        'expires_at',
        'version',
        'created_at',
      ],
      made.map(({ id, toId, amountMinor, note }) => [
        idBytes(id),
        idBytes(certificateId),
        idBytes(certificate.receivableId),
        idBytes(holderId),
        idBytes(toId),
        amountMinor,
        certificate.currency,
        certificate.dueOn,
        idBytes(certificate.anchorOrganisationId),
        state,
        note,
        actor.id,
        expiresAt,
        1,
        now,
      ]),
    );
    await setTimers(
      tx,
      made.map(({ id }) => ({ kind: settlementTimers.transferExpiry, subjectId: id, dueAt: expiresAt })),
    );
    await recordSettlementSteps(
      tx,
      made.map(({ id, toId }) => ({
        subjectType: 'certificate_transfer',
        subjectId: id,
        action: 'propose',
        from: null,
        to: state,
        version: 1,
        audience: state === 'offered' ? [holderId, toId] : [holderId],
        payload: { certificateId },
      })),
    );
    if (state === 'proposed')
      notify(tx, {
        organisationId: holderId,
        roles: ['signatory'],
        template: 'certificate_transfer_waits',
        parameters: { count: made.length },
        link: '/certificates',
      });
    else
      tellReceivers(
        tx,
        made.map(({ toId }) => toId),
        expiresAt,
      );
    return {
      certificateId,
      state,
      transfers: made.map(({ id }) => ({ transferId: id, expiresAt: expiresAt.toISOString() })),
      free: moneyToJson({ minor: free - total, currency: certificate.currency }),
    };
  }

  /** The receivers' ids in the order of the parts; refused where one is no verified enterprise, or the holder itself. */
  private async receivers(tx: Transaction, holderId: string, parts: readonly PassedPart[]): Promise<readonly string[]> {
    const known = await this.identity.organisationsByRegistration(
      this.environment.country,
      [...new Set(parts.map(({ registrationNumber }) => registrationNumber))],
      tx,
    );
    const found = new Map(known.map((each) => [each.registrationNumber, each]));
    return parts.map(({ registrationNumber }, index) => {
      const receiver = found.get(registrationNumber);
      const suits =
        receiver?.kind === 'enterprise' && receiver.verified && !receiver.suspended && receiver.id !== holderId;
      if (receiver && suits) return receiver.id;
      throw settlementError('transfer_receiver_unsuitable', {
        detail: `/parts/${index}/registrationNumber: ${registrationNumber} cannot receive a certificate.`,
        fields: [
          {
            pointer: `/parts/${index}/registrationNumber`,
            rule: 'receiver',
            message: 'must be another verified enterprise',
          },
        ],
      });
    });
  }
}

export function tellReceivers(tx: Transaction, receiverIds: readonly string[], expiresAt: Date): void {
  for (const organisationId of new Set(receiverIds))
    notify(tx, {
      organisationId,
      roles: ['signatory'],
      template: 'certificate_offered',
      parameters: { until: expiresAt.toISOString() },
      link: '/certificates/incoming',
    });
}

function amountOf(amount: MoneyJson, certificate: Certificate, index: number): bigint {
  const { minor, currency } = moneyFromJson(amount);
  if (currency === certificate.currency && minor > 0n) return minor;
  const message = currency === certificate.currency ? 'must be above zero' : `must be in ${certificate.currency}`;
  throw settlementError('settlement_amounts_incoherent', {
    detail: `/parts/${index}/amount: ${message}.`,
    fields: [{ pointer: `/parts/${index}/amount`, rule: 'amount', message }],
  });
}
