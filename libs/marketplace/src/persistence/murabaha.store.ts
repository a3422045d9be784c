import { httpError, idBytes, idText, newId, type Transaction } from '#platform';
import type { EvidenceKind, SaleState } from '../domain/murabaha-sale.lifecycle.js';

/** A sale as it stands in the database; what a later step brings is null before it. */
export interface MurabahaSale {
  readonly id: string;
  readonly awardId: string;
  readonly requestId: string;
  readonly enterpriseId: string;
  readonly financierId: string;
  readonly state: SaleState;
  readonly version: number;
  readonly currency: string;
  readonly lateChargePercent: string;
  readonly asset: string | null;
  readonly supplier: string | null;
  readonly costMinor: bigint | null;
  readonly boughtOn: string | null;
  readonly boughtBy: string | null;
  readonly place: string | null;
  readonly possessedAt: Date | null;
  readonly profitMinor: bigint | null;
  readonly priceMinor: bigint | null;
  readonly instalments: readonly { readonly n: number; readonly due: string; readonly totalMinor: string }[] | null;
  readonly soldAt: Date | null;
  readonly soldBy: string | null;
}

interface SaleRow {
  readonly id: Buffer;
  readonly award_id: Buffer;
  readonly request_id: Buffer;
  readonly enterprise_id: Buffer;
  readonly financier_id: Buffer;
  readonly state: SaleState;
  readonly version: number;
  readonly currency: string;
  readonly late_charge_percent: string;
  readonly asset: string | null;
  readonly supplier: string | null;
  readonly cost_minor: string | null;
  readonly bought_on: string | null;
  readonly bought_by: string | null;
  readonly place: string | null;
  readonly possessed_at: Date | null;
  readonly profit_minor: string | null;
  readonly price_minor: string | null;
  readonly instalments: string | null;
  readonly sold_at: Date | null;
  readonly sold_by: string | null;
}

const select = `SELECT id, award_id, request_id, enterprise_id, financier_id, state, version, currency, late_charge_percent, asset,
  supplier, cost_minor, DATE_FORMAT(bought_on, '%Y-%m-%d') AS bought_on, bought_by, place, possessed_at, profit_minor, price_minor,
  instalments, sold_at, sold_by FROM murabaha_sale WHERE award_id = ?`;

const minor = (value: string | null): bigint | null => (value === null ? null : BigInt(value));

/** The sale of an award; undefined where its contract is another. The award's lock is the sale's. */
export async function saleOf(tx: Transaction, awardId: string): Promise<MurabahaSale | undefined> {
  const [row] = await tx.rows<SaleRow>(select, [idBytes(awardId)]);
  return (
    row && {
      id: idText(row.id),
      awardId: idText(row.award_id),
      requestId: idText(row.request_id),
      enterpriseId: idText(row.enterprise_id),
      financierId: idText(row.financier_id),
      state: row.state,
      version: row.version,
      currency: row.currency,
      lateChargePercent: row.late_charge_percent,
      asset: row.asset,
      supplier: row.supplier,
      costMinor: minor(row.cost_minor),
      boughtOn: row.bought_on,
      boughtBy: row.bought_by,
      place: row.place,
      possessedAt: row.possessed_at,
      profitMinor: minor(row.profit_minor),
      priceMinor: minor(row.price_minor),
      instalments: row.instalments === null ? null : (JSON.parse(row.instalments) as MurabahaSale['instalments']),
      soldAt: row.sold_at,
      soldBy: row.sold_by,
    }
  );
}

export async function insertSale(
  tx: Transaction,
  sale: Pick<
    MurabahaSale,
    'awardId' | 'requestId' | 'enterpriseId' | 'financierId' | 'state' | 'currency' | 'lateChargePercent'
  >,
): Promise<string> {
  const id = newId();
  const { awardId, requestId, enterpriseId, financierId } = sale;
  await tx.insertRows(
    'murabaha_sale',
    ['id', 'award_id', 'request_id', 'enterprise_id', 'financier_id', 'state', 'currency', 'late_charge_percent'],
    [
      [
        ...[id, awardId, requestId, enterpriseId, financierId].map(idBytes),
        sale.state,
        sale.currency,
        sale.lateChargePercent,
      ],
    ],
  );
  return id;
}

/** Writes a sale back under its version. */
export async function updateSale(tx: Transaction, sale: MurabahaSale): Promise<void> {
  const changed = await tx.execute(
    `UPDATE murabaha_sale SET state = ?, version = ?, asset = ?, supplier = ?, cost_minor = ?, bought_on = ?, bought_by = ?, place = ?,
       possessed_at = ?, profit_minor = ?, price_minor = ?, instalments = ?, sold_at = ?, sold_by = ? WHERE id = ? AND version = ?`,
    [
      sale.state,
      sale.version,
      sale.asset,
      sale.supplier,
      sale.costMinor?.toString() ?? null,
      sale.boughtOn,
      sale.boughtBy,
      sale.place,
      sale.possessedAt,
      sale.profitMinor?.toString() ?? null,
      sale.priceMinor?.toString() ?? null,
      sale.instalments && JSON.stringify(sale.instalments),
      sale.soldAt,
      sale.soldBy,
      idBytes(sale.id),
      sale.version - 1,
    ],
  );
  if (changed !== 1) throw httpError('record_changed');
}

/** A document that proves a step. */
export interface Evidence {
  readonly id: string;
  readonly kind: EvidenceKind;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly checksum: string;
  readonly addedAt: Date;
}

export async function evidenceOf(tx: Transaction, saleId: string): Promise<Evidence[]> {
  const rows = await tx.rows<{
    id: Buffer;
    kind: EvidenceKind;
    name: string;
    media_type: string;
    size_bytes: number;
    checksum: string;
    added_at: Date;
  }>(
    'SELECT id, kind, name, media_type, size_bytes, checksum, added_at FROM murabaha_evidence WHERE sale_id = ? ORDER BY id',
    [idBytes(saleId)],
  );
  return rows.map(({ id, kind, name, media_type, size_bytes, checksum, added_at }) => ({
    id: idText(id),
    kind,
    name,
    mediaType: media_type,
    sizeBytes: size_bytes,
    checksum,
    addedAt: added_at,
  }));
}

/** Keeps a document once, however often it is sent. */
export async function insertEvidence(tx: Transaction, saleId: string, evidence: Evidence): Promise<void> {
  await tx.execute(
    `INSERT IGNORE INTO murabaha_evidence (id, sale_id, kind, name, media_type, size_bytes, checksum, added_by, added_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      idBytes(evidence.id),
      idBytes(saleId),
      evidence.kind,
      evidence.name,
      evidence.mediaType,
      evidence.sizeBytes,
      evidence.checksum,
      tx.context.actor.id,
      evidence.addedAt,
    ],
  );
}
