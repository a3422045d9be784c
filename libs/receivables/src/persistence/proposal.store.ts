import { idBytes, idText, type Transaction } from '#platform';
import type { ProposalAction, ProposalState } from '../domain/proposal.lifecycle.js';
import type { UndertakingLanguage } from '../domain/undertaking.js';

export interface Proposal {
  readonly id: string;
  readonly anchorId: string;
  readonly action: ProposalAction;
  readonly state: ProposalState;
  readonly batchId: string | null;
  readonly reason: string;
  readonly items: number;
  readonly itemsDone: number;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly makerLanguage: UndertakingLanguage | null;
  readonly undertakingVersion: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly checkerLanguage: UndertakingLanguage | null;
  readonly version: number;
}

export interface ProposalRow {
  readonly id: Buffer;
  readonly anchor_id: Buffer;
  readonly action: ProposalAction;
  readonly state: ProposalState;
  readonly batch_id: Buffer | null;
  readonly reason: string;
  readonly items: number;
  readonly items_done: number;
  readonly proposed_by: string;
  readonly proposed_at: Date;
  readonly maker_language: UndertakingLanguage | null;
  readonly undertaking_version: string | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly checker_language: UndertakingLanguage | null;
  readonly version: number;
}

export const proposalColumns = `id, anchor_id, action, state, batch_id, reason, items, items_done, proposed_by, proposed_at, maker_language,
  undertaking_version, decided_by, decided_at, checker_language, version`;

export const proposalOf = (row: ProposalRow): Proposal => ({
  id: idText(row.id),
  anchorId: idText(row.anchor_id),
  action: row.action,
  state: row.state,
  batchId: row.batch_id && idText(row.batch_id),
  reason: row.reason,
  items: row.items,
  itemsDone: row.items_done,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at,
  makerLanguage: row.maker_language,
  undertakingVersion: row.undertaking_version,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
  checkerLanguage: row.checker_language,
  version: row.version,
});

export async function insertProposal(tx: Transaction, proposal: Proposal): Promise<void> {
  await tx.insertRows(
    'receivable_proposal',
    [
      'id',
      'anchor_id',
      'action',
      'state',
      'batch_id',
      'reason',
      'items',
      'proposed_by',
      'proposed_at',
      'maker_language',
      'undertaking_version',
      'version',
    ],
    [
      [
        idBytes(proposal.id),
        idBytes(proposal.anchorId),
        proposal.action,
        proposal.state,
        proposal.batchId && idBytes(proposal.batchId),
        proposal.reason,
        proposal.items,
        proposal.proposedBy,
        proposal.proposedAt,
        proposal.makerLanguage,
        proposal.undertakingVersion,
        proposal.version,
      ],
    ],
  );
}

export async function lockProposal(tx: Transaction, id: string): Promise<Proposal | undefined> {
  const [row] = await tx.rows<ProposalRow>(
    `SELECT ${proposalColumns} FROM receivable_proposal WHERE id = ? FOR UPDATE`,
    [idBytes(id)],
  );
  return row && proposalOf(row);
}

