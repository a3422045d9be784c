import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  defaultLimit,
  decodeCursor,
  ENVIRONMENT,
  type Environment,
  idText,
  isId,
  type Page,
  rowsWithTextInstants,
  toPage,
} from '#platform';
import type { MarketFilter, MarketSort } from '../domain/market-filter.js';
import { cursorOfRow, type ListCursor, listedByIdQuery, marketListQuery } from '../persistence/market-list.query.js';
import { ListingCatalogue } from './listing-catalogue.js';
import { type BriefRow, briefView } from './request-views.js';

/** The market's list: the open requests that a financier was invited to. */
@Injectable()
export class MarketListReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly listings: ListingCatalogue,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /**
   * The open requests that the financier was invited to. A short list is one statement; of a long one the ids come from the
   * process's book, and the rows are read, and judged again, by their keys.
   */
  async page(
    financierId: string,
    filter: MarketFilter,
    sort: MarketSort,
    { limit = defaultLimit, cursor }: { limit?: number; cursor?: string },
  ): Promise<Page<ReturnType<typeof briefView>>> {
    const after = listCursor(cursor, sort);
    const rows =
      (await this.byBook(financierId, filter, sort, limit + 1, after)) ??
      (await this.bySql(financierId, filter, sort, limit, after));
    return toPage(
      rows,
      limit,
      (row) => cursorOfRow(sort, row),
      (row) => briefView(idText(row.id), row),
    );
  }

  private async bySql(
    financierId: string,
    filter: MarketFilter,
    sort: MarketSort,
    limit: number,
    after: ListCursor | undefined,
  ): Promise<BriefRow[]> {
    const { clockOffsetSeconds } = this.environment;
    const { sql, parameters } = marketListQuery(financierId, filter, sort, limit, after, clockOffsetSeconds);
    return rowsWithTextInstants<BriefRow>(this.dataSource, sql, parameters);
  }

  /** Undefined when the financier has no book, or the book is too far from the rows at this moment. */
  private async byBook(
    financierId: string,
    filter: MarketFilter,
    sort: MarketSort,
    count: number,
    after: ListCursor | undefined,
  ): Promise<BriefRow[] | undefined> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const ids = await this.listings.page(financierId, filter, sort, count, after);
      if (!ids) return undefined;
      if (ids.length === 0) return [];
      const { sql, parameters } = listedByIdQuery(financierId, ids, this.environment.clockOffsetSeconds);
      const rows = await rowsWithTextInstants<BriefRow>(this.dataSource, sql, parameters);
      if (rows.length === ids.length) {
        const byId = new Map(rows.map((row) => [row.id.toString('latin1'), row]));
        return ids.map((id) => byId.get(id.toString('latin1')) as BriefRow);
      }
      const found = new Set(rows.map(({ id }) => id.toString('latin1')));
      this.listings.forget(
        financierId,
        ids.filter((id) => !found.has(id.toString('latin1'))),
      );
    }
    return undefined;
  }
}

function listCursor(cursor: string | undefined, sort: MarketSort): ListCursor | undefined {
  const values = decodeCursor(cursor, 2);
  if (!values) return undefined;
  const [value, id] = values;
  const sound =
    typeof value === 'string' &&
    isId(id) &&
    (sort === 'newest' || sort === 'closing' ? !Number.isNaN(Date.parse(value)) : /^\d{1,19}(\.\d{1,2})?$/.test(value));
  if (!sound) decodeCursor('', 2);
  return [String(value), String(id)];
}
