import type { Transaction } from '#platform';
import { chartOfAccounts, normalSide, type Purpose } from '../domain/chart-of-accounts.js';
import { appendOnlyGuards } from '../persistence/append-only.js';
import { invariants } from '../persistence/invariants.js';
import { type ReadRows, readTransfers } from '../persistence/transfer.store.js';
import { contentHash } from './content-hash.js';
import { idBytes } from '#platform';

export interface LedgerVerdict {
  readonly ok: boolean;
  readonly accounts: number;
  readonly transfers: number;
  /** The names of the invariants that hold, in the order in which they were checked. */
  readonly held: readonly string[];
  readonly broken: {
    readonly invariant: string;
    readonly meaning: string;
    /** The first place where it is broken. */
    readonly evidence: Readonly<Record<string, unknown>>;
  } | null;
}

/** How long after its time a reservation may still wait to be given back. */
const graceMs = 60_000;
const hashPage = 1_000;

/** Proves the books of any database, or names the first invariant that is broken. Reads only; slow on a large ledger. */
export async function checkLedger(tx: Transaction): Promise<LedgerVerdict> {
  const held: string[] = [];
  const end = async (broken: LedgerVerdict['broken']): Promise<LedgerVerdict> => {
    const [counts] = await tx.rows<{ accounts: string; transfers: string }>(
      'SELECT (SELECT COUNT(*) FROM ledger_account) AS accounts, (SELECT COUNT(*) FROM ledger_transfer) AS transfers',
    );
    const figures = { accounts: Number(counts?.accounts), transfers: Number(counts?.transfers) };
    return { ok: broken === null, ...figures, held, broken };
  };
  const now = await tx.now();
  for (const { name, meaning, sql } of invariants) {
    const parameters = sql.includes('?') ? [new Date(now.getTime() - graceMs)] : [];
    const [evidence] = await tx.rows(`${sql} LIMIT 1`, parameters);
    if (evidence) return end({ invariant: name, meaning, evidence: readable(evidence) });
    held.push(name);
  }
  for (const { name, meaning, find } of walks) {
    const evidence = await find(tx);
    if (evidence) return end({ invariant: name, meaning, evidence });
    held.push(name);
  }
  return end(null);
}

const walks: readonly {
  readonly name: string;
  readonly meaning: string;
  readonly find: (tx: Transaction) => Promise<Record<string, unknown> | undefined>;
}[] = [
  {
    name: 'chart_of_accounts',
    meaning: 'every account is kept as the chart of accounts says',
    async find(tx) {
      const rows = await tx.rows<{ purpose: Purpose; class: string; normal_side: string; has_floor: number }>(
        'SELECT DISTINCT purpose, class, normal_side, has_floor FROM ledger_account',
      );
      return rows.find(({ purpose, class: kept, normal_side, has_floor }) => {
        const stated = Object.hasOwn(chartOfAccounts, purpose) ? chartOfAccounts[purpose] : undefined;
        const same = stated && stated.class === kept && normalSide[stated.class] === normal_side;
        return !same || stated.floor !== (Number(has_floor) === 1);
      }) as Record<string, unknown> | undefined;
    },
  },
  {
    name: 'content_hashes',
    meaning: 'no transfer and no posting was changed since it was written',
    find: changedTransfer,
  },
  {
    name: 'append_only',
    meaning: 'the database refuses to change or remove what stands in the books',
    async find(tx) {
      const rows = await tx.rows<{ name: string }>(
        'SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()',
      );
      const standing = new Set(rows.map(({ name }) => name));
      const missing = appendOnlyGuards.filter(({ name }) => !standing.has(name));
      return missing.length === 0 ? undefined : { runAsAdministrator: missing.map(({ sql }) => sql) };
    },
  },
];

async function changedTransfer(tx: Transaction): Promise<Record<string, unknown> | undefined> {
  const read: ReadRows = (sql, parameters) => tx.rows(sql, parameters);
  for (let after: Buffer = Buffer.alloc(16); ;) {
    const page = await readTransfers(read, `WHERE t.id > ? ORDER BY t.id LIMIT ${hashPage}`, [after]);
    const changed = page.find((transfer) => !contentHash(transfer).equals(transfer.hash));
    if (changed) return { transferId: changed.id, reference: changed.reference };
    const last = page.at(-1);
    if (!last || page.length < hashPage) return undefined;
    after = idBytes(last.id);
  }
}

/** Identifiers as text, the rest as it came. */
function readable(row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, Buffer.isBuffer(value) ? value.toString('hex') : value]),
  );
}
