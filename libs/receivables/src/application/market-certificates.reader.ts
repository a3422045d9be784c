import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '#kernel';
import { httpError, idBytes, idText, type Transaction } from '#platform';
import type { ReceivableKind } from '../domain/receivable.js';

/** What the market needs to know of a certificate that it lists. */
export interface MarketCertificate {
  readonly certificateId: string;
  readonly receivableId: string;
  readonly kind: ReceivableKind;
  readonly anchorId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly dueOn: CalendarDate;
}

/** Certificates as the marketplace reads them, in a transaction that holds their locks. */
@Injectable()
export class MarketCertificates {
  /** What the holder could list now: held, whole, of invoices, due on or after a day; the soonest first. */
  async free(tx: Transaction, holderId: string, dueFrom: CalendarDate, limit: number): Promise<readonly MarketCertificate[]> {
    const rows = await tx.rows<CertificateRow>(
      `SELECT ${columns} FROM certificate c JOIN receivable r ON r.id = c.receivable_id
       WHERE c.holder_organisation_id = ? AND c.status = 'held' AND c.due_on >= ? AND c.on_hold_minor = 0 AND c.paid_minor = 0 AND c.amount_minor > 0
         AND r.kind = 'invoice' ORDER BY c.due_on, c.id LIMIT ?`,
      [idBytes(holderId), dueFrom, limit],
    );
    return rows.map(certificateOf);
  }

  /** In the order of their ids; `record_unknown` when one is missing. */
  async forMarket(tx: Transaction, certificateIds: readonly string[]): Promise<readonly MarketCertificate[]> {
    const ids = [...new Set(certificateIds)];
    if (ids.length === 0) return [];
    const rows = await tx.rows<CertificateRow>(
      `SELECT ${columns} FROM certificate c JOIN receivable r ON r.id = c.receivable_id WHERE c.id IN (${ids.map(() => '?').join(',')}) ORDER BY c.id`,
      ids.map(idBytes),
    );
    if (rows.length !== ids.length) throw httpError('record_unknown');
    return rows.map(certificateOf);
  }
}

const columns =
  'c.id, c.receivable_id, r.kind, c.anchor_organisation_id AS anchor_id, c.amount_minor, c.currency, c.due_on';

interface CertificateRow {
  readonly id: Buffer;
  readonly receivable_id: Buffer;
  readonly kind: ReceivableKind;
  readonly anchor_id: Buffer;
  readonly amount_minor: string;
  readonly currency: string;
  readonly due_on: CalendarDate;
}

function certificateOf(row: CertificateRow): MarketCertificate {
  return {
    certificateId: idText(row.id),
    receivableId: idText(row.receivable_id),
    kind: row.kind,
    anchorId: idText(row.anchor_id),
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    dueOn: row.due_on,
  };
}
