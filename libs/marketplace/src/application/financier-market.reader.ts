import { Injectable } from '@nestjs/common';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { decodeCursor, defaultLimit, idBytes, type Page, toPage } from '#platform';
import { Award, Offer } from '../persistence/entities.js';
import { offerView } from './comparison.reader.js';
import { awardView } from './enterprise-market.reader.js';

/** A financier's own offers and awards. */
@Injectable()
export class FinancierMarketReader {
  constructor(private readonly dataSource: DataSource) {}

  async offers(
    financierId: string,
    page: { limit?: number; cursor?: string },
  ): Promise<Page<ReturnType<typeof offerView>>> {
    return this.page(Offer, financierId, page, offerView);
  }

  async awards(
    financierId: string,
    page: { limit?: number; cursor?: string },
  ): Promise<Page<ReturnType<typeof awardView>>> {
    return this.page(Award, financierId, page, awardView);
  }

  private async page<Row extends ObjectLiteral & { id: string }, View>(
    entity: EntityTarget<Row>,
    financierId: string,
    page: { limit?: number; cursor?: string },
    view: (row: Row) => View,
  ): Promise<Page<View>> {
    const limit = page.limit ?? defaultLimit;
    const after = decodeCursor(page.cursor, 1);
    const query = this.dataSource.manager
      .createQueryBuilder(entity, 'x')
      .where('x.financier_id = :financier', { financier: idBytes(financierId) });
    if (after) query.andWhere('x.id < :after', { after: idBytes(String(after[0])) });
    const rows = await query
      .orderBy('x.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    return toPage(rows, limit, ({ id }) => [id], view);
  }
}
