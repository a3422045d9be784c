import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EnterpriseReader } from '#enterprises';
import {
  defaultLimit,
  decodeCursor,
  ENVIRONMENT,
  type Environment,
  httpError,
  idBytes,
  idText,
  type Page,
  rowsWithTextInstants,
  toPage,
} from '#platform';
import { marketplaceError } from '../domain/errors.js';
import { FundingRequest } from '../persistence/entities.js';
import { briefColumns } from '../persistence/market-list.query.js';
import {
  asJson,
  type BriefRow,
  briefView,
  type OwnRequestRow,
  ownRequestSql,
  ownRequestView,
  requestView,
  type RequestView,
} from './request-views.js';

const historyColumns = 'id, at, subject_type, subject_id, actor_kind, action, from_state, to_state, reason';

interface HistoryRow {
  readonly at: Date;
  readonly subject_type: string;
  readonly subject_id: Buffer;
  readonly actor_kind: string;
  readonly action: string;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly reason: string | Record<string, unknown> | null;
}

/** What the parties see of requests. Every question carries the organisation that asks. */
@Injectable()
export class MarketReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly enterprises: EnterpriseReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The enterprise's own requests, newest first. */
  async ownRequests(enterpriseId: string, page: { limit?: number; cursor?: string }): Promise<Page<RequestView>> {
    const limit = page.limit ?? defaultLimit;
    const after = decodeCursor(page.cursor, 1);
    const query = this.dataSource.manager
      .createQueryBuilder(FundingRequest, 'r')
      .where('r.enterprise_id = :id', { id: idBytes(enterpriseId) });
    if (after) query.andWhere('r.id < :after', { after: idBytes(String(after[0])) });
    const rows = await query
      .orderBy('r.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    return toPage(rows, limit, ({ id }) => [id], requestView);
  }

  async ownRequest(enterpriseId: string, id: string): Promise<RequestView> {
    const [row] = await this.dataSource.query<OwnRequestRow[]>(ownRequestSql, [idBytes(id), idBytes(enterpriseId)]);
    if (!row) throw httpError('record_unknown');
    return ownRequestView(row);
  }

  /** The request as the reviewer sees it, with the brief that financiers will see. */
  async forReview(id: string) {
    const row = await this.dataSource.manager.findOneBy(FundingRequest, { id });
    if (!row || row.state === 'draft') throw httpError('record_unknown');
    const { sector, region, sizeClass, ageBand, grade, womenLed, rural, revenueBand, staffBand } = row;
    const documents = await this.documents(id);
    return {
      ...requestView(row),
      enterpriseId: row.enterpriseId,
      brief: { sector, region, sizeClass, ageBand, grade, womenLed, rural, revenueBand, staffBand },
      documents,
    };
  }

  /** An own request by the enterprise's own reference, with the documents attached to it; undefined when there is none. */
  async ownRequestByReference(enterpriseId: string, reference: string) {
    const row = await this.dataSource.manager.findOneBy(FundingRequest, { enterpriseId, reference });
    return row && { ...requestView(row), documents: await this.documents(row.id) };
  }

  async documents(requestId: string) {
    const rows = await this.dataSource.query<
      {
        id: Buffer;
        kind: string;
        file_name: string;
        media_type: string;
        size_bytes: number;
        checksum: Buffer;
        added_at: Date;
      }[]
    >(
      'SELECT id, kind, file_name, media_type, size_bytes, checksum, added_at FROM request_document WHERE request_id = ? ORDER BY id LIMIT 200',
      [idBytes(requestId)],
    );
    return rows.map((row) => ({
      receipt: idText(row.id),
      kind: row.kind,
      fileName: row.file_name,
      mediaType: row.media_type,
      sizeBytes: row.size_bytes,
      sha256: row.checksum.toString('hex'),
      addedAt: row.added_at,
    }));
  }

  /** Everything that happened to a request, its offers and awards; bidders are not named before they win. */
  async timeline(requestId: string, only?: string) {
    const rows = await this.dataSource.query<HistoryRow[]>(
      `SELECT ${historyColumns} FROM market_history WHERE request_id = ?${only ? ' AND subject_type = ?' : ''} ORDER BY id LIMIT 500`,
      [idBytes(requestId), ...(only ? [only] : [])],
    );
    return rows.map((row) => ({
      at: row.at,
      subjectType: row.subject_type,
      subjectId: idText(row.subject_id),
      by: row.actor_kind,
      action: row.action,
      from: row.from_state,
      to: row.to_state,
      reason: row.reason === null ? null : asJson<Record<string, unknown>>(row.reason),
    }));
  }

  /** One brief; the enterprise's name only where it disclosed itself to this financier. */
  async brief(financierId: string, requestId: string) {
    const [row] = await rowsWithTextInstants<
      BriefRow & { enterprise_id: Buffer; state: string; disclosed_at: string | null }
    >(
      this.dataSource,
      `SELECT ${briefColumns}, r.state, r.enterprise_id, d.disclosed_at
       FROM request_match m JOIN funding_request r ON r.id = m.request_id
       LEFT JOIN disclosure d ON d.request_id = r.id AND d.financier_id = m.financier_id
       WHERE m.financier_id = ? AND m.request_id = ? AND m.state <> 'waiting'`,
      [idBytes(financierId), idBytes(requestId)],
    );
    if (!row) throw marketplaceError('not_matched');
    const firm = row.disclosed_at ? await this.enterprises.snapshot(idText(row.enterprise_id)) : undefined;
    const enterprise = firm ? { id: firm.organisationId, name: firm.name, localName: firm.localName } : null;
    return { ...briefView(requestId, row), state: row.state, enterprise };
  }

  /** How many were found and how they answered; the financiers by id, for the enterprise. */
  async matches(requestId: string) {
    const rows = await this.dataSource.query<
      {
        financier_id: Buffer;
        score: string;
        score_parts: string;
        state: string;
        invited_at: Date | null;
        answered_at: Date | null;
        decline_reason: string | null;
      }[]
    >(
      'SELECT financier_id, score, score_parts, state, invited_at, answered_at, decline_reason FROM request_match WHERE request_id = ? ORDER BY score DESC, mandate_id LIMIT 500',
      [idBytes(requestId)],
    );
    return rows.map((row) => ({
      financierId: idText(row.financier_id),
      score: Number(row.score),
      parts:
        typeof row.score_parts === 'string' ? (JSON.parse(row.score_parts) as Record<string, number>) : row.score_parts,
      state: row.state,
      invitedAt: row.invited_at,
      answeredAt: row.answered_at,
      declineReason: row.decline_reason,
    }));
  }

  /** Questions and answers, without who asked. */
  async questions(requestId: string) {
    const rows = await this.dataSource.query<
      { id: Buffer; text: string; asked_at: Date; answer: string | null; answered_at: Date | null }[]
    >('SELECT id, text, asked_at, answer, answered_at FROM question WHERE request_id = ? ORDER BY id LIMIT 500', [
      idBytes(requestId),
    ]);
    return rows.map((row) => ({
      id: idText(row.id),
      text: row.text,
      askedAt: row.asked_at,
      answer: row.answer,
      answeredAt: row.answered_at,
    }));
  }

  /** Refuses who was not invited with the same words as for a request that does not exist. */
  async assertInvited(financierId: string, requestId: string): Promise<void> {
    await this.brief(financierId, requestId);
  }

  /** The market's time, for judging what may be shown. */
  async now(): Promise<Date> {
    const [row] = await this.dataSource.query<{ now: Date }[]>('SELECT UTC_TIMESTAMP(6) AS now');
    return new Date((row as { now: Date }).now.getTime() + this.environment.clockOffsetSeconds * 1000);
  }
}
