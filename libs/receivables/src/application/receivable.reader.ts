import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  cursorRefused,
  decodeCursor,
  defaultLimit,
  httpError,
  idBytes,
  idText,
  isId,
  type Page,
  type PageQuery,
  toPage,
} from '#platform';
import type { ReceivableKind, ReceivableRecord, Side } from '../domain/receivable.js';
import type { ReceivableState } from '../domain/receivable.lifecycle.js';
import { Receivable } from '../persistence/entities.js';
import { holdsOf } from '../persistence/registry.store.js';
import { batchColumns, type BatchRow, type BatchRowResult, batchRowView, batchView } from './batch-views.js';
import { isVisibleTo } from './receivable-steps.js';
import { receivableView } from './receivable-views.js';
import { proposalColumns, proposalOf, type ProposalRow } from '../persistence/proposal.store.js';
import { proposalView } from './proposal-views.js';

export interface ReceivableQuery extends PageQuery {
  readonly state?: ReceivableState;
  readonly kind?: ReceivableKind;
  /** As seller or as anchor; an anchor's own is `anchor`, anybody else's `seller`. */
  readonly side?: Side;
  readonly dueFrom?: string;
  readonly dueTo?: string;
}

/** What the parties of receivables read of them, and what other contexts may know. */
@Injectable()
export class ReceivableReader {
  constructor(private readonly dataSource: DataSource) {}

  /** For other contexts: a receivable as it stands; undefined where there is none. */
  async receivable(id: string): Promise<ReceivableRecord | undefined> {
    return (await this.dataSource.manager.findOneBy(Receivable, { id })) ?? undefined;
  }

  /** The own receivables by their day of payment; drafts of the other side are not there. */
  async list(organisationId: string, organisationKind: string, query: ReceivableQuery) {
    const { limit = defaultLimit, cursor, state, kind, dueFrom, dueTo } = query;
    const side = query.side ?? (organisationKind === 'anchor' ? 'anchor' : 'seller');
    const after = decodeCursor(cursor, 2);
    if (after && !isId(after[1])) throw cursorRefused();
    const where = [
      `${side}_id = ?`,
      "(state <> 'draft' OR uploaded_by_side = ?)",
      ...(state ? ['state = ?'] : []),
      ...(kind ? ['kind = ?'] : []),
      ...(dueFrom ? ['due_on >= ?'] : []),
      ...(dueTo ? ['due_on <= ?'] : []),
      ...(after ? ['(due_on, id) > (?, ?)'] : []),
    ];
    const ids = await this.dataSource.query<{ id: Buffer; due_on: string }[]>(
      `SELECT id, due_on FROM receivable WHERE ${where.join(' AND ')} ORDER BY due_on, id LIMIT ?`,
      [
        idBytes(organisationId),
        side,
        ...[state, kind, dueFrom, dueTo].filter((value) => value !== undefined),
        ...(after ? [after[0], idBytes(String(after[1]))] : []),
        limit + 1,
      ],
    );
    const records = await this.records(ids.map(({ id }) => idText(id)));
    return toPage(
      ids,
      limit,
      ({ id, due_on }) => [due_on, idText(id)],
      ({ id }) => receivableView(records.get(idText(id)) as ReceivableRecord),
    );
  }

  /** One receivable with why it is held and its documents. */
  async show(organisationId: string, id: string) {
    const receivable = await this.visible(organisationId, id);
    const query = <Row extends object>(sql: string, parameters: unknown[]) =>
      this.dataSource.query<Row[]>(sql, parameters);
    const holds = await holdsOf(query, id);
    const documents = await query<{ checksum: string; media_type: string; size_bytes: number; added_at: Date }>(
      'SELECT checksum, media_type, size_bytes, added_at FROM receivable_document WHERE receivable_id = ? ORDER BY id',
      [idBytes(id)],
    );
    return {
      ...receivableView(receivable),
      holds: holds.map(({ kind, state, caseId, openedAt }) => ({
        kind,
        state,
        caseId,
        openedAt: openedAt.toISOString(),
      })),
      documents: documents.map((row) => ({
        checksum: row.checksum,
        mediaType: row.media_type,
        sizeBytes: row.size_bytes,
        addedAt: row.added_at.toISOString(),
      })),
    };
  }

  /** Who did what with it, newest first. */
  async history(organisationId: string, id: string, { limit = defaultLimit, cursor }: PageQuery) {
    await this.visible(organisationId, id);
    const [after] = decodeCursor(cursor, 1) ?? [];
    if (after !== undefined && !isId(after)) throw cursorRefused();
    const rows = await this.dataSource.query<
      {
        id: Buffer;
        action: string;
        from_state: string | null;
        to_state: string;
        organisation_id: Buffer | null;
        reason: string;
        at: Date;
      }[]
    >(
      `SELECT id, action, from_state, to_state, organisation_id, reason, at FROM receivable_history
       WHERE receivable_id = ?${after === undefined ? '' : ' AND id < ?'} ORDER BY id DESC LIMIT ?`,
      [idBytes(id), ...(after === undefined ? [] : [idBytes(after)]), limit + 1],
    );
    return toPage(
      rows,
      limit,
      (row) => [idText(row.id)],
      (row) => ({
        action: row.action,
        from: row.from_state,
        to: row.to_state,
        // Who of the own people did it is shown in the own audit log; of the other firm only that it was the firm.
        organisationId: row.organisation_id && idText(row.organisation_id),
        reason: row.reason,
        at: row.at.toISOString(),
      }),
    );
  }

