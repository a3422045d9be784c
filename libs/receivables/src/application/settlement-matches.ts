import { idBytes, idText, newId, type Transaction } from '#platform';
import { SettlementMatch } from '../persistence/settlement.entities.js';

/** What a payment at maturity was for one certificate, and who held it then. */
export interface MatchPart {
  readonly certificateId: string;
  readonly holderId: string;
  /** The item of the assignment by which the holder had it. */
  readonly itemId: string | null;
  readonly holderMinor: bigint;
  readonly holdbackMinor: bigint;
}

/** A match that is being made: its number is in the ledger's reference, so that it is posted once. */
export interface NewMatch {
  readonly id: string;
  readonly entryId: string;
  readonly sequence: number;
  readonly reference: string;
}

const partsAStatement = 1000;

/** The next match of a locked movement. */
export async function nextMatch(tx: Transaction, entryId: string): Promise<NewMatch> {
  const [row] = await tx.rows<{ last: number | null }>(
    'SELECT MAX(sequence) AS last FROM settlement_match WHERE entry_id = ?',
    [idBytes(entryId)],
  );
  const sequence = (row?.last ?? 0) + 1;
  return { id: newId(), entryId, sequence, reference: `settlement.match:${entryId}:${sequence}` };
}

/** Writes down what a movement paid; the obligation, where there is one, is locked. */
export async function recordMatch(
  tx: Transaction,
  match: NewMatch,
  paid: {
    readonly obligationId: string | null;
    readonly amountMinor: bigint;
    readonly usedMinor: bigint;
    readonly transferId: string;
    readonly parts?: readonly MatchPart[];
  },
): Promise<void> {
  const { obligationId, amountMinor, usedMinor, transferId, parts = [] } = paid;
  const [row] =
    obligationId === null
      ? []
      : await tx.rows<{ last: number | null }>(
          'SELECT MAX(place) AS last FROM settlement_match WHERE obligation_id = ?',
          [idBytes(obligationId)],
        );
  await tx.manager.insert(SettlementMatch, {
    id: match.id,
    entryId: match.entryId,
    sequence: match.sequence,
    obligationId,
    place: (row?.last ?? 0) + 1,
    amountMinor,
    usedMinor,
    transferId,
    undoneAt: null,
    createdAt: await tx.time(),
  });
  for (let at = 0; at < parts.length; at += partsAStatement)
    await tx.insertRows(
      'settlement_match_part',
      ['match_id', 'certificate_id', 'holder_id', 'item_id', 'holder_minor', 'holdback_minor'],
      parts
        .slice(at, at + partsAStatement)
        .map((each) => [
          idBytes(match.id),
          idBytes(each.certificateId),
          idBytes(each.holderId),
          each.itemId === null ? null : idBytes(each.itemId),
          each.holderMinor,
          each.holdbackMinor,
        ]),
    );
}

/** What a movement paid and what stands of it, in the order in which it did. */
export async function matchesOf(tx: Transaction, entryId: string): Promise<readonly SettlementMatch[]> {
  const all = await tx.manager.find(SettlementMatch, { where: { entryId }, order: { sequence: 'ASC' } });
  return all.filter(({ undoneAt }) => undoneAt === null);
}

/** Payments of the same obligation that took effect after this one, the last first. */
export async function laterThan(tx: Transaction, match: SettlementMatch): Promise<readonly SettlementMatch[]> {
  const { obligationId, place } = match;
  if (obligationId === null) return [];
  const all = await tx.manager.find(SettlementMatch, { where: { obligationId }, order: { place: 'DESC' } });
  return all.filter((each) => each.undoneAt === null && each.place > place);
}

export async function partsOf(tx: Transaction, matchId: string): Promise<readonly MatchPart[]> {
  const rows = await tx.rows<{
    certificate_id: Buffer;
    holder_id: Buffer;
    item_id: Buffer | null;
    holder_minor: string;
    holdback_minor: string;
  }>(
    'SELECT certificate_id, holder_id, item_id, holder_minor, holdback_minor FROM settlement_match_part WHERE match_id = ? ORDER BY certificate_id',
    [idBytes(matchId)],
  );
  return rows.map((row) => ({
    certificateId: idText(row.certificate_id),
    holderId: idText(row.holder_id),
    itemId: row.item_id && idText(row.item_id),
    holderMinor: BigInt(row.holder_minor),
    holdbackMinor: BigInt(row.holdback_minor),
  }));
}
