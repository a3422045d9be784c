import type { CalendarDate } from '#kernel';
import { idBytes, idText, isDuplicateKey, newId, type Transaction } from '#platform';
import type { HoldKind, HoldState } from '../domain/hold.js';
import type { Claim } from '../domain/split.policy.js';

const marks = (list: readonly unknown[]): string => list.map(() => '?').join(',');

/** Keeps the exact key. Answers the receivable that has it already, where that is another one. */
export async function insertExact(
  tx: Transaction,
  hash: Buffer,
  receivableId: string,
  now: Date,
): Promise<string | undefined> {
  try {
    await tx.execute('INSERT INTO registry_exact (hash, receivable_id, registered_at) VALUES (?, ?, ?)', [
      hash,
      idBytes(receivableId),
      now,
    ]);
    return undefined;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const [row] = await tx.rows<{ receivable_id: Buffer }>(
      'SELECT receivable_id FROM registry_exact WHERE hash = ? FOR UPDATE',
      [hash],
    );
    const owner = row && idText(row.receivable_id);
    return owner === receivableId ? undefined : owner;
  }
}

export interface LooseEntry {
  readonly hash: Buffer;
  readonly kind: number;
  readonly issuedOn: CalendarDate;
}

export async function insertLoose(
  tx: Transaction,
  receivableId: string,
  entries: readonly LooseEntry[],
): Promise<void> {
  const sorted = [...entries].sort((a, b) => Buffer.compare(a.hash, b.hash));
  await tx.execute(
    `INSERT INTO registry_loose (hash, receivable_id, kind, issued_on) VALUES ${sorted.map(() => '(?,?,?,?)').join(',')}
     ON DUPLICATE KEY UPDATE kind = VALUES(kind)`,
    sorted.flatMap(({ hash, kind, issuedOn }) => [hash, idBytes(receivableId), kind, issuedOn]),
  );
}

export interface LooseMatch {
  readonly otherId: string;
  readonly kind: number;
  readonly issuedOn: CalendarDate;
}

/** The look-alikes that are looked at of one claim: more of them make the case no clearer. */
const matchesAtMost = 200;

/**
 * Makes the registrations between two parties take turns, in either direction: of two look-alikes at once the second sees the first. The rows
 * are taken in one order, so that two callers with many parties do not lock each other out.
 */
export async function lockPairs(
  tx: Transaction,
  pairs: readonly { readonly sellerId: string; readonly anchorId: string }[],
): Promise<void> {
  const names = pairs.map(({ sellerId, anchorId }) => [sellerId, anchorId].sort().join(' '));
  for (const name of [...new Set(names)].sort()) {
    const [low, high] = name.split(' ').map(idBytes);
    await tx.execute(
      'INSERT INTO registry_pair (low_id, high_id) VALUES (?, ?) ON DUPLICATE KEY UPDATE high_id = VALUES(high_id)',
      [low, high],
    );
  }
}

/** Who else has one of the keys; asked under the lock of the pair. */
export async function looseMatches(
  tx: Transaction,
  receivableId: string,
  hashes: readonly Buffer[],
): Promise<readonly LooseMatch[]> {
  const rows = await tx.rows<{ receivable_id: Buffer; kind: number; issued_on: CalendarDate }>(
    `SELECT receivable_id, kind, issued_on FROM registry_loose WHERE hash IN (${marks(hashes)}) AND receivable_id <> ?
     LIMIT ${matchesAtMost}`,
    [...hashes, idBytes(receivableId)],
  );
  return rows.map((row) => ({ otherId: idText(row.receivable_id), kind: row.kind, issuedOn: row.issued_on }));
}

