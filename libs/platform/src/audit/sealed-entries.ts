import { idText } from '../db/ids.js';
import type { SealedEntry } from './audit-chain.js';

const page = 1_000;

interface Row {
  readonly sequence: string;
  readonly entry_hash: Buffer;
  readonly link_hash: Buffer;
  readonly id: Buffer;
  readonly at: Date;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly organisation_id: Buffer | null;
  readonly action: string;
  readonly subject_type: string;
  readonly subject_id: Buffer;
  readonly data: string;
  readonly trace_id: string;
}

/** Every sealed entry in the chain's order, read page by page; entries that wait for their seal come with a later export. */
export async function* sealedEntries(
  read: <R extends object>(sql: string, parameters: readonly unknown[]) => Promise<R[]>,
): AsyncGenerator<SealedEntry> {
  for (let after = '0'; ;) {
    const rows = await read<Row>(
      `SELECT l.sequence, l.entry_hash, l.link_hash, e.id, e.at, e.actor_kind, e.actor_id, e.organisation_id, e.action, e.subject_type,
              e.subject_id, e.data, e.trace_id
       FROM audit_link l JOIN audit_entry e ON e.id = l.entry_id WHERE l.sequence > ? ORDER BY l.sequence LIMIT ${page}`,
      [after],
    );
    for (const row of rows) yield entryOf(row);
    const last = rows.at(-1);
    if (!last || rows.length < page) return;
    after = String(last.sequence);
  }
}

function entryOf(row: Row): SealedEntry {
  return {
    sequence: String(row.sequence),
    id: idText(row.id),
    at: row.at.toISOString(),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    organisationId: row.organisation_id && idText(row.organisation_id),
    action: row.action,
    subjectType: row.subject_type,
    subjectId: idText(row.subject_id),
    data: row.data,
    traceId: row.trace_id,
    entryHash: row.entry_hash.toString('hex'),
    linkHash: row.link_hash.toString('hex'),
  };
}
