import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { IdentityReader } from '#identity';
import { type CalendarDate, currencyDigits, daysBetween, type Money } from '#kernel';
import { idBytes, idText, type Transaction } from '#platform';
import { tenorBandOf, amountBandOf, type TenorBand } from '../domain/certificate-bands.policy.js';
import type { AssignmentState } from '../domain/assignment.lifecycle.js';
import type { CertificateState } from '../domain/certificate.lifecycle.js';
import type { ReceivableKind } from '../domain/receivable.js';
import type { ReceivableState } from '../domain/receivable.lifecycle.js';
import { Assignment, Certificate } from '../persistence/certificate.entities.js';
import { Receivable } from '../persistence/entities.js';
import { SettlementBook } from './settlement-book.js';

/** A certificate as the marketplace may know it. Bidders see anchor, amounts, day and bands; seller and number only once disclosed. */
export interface MarketCertificate {
  readonly certificateId: string;
  readonly receivableId: string;
  readonly kind: ReceivableKind;
  readonly receivableState: ReceivableState;
  readonly status: CertificateState;
  readonly listedFor: string | null;
  /** Who offers it: its present holder. */
  readonly sellerId: string;
  readonly anchorId: string;
  readonly anchorName: string;
  readonly anchorSound: boolean;
  /** What may be bought: the whole amount, unless a part is on hold. */
  readonly amount: Money;
  readonly free: Money;
  readonly documentNumber: string;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly daysLeft: number;
  readonly tenorBand: TenorBand;
  /** Whole currency units, such as `100001..250000`. */
  readonly amountBand: string;
}

export interface AssignmentSnapshot {
  readonly assignmentId: string;
  readonly reference: string;
  readonly state: AssignmentState;
  readonly sellerId: string;
  readonly assigneeId: string;
  readonly payOn: CalendarDate;
  readonly undoReason: string | null;
}

/** What other contexts may know of certificates and their assignments. */
@Injectable()
export class MarketCertificateReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
    private readonly book: SettlementBook,
  ) {}

  /** By id, in the order of the input; unknown ones are left out. With `tx`, as that transaction sees them. */
  async certificates(ids: readonly string[], tx?: Transaction): Promise<readonly MarketCertificate[]> {
    if (ids.length === 0) return [];
    const manager = tx?.manager ?? this.dataSource.manager;
    const certificates = await manager.findBy(Certificate, { id: In([...new Set(ids)]) });
    const receivables = new Map(
      (await manager.findBy(Receivable, { id: In(certificates.map(({ receivableId }) => receivableId)) })).map(
        (each) => [each.id, each],
      ),
    );
    const anchorIds = certificates.map(({ anchorOrganisationId }) => anchorOrganisationId);
    // Within a transaction on its own connection: one that holds locks must not wait for another of the pool.
    const anchors = await (tx
      ? this.identity.organisationsWithin(anchorIds, tx)
      : this.identity.organisations(anchorIds));
    const today = tx ? this.book.day(await tx.now()) : this.book.today;
    const views = new Map(
      certificates.flatMap((each) => {
        const receivable = receivables.get(each.receivableId);
        const anchor = anchors.get(each.anchorOrganisationId);
        return receivable && anchor ? [[each.id, marketView(each, receivable, anchor, today)] as const] : [];
      }),
    );
    return ids.flatMap((id) => views.get(id) ?? []);
  }

  /** What a seller could list now: in its free hands. Soonest due first. */
  async listable(sellerId: string, limit: number, tx?: Transaction): Promise<readonly MarketCertificate[]> {
    const rows = await (tx?.manager ?? this.dataSource.manager).find(Certificate, {
      where: { holderOrganisationId: sellerId, status: 'held', onHoldMinor: 0n },
      order: { dueOn: 'ASC', id: 'ASC' },
      take: limit,
    });
    return this.certificates(
      rows.map(({ id }) => id),
      tx,
    );
  }

  /** The certificates of a receivable that stand for money to come. */
  async certificatesOf(receivableId: string, tx?: Transaction): Promise<readonly MarketCertificate[]> {
    const rows = await (tx?.manager ?? this.dataSource.manager).find(Certificate, {
      where: { receivableId },
      order: { id: 'ASC' },
    });
    return this.certificates(
      rows.filter(({ status }) => status !== 'void' && status !== 'passed_on').map(({ id }) => id),
      tx,
    );
  }

  /** By the reference of the award under which it was made. */
  async assignment(reference: string, tx?: Transaction): Promise<AssignmentSnapshot | undefined> {
    const found = await (tx?.manager ?? this.dataSource.manager).findOneBy(Assignment, { reference });
    if (!found) return undefined;
    const { id, state, sellerId, assigneeId, payOn, undoReason } = found;
    return { assignmentId: id, reference, state, sellerId, assigneeId, payOn, undoReason };
  }

  /** Face that a financier holds of each anchor, in minor units: what its limits on anchors are about. */
  async exposure(
    assigneeId: string,
    tx: Transaction,
  ): Promise<readonly { readonly anchorId: string; readonly face: Money }[]> {
    const rows = await tx.rows<{ anchor_organisation_id: Buffer; currency: string; face: string }>(
      `SELECT anchor_organisation_id, currency, SUM(amount_minor - paid_minor) AS face FROM certificate
       WHERE holder_organisation_id = ? AND status = 'assigned' GROUP BY anchor_organisation_id, currency`,
      [idBytes(assigneeId)],
    );
    return rows.map((row) => ({
      anchorId: idText(row.anchor_organisation_id),
      face: { minor: BigInt(row.face), currency: row.currency },
    }));
  }
}

function marketView(
  certificate: Certificate,
  receivable: Receivable,
  anchor: { id: string; name: string; verified: boolean; suspended: boolean },
  today: CalendarDate,
): MarketCertificate {
  const { currency, amountMinor, dueOn } = certificate;
  const daysLeft = daysBetween(today, dueOn);
  return {
    certificateId: certificate.id,
    receivableId: receivable.id,
    kind: receivable.kind,
    receivableState: receivable.state,
    status: certificate.status,
    listedFor: certificate.listedFor,
    sellerId: certificate.holderOrganisationId,
    anchorId: anchor.id,
    anchorName: anchor.name,
    anchorSound: anchor.verified && !anchor.suspended,
    amount: { minor: amountMinor, currency },
    free: { minor: amountMinor - certificate.onHoldMinor - certificate.paidMinor, currency },
    documentNumber: receivable.number,
    issuedOn: receivable.issuedOn,
    dueOn,
    daysLeft,
    tenorBand: tenorBandOf(daysLeft),
    amountBand: amountBandOf(amountMinor, currencyDigits(currency)),
  };
}