/** A proposal that waits to be carried out and that nobody works on. */
export async function takeApproved(tx: Transaction): Promise<Proposal | undefined> {
  const [row] = await tx.rows<ProposalRow>(
    `SELECT ${proposalColumns} FROM receivable_proposal WHERE open_work = 1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  return row && proposalOf(row);
}

export async function updateProposal(
  tx: Transaction,
  before: Proposal,
  changes: Partial<Pick<Proposal, 'state' | 'decidedBy' | 'decidedAt' | 'checkerLanguage' | 'itemsDone'>>,
): Promise<Proposal> {
  const after = { ...before, ...changes, version: before.version + 1 };
  await tx.execute(
    `UPDATE receivable_proposal SET state = ?, decided_by = ?, decided_at = ?, checker_language = ?, items_done = ?, version = ? WHERE id = ?`,
    [
      after.state,
      after.decidedBy,
      after.decidedAt,
      after.checkerLanguage,
      after.itemsDone,
      after.version,
      idBytes(after.id),
    ],
  );
  return after;
}

export interface ProposalItem {
  readonly receivableId: string;
  readonly receivableVersion: number;
  readonly netMinor: bigint;
}

interface ItemRow {
  readonly receivable_id: Buffer;
  readonly receivable_version: number;
  readonly net_minor: string;
}

export async function insertItems(
  tx: Transaction,
  proposalId: string,
  items: readonly (ProposalItem & { readonly makerHash: Buffer | null })[],
): Promise<void> {
  await tx.insertRows(
    'receivable_proposal_item',
    ['proposal_id', 'receivable_id', 'receivable_version', 'net_minor', 'maker_hash'],
    items.map((item) => [
      idBytes(proposalId),
      idBytes(item.receivableId),
      item.receivableVersion,
      item.netMinor,
      item.makerHash,
    ]),
  );
}

/** The next items without an answer, by the receivables' ids. */
export async function openItems(tx: Transaction, proposalId: string, atMost: number): Promise<readonly ProposalItem[]> {
  const rows = await tx.rows<ItemRow>(
    `SELECT receivable_id, receivable_version, net_minor FROM receivable_proposal_item
     WHERE proposal_id = ? AND open_item = 1 ORDER BY receivable_id LIMIT ${atMost}`,
    [idBytes(proposalId)],
  );
  return rows.map((row) => ({
    receivableId: idText(row.receivable_id),
    receivableVersion: row.receivable_version,
    netMinor: BigInt(row.net_minor),
  }));
}

export async function answerItem(
  tx: Transaction,
  proposalId: string,
  receivableId: string,
  answer: {
    readonly result: 'applied' | 'refused';
    readonly code?: string;
    readonly message?: string;
    readonly hash: Buffer | null;
  },
  now: Date,
): Promise<void> {
  await tx.execute(
    `UPDATE receivable_proposal_item SET result = ?, code = ?, message = ?, checker_hash = ?, applied_at = ?
     WHERE proposal_id = ? AND receivable_id = ?`,
    [
      answer.result,
      answer.code ?? null,
      answer.message?.slice(0, 1000) ?? null,
      answer.hash,
      now,
      idBytes(proposalId),
      idBytes(receivableId),
    ],
  );
}

/** Figures of a proposal's receivables, for the rights of its checker. */
export async function itemFacts(tx: Transaction, proposalId: string, checkerId: string) {
  const [facts] = await tx.rows<{ largest: string; currencies: number; currency: string; own: string }>(
    `SELECT MAX(i.net_minor) AS largest, COUNT(DISTINCT r.currency) AS currencies, MIN(r.currency) AS currency,
       COALESCE(SUM(r.uploaded_by_side = 'anchor' AND r.uploaded_by = ?), 0) AS own
     FROM receivable_proposal_item i JOIN receivable r ON r.id = i.receivable_id WHERE i.proposal_id = ?`,
    [checkerId, idBytes(proposalId)],
  );
  const branches = await tx.rows<{ branch_id: Buffer | null }>(
    `SELECT DISTINCT r.branch_id FROM receivable_proposal_item i JOIN receivable r ON r.id = i.receivable_id WHERE i.proposal_id = ?`,
    [idBytes(proposalId)],
  );
  return {
    largest: BigInt(facts?.largest ?? 0),
    currency: Number(facts?.currencies ?? 0) === 1 ? (facts?.currency ?? null) : null,
    ownUploads: Number(facts?.own ?? 0),
    branches: branches.map(({ branch_id }) => branch_id && idText(branch_id)),
  };
}

/** Keeps the words of an undertaking for good; its hash names them. */
export async function keepUndertaking(
  tx: Transaction,
  texts: readonly {
    readonly hash: Buffer;
    readonly version: string;
    readonly kind: string;
    readonly language: string;
    readonly text: string;
  }[],
  now: Date,
): Promise<void> {
  if (texts.length === 0) return;
  await tx.execute(
    `INSERT IGNORE INTO undertaking_text (hash, version, kind, language, text, kept_at) VALUES ${texts.map(() => '(?,?,?,?,?,?)').join(',')}`,
    texts.flatMap(({ hash, version, kind, language, text }) => [hash, version, kind, language, text, now]),
  );
}
