import { createHash } from 'node:crypto';
import { systemContext } from '../db/command-context.js';
import { isDuplicateKey } from '../db/failures.js';
import { idText } from '../db/ids.js';
import type { Transaction } from '../db/transaction.js';
import type { UnitOfWork } from '../db/unit-of-work.js';
import { auditHash } from '../db/write-pending.js';

const batch = 1000;
const origin = Buffer.alloc(32);

function linkHash(previous: Buffer, sequence: bigint, entryHash: Buffer): Buffer {
  return createHash('sha256').update(previous).update(sequence.toString()).update(entryHash).digest();
}

/** Where the chain ends. */
interface Head {
  readonly sequence: string;
  readonly link_hash: Buffer;
}

interface EntryRow {
  readonly id: Buffer;
  readonly hash: Buffer;
}

/**
 * Chains what is committed. Entries are written without a shared lock; one sealer at a time takes the unsealed ones
 * and links each to the one before, so that changing or removing any sealed entry breaks the chain from there on.
 */
export class AuditSealer {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Seals one batch; returns how many. Two sealers at once: the second finds the sequence taken and leaves it. */
  async seal(): Promise<number> {
    try {
      return await this.sealBatch();
    } catch (error) {
      if (isDuplicateKey(error)) return 0;
      throw error;
    }
  }

  private async sealBatch(): Promise<number> {
    return this.unitOfWork.run(systemContext('audit.seal'), async (tx) => {
      // Goes on from the kept end, not from the last link: where links were cut off, the gap stays for the verifier to name.
      const [head] = await tx.rows<Head>('SELECT sequence, link_hash FROM audit_head WHERE id = 1 FOR UPDATE');
      if (!head) throw new Error('the record of the end of the audit chain is missing: run `sanad audit verify`');
      const entries = await tx.rows<EntryRow>(
        `SELECT id, hash FROM audit_entry WHERE sealed = 0 ORDER BY id LIMIT ${batch} FOR UPDATE SKIP LOCKED`,
      );
      if (entries.length === 0) return 0;
      const now = await tx.now();
      let sequence = BigInt(head.sequence);
      let previous = head.link_hash;
      const links = entries.map(({ id, hash }) => {
        sequence += 1n;
        previous = linkHash(previous, sequence, hash);
        return [sequence.toString(), id, hash, previous, now];
      });
      await tx.insertRows('audit_link', ['sequence', 'entry_id', 'entry_hash', 'link_hash', 'sealed_at'], links);
      await tx.execute('UPDATE audit_head SET sequence = ?, link_hash = ? WHERE id = 1', [
        sequence.toString(),
        previous,
      ]);
      await tx.execute(
        `UPDATE audit_entry SET sealed = 1 WHERE id IN (${entries.map(() => '?').join(',')})`,
        entries.map(({ id }) => id),
      );
      return entries.length;
    });
  }
}

export type AuditVerdict =
  /** `head` is the end of the chain: kept outside this database it proves later that nothing before it was cut off or changed. */
  | { readonly ok: true; readonly entries: number; readonly head: string }
  | {
      readonly ok: false;
      readonly sequence: string | null;
      readonly entryId: string | null;
      readonly problem: string;
    };

/** An end of the chain as `audit verify` told it: its number of entries and its hash. */
export interface AuditAnchor {
  readonly sequence: bigint;
  readonly hash: string;
}

const anchorForm = /^(\d{1,18}):([0-9a-f]{64})$/;

/** Reads `1234:5f…`; undefined when it is none. */
export function auditAnchor(text: string): AuditAnchor | undefined {
  const [, sequence, hash] = anchorForm.exec(text) ?? [];
  return sequence !== undefined && hash !== undefined ? { sequence: BigInt(sequence), hash } : undefined;
}