  async batches(organisationId: string, { limit = defaultLimit, cursor }: PageQuery) {
    const [after] = decodeCursor(cursor, 1) ?? [];
    if (after !== undefined && !isId(after)) throw cursorRefused();
    const rows = await this.dataSource.query<BatchRow[]>(
      `SELECT ${batchColumns} FROM receivable_batch WHERE organisation_id = ?${after === undefined ? '' : ' AND id < ?'}
       ORDER BY id DESC LIMIT ?`,
      [idBytes(organisationId), ...(after === undefined ? [] : [idBytes(after)]), limit + 1],
    );
    return toPage(rows, limit, ({ id }) => [idText(id)], batchView);
  }

  /** A batch with its progress. */
  async batch(organisationId: string, id: string) {
    const [row] = await this.dataSource.query<BatchRow[]>(
      `SELECT ${batchColumns} FROM receivable_batch WHERE id = ? AND organisation_id = ?`,
      [idBytes(id), idBytes(organisationId)],
    );
    if (!row) throw httpError('record_unknown');
    return batchView(row);
  }

  /** The answers of a batch's rows in the order of the file. */
  async batchRows(
    organisationId: string,
    id: string,
    { limit = defaultLimit, cursor, result }: PageQuery & { readonly result?: BatchRowResult['result'] },
  ): Promise<Page<ReturnType<typeof batchRowView>>> {
    await this.batch(organisationId, id);
    const [after = 0] = decodeCursor(cursor, 1) ?? [];
    if (typeof after !== 'number') throw cursorRefused();
    const rows = await this.dataSource.query<BatchRowResult[]>(
      `SELECT position, line, number, result, receivable_id, code, message FROM receivable_batch_row
       WHERE batch_id = ? AND position > ?${result ? ' AND result = ?' : ''} ORDER BY position LIMIT ?`,
      [idBytes(id), after, ...(result ? [result] : []), limit + 1],
    );
    return toPage(rows, limit, ({ position }) => [position], batchRowView);
  }

  async proposals(anchorId: string, { limit = defaultLimit, cursor, state }: PageQuery & { readonly state?: string }) {
    const [after] = decodeCursor(cursor, 1) ?? [];
    if (after !== undefined && !isId(after)) throw cursorRefused();
    const rows = await this.dataSource.query<ProposalRow[]>(
      `SELECT ${proposalColumns} FROM receivable_proposal WHERE anchor_id = ?${state ? ' AND state = ?' : ''}
       ${after === undefined ? '' : 'AND id < ?'} ORDER BY id DESC LIMIT ?`,
      [idBytes(anchorId), ...(state ? [state] : []), ...(after === undefined ? [] : [idBytes(after)]), limit + 1],
    );
    return toPage(rows.map(proposalOf), limit, ({ id }) => [id], proposalView);
  }

  /** A proposal with the answers of its receivables. */
  async proposal(anchorId: string, id: string, { limit = defaultLimit, cursor }: PageQuery) {
    const [row] = await this.dataSource.query<ProposalRow[]>(
      `SELECT ${proposalColumns} FROM receivable_proposal WHERE id = ? AND anchor_id = ?`,
      [idBytes(id), idBytes(anchorId)],
    );
    if (!row) throw httpError('record_unknown');
    const [after] = decodeCursor(cursor, 1) ?? [];
    if (after !== undefined && !isId(after)) throw cursorRefused();
    const items = await this.dataSource.query<
      {
        receivable_id: Buffer;
        result: string | null;
        code: string | null;
        message: string | null;
        maker_hash: Buffer | null;
      }[]
    >(
      `SELECT receivable_id, result, code, message, maker_hash FROM receivable_proposal_item
       WHERE proposal_id = ?${after === undefined ? '' : ' AND receivable_id > ?'} ORDER BY receivable_id LIMIT ?`,
      [idBytes(id), ...(after === undefined ? [] : [idBytes(after)]), limit + 1],
    );
    const page = toPage(
      items,
      limit,
      ({ receivable_id }) => [idText(receivable_id)],
      (item) => ({
        receivableId: idText(item.receivable_id),
        result: item.result,
        refusal: item.code === null ? null : { code: item.code, message: item.message ?? '' },
        undertakingSha256: item.maker_hash?.toString('hex') ?? null,
      }),
    );
    return { ...proposalView(proposalOf(row)), receivables: page };
  }

  private async visible(organisationId: string, id: string): Promise<ReceivableRecord> {
    const receivable = await this.receivable(id);
    if (!receivable || !isVisibleTo(organisationId, receivable)) throw httpError('record_unknown');
    return receivable;
  }

  private async records(ids: readonly string[]): Promise<ReadonlyMap<string, ReceivableRecord>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.manager.findBy(
      Receivable,
      ids.map((id) => ({ id })),
    );
    return new Map(rows.map((row) => [row.id, row]));
  }
}
