import { httpError, idBytes, idText, type Transaction } from '#platform';
import { type CertificateAction, certificateLifecycle } from '../domain/certificate.lifecycle.js';
import { settlementError } from '../domain/settlement-errors.js';
import { Certificate } from '../persistence/certificate.entities.js';
import { Receivable } from '../persistence/entities.js';
import type { SettlementStep } from './record-settlement-steps.js';

type CertificateRole = 'market' | 'settlement' | 'anchor' | 'supplier' | 'clock';

/** Certificates locked until the commit, in the order of their ids; `record_unknown` when one is missing. */
export async function lockCertificates(tx: Transaction, ids: readonly string[]): Promise<Certificate[]> {
  const ordered = [...new Set(ids)].sort();
  if (ordered.length === 0) return [];
  const rows = await tx.manager
    .createQueryBuilder(Certificate, 'c')
    .where(`c.id IN (${ordered.map((_, index) => `:id${index}`).join(',')})`)
    .setParameters(Object.fromEntries(ordered.map((id, index) => [`id${index}`, idBytes(id)])))
    .orderBy('c.id')
    .setLock('pessimistic_write')
    .getMany();
  if (rows.length !== ordered.length) throw httpError('record_unknown');
  return rows;
}

/**
 * Every certificate of these receivables, locked in the order of their ids. Call it under the lock of the receivables: no certificate of
 * theirs comes to be meanwhile. They are found first and locked by their ids: a search in the order of ids that locks what it looks
 * at would walk over, and wait for, the certificates of everybody else.
 */
export async function lockCertificatesOf(tx: Transaction, receivableIds: readonly string[]): Promise<Certificate[]> {
  const ordered = [...new Set(receivableIds)];
  if (ordered.length === 0) return [];
  const rows = await tx.rows<{ id: Buffer }>(
    `SELECT id FROM certificate WHERE receivable_id IN (${ordered.map(() => '?').join(',')})`,
    ordered.map(idBytes),
  );
  return lockCertificates(
    tx,
    rows.map(({ id }) => idText(id)),
  );
}

type Changes = Partial<
  Pick<Certificate, 'amountMinor' | 'passedMinor' | 'onHoldMinor' | 'paidMinor' | 'holderOrganisationId' | 'listedFor'>
>;

/** A certificate after a step, and what is to be recorded of it. */
export interface MovedCertificate {
  readonly after: Certificate;
  readonly step: SettlementStep;
}

/** Takes a step of a locked certificate; the caller records the returned step with its others. */
export async function moveCertificate(
  tx: Transaction,
  before: Certificate,
  action: CertificateAction,
  role: CertificateRole,
  changes: Changes = {},
  reason = '',
): Promise<MovedCertificate> {
  const status = certificateLifecycle.after(before.status, action, role);
  const after = await changeCertificate(tx, before, { ...changes, status });
  return {
    after,
    step: {
      subjectType: 'certificate',
      subjectId: before.id,
      action,
      from: before.status,
      to: status,
      version: after.version,
      reason,
      audience: [...new Set([before.holderOrganisationId, after.holderOrganisationId])],
      payload: { receivableId: before.receivableId },
    },
  };
}

/** Writes changes of a locked certificate that stays in its state, or the new state that {@link moveCertificate} found. */
export async function changeCertificate(
  tx: Transaction,
  before: Certificate,
  changes: Changes & Partial<Pick<Certificate, 'status'>>,
): Promise<Certificate> {
  const version = before.version + 1;
  const { affected } = await tx.manager.update(
    Certificate,
    { id: before.id, version: before.version },
    { ...changes, version },
  );
  if (affected !== 1) throw httpError('record_changed');
  return { ...before, ...changes, version };
}

/** What its holder may pass on, list or have paid early. */
export function freeMinor({ amountMinor, onHoldMinor, paidMinor }: Certificate): bigint {
  return amountMinor - onHoldMinor - paidMinor;
}

/** Nothing is owed under an order before its delivery: parts of it are not passed on, and it is not paid early. */
export async function assertDelivered(tx: Transaction, { receivableId }: Certificate): Promise<void> {
  const { kind } = await tx.manager.findOneByOrFail(Receivable, { id: receivableId });
  if (kind === 'purchase_order') throw settlementError('certificate_of_order');
}

export interface NewCertificate {
  readonly id: string;
  readonly receivableId: string;
  /** What it was cut from; null for the first of a receivable, which is its own root. */
  readonly parentId: string | null;
  readonly rootId: string;
  readonly holderOrganisationId: string;
  readonly anchorOrganisationId: string;
  readonly amountMinor: bigint | string;
  readonly currency: string;
  readonly dueOn: string;
  readonly tier: number;
}

/** Certificates in their holders' hands, with one statement however many. */
export async function insertCertificates(
  tx: Transaction,
  made: readonly NewCertificate[],
  now: Date | string,
): Promise<void> {
  await tx.insertRows(
    'certificate',
    [
      'id',
      'receivable_id',
      'parent_id',
      'root_id',
      'holder_organisation_id',
      'anchor_organisation_id',
      'issued_minor',
      'amount_minor',
      'currency',
      'due_on',
      'tier',
      'status',
      'version',
      'created_at',
    ],
    made.map((each) => [
      idBytes(each.id),
      idBytes(each.receivableId),
      each.parentId && idBytes(each.parentId),
      idBytes(each.rootId),
      idBytes(each.holderOrganisationId),
      idBytes(each.anchorOrganisationId),
      each.amountMinor,
      each.amountMinor,
      each.currency,
      each.dueOn,
      each.tier,
      'held',
      1,
      now,
    ]),
  );
}