interface LinkedRow {
  readonly sequence: string;
  readonly entry_id: Buffer;
  readonly entry_hash: Buffer;
  readonly link_hash: Buffer;
  readonly id: Buffer | null;
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

/**
 * Walks the whole chain and names the first entry that is missing, changed, out of sequence or unsealed for over 60 s. Its end must be
 * where the sealer left it, and every kept anchor must lie on it.
 */
export async function verifyAudit(tx: Transaction, kept: readonly AuditAnchor[] = []): Promise<AuditVerdict> {
  // Read before the walk: the sealer may go on meanwhile, but the chain never ends earlier than here.
  const [head] = await tx.rows<Head>('SELECT sequence, link_hash FROM audit_head WHERE id = 1');
  if (!head) return cut(null, 'the record of the end of the chain was removed');
  const own = { sequence: BigInt(head.sequence), hash: head.link_hash.toString('hex') };
  const anchors = [
    { ...own, problem: `the chain was cut off or does not end as it was sealed (${own.sequence} entries)` },
  ];
  for (const anchor of kept)
    anchors.push({ ...anchor, problem: `the chain does not hold the end that was kept (${anchor.sequence} entries)` });
  let expected = 1n;
  let previous: Buffer = origin;
  for (;;) {
    const rows = await tx.rows<LinkedRow>(
      `SELECT l.sequence, l.entry_id, l.entry_hash, l.link_hash, e.id, e.at, e.actor_kind, e.actor_id, e.organisation_id, e.action,
              e.subject_type, e.subject_id, e.data, e.trace_id
       FROM audit_link l LEFT JOIN audit_entry e ON e.id = l.entry_id WHERE l.sequence >= ? ORDER BY l.sequence LIMIT ${batch}`,
      [expected.toString()],
    );
    for (const row of rows) {
      const broken = (problem: string): AuditVerdict => ({
        ok: false,
        sequence: row.sequence,
        entryId: idText(row.entry_id),
        problem,
      });
      if (BigInt(row.sequence) !== expected) return broken(`link ${expected} is missing`);
      if (row.id === null) return broken('the entry was removed');
      if (!contentHash(row).equals(row.entry_hash)) return broken('the entry was changed after it was sealed');
      previous = linkHash(previous, expected, row.entry_hash);
      if (!previous.equals(row.link_hash)) return broken('the link does not follow from the one before');
      for (const { sequence, hash, problem } of anchors)
        if (sequence === expected && hash !== previous.toString('hex')) return broken(problem);
      expected += 1n;
    }
    if (rows.length < batch) break;
  }
  const beyond = anchors.find(({ sequence }) => sequence >= expected);
  if (beyond) return cut(beyond.sequence, beyond.problem);
  const [late] = await tx.rows<{ id: Buffer }>(
    'SELECT id FROM audit_entry WHERE sealed = 0 AND written_at < UTC_TIMESTAMP(6) - INTERVAL 60 SECOND ORDER BY id LIMIT 1',
  );
  if (late) return { ok: false, sequence: null, entryId: idText(late.id), problem: 'unsealed for over 60 seconds' };
  const [unlinked] = await tx.rows<{ id: Buffer }>(
    'SELECT e.id FROM audit_entry e LEFT JOIN audit_link l ON l.entry_id = e.id WHERE e.sealed = 1 AND l.entry_id IS NULL LIMIT 1',
  );
  if (unlinked)
    return {
      ok: false,
      sequence: null,
      entryId: idText(unlinked.id),
      problem: 'marked as sealed but not in the chain',
    };
  return { ok: true, entries: Number(expected - 1n), head: `${expected - 1n}:${previous.toString('hex')}` };
}

function cut(sequence: bigint | null, problem: string): AuditVerdict {
  return { ok: false, sequence: sequence === null ? null : String(sequence), entryId: null, problem };
}

function contentHash(row: LinkedRow): Buffer {
  return auditHash([
    idText(row.id as Buffer),
    row.at.toISOString(),
    row.actor_kind,
    row.actor_id,
    row.organisation_id && idText(row.organisation_id),
    row.action,
    row.subject_type,
    idText(row.subject_id),
    row.data,
    row.trace_id,
  ]);
}