/** Confirmed claims between the same parties about the same day. */
export async function neighbours(
  tx: Transaction,
  of: { readonly id: string; readonly sellerId: string; readonly anchorId: string; readonly currency: string },
  from: CalendarDate,
  to: CalendarDate,
  atMost: number,
): Promise<readonly Claim[]> {
  const rows = await tx.rows<{ id: Buffer; number: string; face_minor: string }>(
    `SELECT id, number, face_minor FROM receivable WHERE seller_id = ? AND anchor_id = ? AND issued_on BETWEEN ? AND ?
     AND currency = ? AND live = 1 AND confirmed_at IS NOT NULL AND id <> ? ORDER BY issued_on, id LIMIT ${atMost}`,
    [idBytes(of.sellerId), idBytes(of.anchorId), from, to, of.currency, idBytes(of.id)],
  );
  return rows.map((row) => ({ id: idText(row.id), number: row.number, amountMinor: BigInt(row.face_minor) }));
}

/** Takes a claim out of the registry: it was rejected or withdrawn after its confirmation was taken back. */
export async function removeFingerprints(tx: Transaction, receivableId: string): Promise<void> {
  for (const table of ['registry_exact', 'registry_loose'])
    await tx.execute(`DELETE FROM ${table} WHERE receivable_id = ?`, [idBytes(receivableId)]);
}

export interface Hold {
  readonly id: string;
  readonly receivableId: string;
  readonly kind: HoldKind;
  readonly against: string;
  readonly otherId: string | null;
  readonly state: HoldState;
  readonly caseId: string;
  readonly openedAt: Date;
}

interface HoldRow {
  readonly id: Buffer;
  readonly receivable_id: Buffer;
  readonly kind: HoldKind;
  readonly against: string;
  readonly other_id: Buffer | null;
  readonly state: HoldState;
  readonly case_id: Buffer;
  readonly opened_at: Date;
}

const holdColumns = 'id, receivable_id, kind, against, other_id, state, case_id, opened_at';

const holdOf = (row: HoldRow): Hold => ({
  id: idText(row.id),
  receivableId: idText(row.receivable_id),
  kind: row.kind,
  against: row.against,
  otherId: row.other_id && idText(row.other_id),
  state: row.state,
  caseId: idText(row.case_id),
  openedAt: row.opened_at,
});

export type Query = <Row extends object>(sql: string, parameters: unknown[]) => Promise<Row[]>;

export async function holdsOf(query: Query, receivableId: string): Promise<readonly Hold[]> {
  const rows = await query<HoldRow>(`SELECT ${holdColumns} FROM receivable_hold WHERE receivable_id = ? ORDER BY id`, [
    idBytes(receivableId),
  ]);
  return rows.map(holdOf);
}

/** Those of `others` that are themselves held against this one: then the other is the newcomer and waits, not this. */
export async function heldAgainst(tx: Transaction, receivableId: string): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ receivable_id: Buffer }>(
    'SELECT receivable_id FROM receivable_hold WHERE other_id = ?',
    [idBytes(receivableId)],
  );
  return new Set(rows.map((row) => idText(row.receivable_id)));
}

export async function insertHolds(
  tx: Transaction,
  receivableId: string,
  caseId: string,
  holds: readonly Pick<Hold, 'kind' | 'against' | 'otherId'>[],
  now: Date,
): Promise<void> {
  await tx.insertRows(
    'receivable_hold',
    ['id', 'receivable_id', 'kind', 'against', 'other_id', 'state', 'case_id', 'opened_at'],
    holds.map(({ kind, against, otherId }) => [
      idBytes(newId()),
      idBytes(receivableId),
      kind,
      against,
      otherId && idBytes(otherId),
      'open',
      idBytes(caseId),
      now,
    ]),
  );
}

export async function decideHolds(
  tx: Transaction,
  receivableId: string,
  state: Exclude<HoldState, 'open'>,
  now: Date,
): Promise<number> {
  return tx.execute(
    "UPDATE receivable_hold SET state = ?, decided_at = ?, decided_by = ? WHERE receivable_id = ? AND state = 'open'",
    [state, now, tx.context.actor.id, idBytes(receivableId)],
  );
}
