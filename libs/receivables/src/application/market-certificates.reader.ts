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
  /** In the order of their ids; `record_unknown` when one is missing. */
  async forMarket(tx: Transaction, certificateIds: readonly string[]): Promise<readonly MarketCertificate[]> {
    const ids = [...new Set(certificateIds)];
    if (ids.length === 0) return [];
    const rows = await tx.rows<{
      id: Buffer;
      receivable_id: Buffer;
      kind: ReceivableKind;
      anchor_id: Buffer;
      amount_minor: string;
      currency: string;
      due_on: CalendarDate;
    }>(
      `SELECT c.id, c.receivable_id, r.kind, c.anchor_organisation_id AS anchor_id, c.amount_minor, c.currency, c.due_on
       FROM certificate c JOIN receivable r ON r.id = c.receivable_id WHERE c.id IN (${ids.map(() => '?').join(',')}) ORDER BY c.id`,
      ids.map(idBytes),
    );
    if (rows.length !== ids.length) throw httpError('record_unknown');
    return rows.map((row) => ({
      certificateId: idText(row.id),
      receivableId: idText(row.receivable_id),
      kind: row.kind,
      anchorId: idText(row.anchor_id),
      amountMinor: BigInt(row.amount_minor),
      currency: row.currency,
      dueOn: row.due_on,
    }));
  }
}
