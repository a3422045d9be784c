import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { IdentityReader } from '#identity';
import {
  cursorRefused,
  decodeCursor,
  defaultLimit,
  httpError,
  idBytes,
  idText,
  isId,
  type PageQuery,
  toPage,
} from '#platform';
import type { VerificationState } from '#review';
import type { AnchorKind } from '../domain/anchor.js';
import { AnchorProfile } from '../persistence/entities.js';
import { anchorView } from './anchor-views.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';

/** What others may know of an anchor. */
export interface AnchorSummary {
  readonly id: string;
  readonly kind: AnchorKind;
  readonly verified: boolean;
  readonly confirmationsStopped: boolean;
}

/** What is read of anchors: by itself, by its suppliers, by the public, by the operator. */
@Injectable()
export class AnchorReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
    private readonly book: ReceivableRuleBook,
  ) {}

  async summaries(ids: readonly string[]): Promise<ReadonlyMap<string, AnchorSummary>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.manager.findBy(AnchorProfile, { id: In([...new Set(ids)]) });
    return new Map(
      rows.map(({ id, kind, status, confirmationsStoppedAt }) => [
        id,
        { id, kind, verified: status === 'verified', confirmationsStopped: confirmationsStoppedAt !== null },
      ]),
    );
  }

  async profile(anchorId: string) {
    const profile = await this.dataSource.manager.findOneBy(AnchorProfile, { id: anchorId });
    if (!profile) throw httpError('record_unknown');
    return anchorView(profile);
  }

  /** Verified anchors that show themselves to everybody, with their median time to confirm. */
  async publicAnchors(query: PageQuery) {
    return this.page(query, "status = 'verified' AND visibility = 'public'", []);
  }

  /** The anchors that list this supplier. */
  async anchorsOf(supplierId: string, query: PageQuery) {
    const listed = "id IN (SELECT anchor_id FROM anchor_supplier WHERE supplier_id = ? AND status = 'listed')";
    return this.page(query, `status = 'verified' AND ${listed}`, [idBytes(supplierId)]);
  }

  async forReview({ status, ...query }: PageQuery & { readonly status?: VerificationState }) {
    return this.page(query, status ? 'status = ?' : '1 = 1', status ? [status] : []);
  }

  private async page({ limit = defaultLimit, cursor }: PageQuery, where: string, parameters: readonly unknown[]) {
    const [after] = decodeCursor(cursor, 1) ?? [];
    if (after !== undefined && !isId(after)) throw cursorRefused();
    const rows = await this.dataSource.query<
      { id: Buffer; kind: AnchorKind; about: string; website: string; status: string; stopped: number }[]
    >(
      `SELECT id, kind, about, website, status, confirmations_stopped_at IS NOT NULL AS stopped FROM anchor_profile
       WHERE ${where}${after === undefined ? '' : ' AND id > ?'} ORDER BY id LIMIT ?`,
      [...parameters, ...(after === undefined ? [] : [idBytes(after)]), limit + 1],
    );
    const names = await this.identity.organisations(rows.map(({ id }) => idText(id)));
    const medians = new Map<string, number | null>();
    for (const { id } of rows.slice(0, limit)) medians.set(idText(id), await this.medianSeconds(id));
    return toPage(
      rows,
      limit,
      ({ id }) => [idText(id)],
      (row) => {
        const id = idText(row.id);
        const organisation = names.get(id);
        return {
          id,
          name: organisation?.name ?? '',
          localName: organisation?.localName ?? '',
          registrationNumber: organisation?.registrationNumber ?? '',
          kind: row.kind,
          about: row.about,
          website: row.website,
          status: row.status,
          confirmationsStopped: Number(row.stopped) === 1,
          medianHoursToConfirm: hours(medians.get(id) ?? null),
        };
      },
    );
  }

  /** Median seconds from submission to confirmation of the newest confirmations; null while there are too few to show. */
  private async medianSeconds(anchorId: Buffer): Promise<number | null> {
    const { days, newest, smallestCell } = this.book.rules.figures;
    const rows = await this.dataSource.query<{ seconds: string }[]>(
      `SELECT TIMESTAMPDIFF(SECOND, submitted_at, confirmed_at) AS seconds FROM receivable
       WHERE anchor_id = ? AND confirmed_at >= UTC_TIMESTAMP(6) - INTERVAL ? DAY ORDER BY confirmed_at DESC LIMIT ?`,
      [anchorId, days, newest],
    );
    if (rows.length < smallestCell) return null;
    const sorted = rows.map(({ seconds }) => Number(seconds)).sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    const upper = sorted[middle] as number;
    return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
  }
}

function hours(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds / 360) / 10;
}
