import { idBytes, idText, type Transaction } from '#platform';
import type { Layer, LayerKind } from '../domain/loss-layers.calculation.js';

/** What one party bears of one claim, what came back, and what is settled between it and the scheme. Minor units. */
export interface LossShareRow {
  readonly position: number;
  readonly kind: LayerKind | 'lender';
  readonly organisationId: string;
  readonly borneMinor: bigint;
  readonly recoveredMinor: bigint;
  readonly writtenOffMinor: bigint;
  /** A re-guarantor’s bill, and what it has paid of it. */
  readonly billedMinor: bigint;
  readonly receivedMinor: bigint;
  /** Its parts of recoveries that the scheme holds for it, and what was paid out of them. */
  readonly owedMinor: bigint;
  readonly returnedMinor: bigint;
}

const figures = ['borne', 'recovered', 'written_off', 'billed', 'received', 'owed', 'returned'] as const;

/** The shares of a claim in their order; its claim’s row is held by the caller. */
export async function lossSharesOf(
  read: <Row extends object>(sql: string, parameters: readonly unknown[]) => Promise<Row[]>,
  claimId: string,
): Promise<LossShareRow[]> {
  const rows = await read<Record<string, string> & { position: number; organisation_id: Buffer }>(
    `SELECT position, kind, organisation_id, ${figures.map((name) => `${name}_minor`).join(', ')}
     FROM claim_loss_share WHERE claim_id = ? ORDER BY position`,
    [idBytes(claimId)],
  );
  const minor = (row: Record<string, unknown>, name: (typeof figures)[number]) =>
    BigInt(row[`${name}_minor`] as string);
  return rows.map((row) => ({
    position: row.position,
    kind: row['kind'] as LossShareRow['kind'],
    organisationId: idText(row.organisation_id),
    borneMinor: minor(row, 'borne'),
    recoveredMinor: minor(row, 'recovered'),
    writtenOffMinor: minor(row, 'written_off'),
    billedMinor: minor(row, 'billed'),
    receivedMinor: minor(row, 'received'),
    owedMinor: minor(row, 'owed'),
    returnedMinor: minor(row, 'returned'),
  }));
}

export async function insertLossShares(
  tx: Transaction,
  claimId: string,
  shares: readonly Pick<LossShareRow, 'kind' | 'organisationId' | 'borneMinor' | 'billedMinor'>[],
): Promise<void> {
  await tx.insertRows(
    'claim_loss_share',
    ['claim_id', 'position', 'kind', 'organisation_id', 'borne_minor', 'billed_minor'],
    shares.map(({ kind, organisationId, borneMinor, billedMinor }, at) => [
      idBytes(claimId),
      at + 1,
      kind,
      idBytes(organisationId),
      borneMinor.toString(),
      billedMinor.toString(),
    ]),
  );
}

/** Adds to figures of one share; a CHECK keeps each within what it may be. */
export async function addToShare(
  tx: Transaction,
  claimId: string,
  position: number,
  changes: Partial<Record<(typeof figures)[number], bigint>>,
): Promise<void> {
  const named = figures.filter((name) => changes[name] !== undefined && changes[name] !== 0n);
  if (named.length === 0) return;
  await tx.execute(
    `UPDATE claim_loss_share SET ${named.map((name) => `${name}_minor = ${name}_minor + ?`).join(', ')} WHERE claim_id = ? AND position = ?`,
    [...named.map((name) => (changes[name] as bigint).toString()), idBytes(claimId), position],
  );
}

/** The layers that were agreed for guarantees issued on `day`; empty: the scheme bears its claims alone. */
export async function layersOn(tx: Transaction, schemeId: string, day: string): Promise<Layer[]> {
  const rows = await tx.rows<{ kind: LayerKind; organisation_id: Buffer; share_ppm: number }>(
    `SELECT l.kind, l.organisation_id, l.share_ppm FROM reguarantee_layer l
     JOIN (SELECT id FROM reguarantee_agreement WHERE scheme_id = ? AND status IN ('in_force','ended') AND valid_from <= ?
       AND (valid_to IS NULL OR valid_to >= ?) ORDER BY valid_from DESC LIMIT 1) a ON a.id = l.agreement_id ORDER BY l.position`,
    [idBytes(schemeId), day, day],
  );
  return rows.map(({ kind, organisation_id, share_ppm }) => ({
    kind,
    organisationId: idText(organisation_id),
    share: BigInt(share_ppm),
  }));
}
