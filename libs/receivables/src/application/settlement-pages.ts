import type { DataSource } from 'typeorm';
import { type Money, moneyToJson } from '#kernel';
import { decodeCursor, defaultLimit, idBytes, type Page, toPage } from '#platform';

export interface PageInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Rows of one page, newest first, and one more where there is a next page. Filters that are undefined are left out. */
export async function newestOf<T extends { id: string }>(
  dataSource: DataSource,
  entity: new () => T,
  filter: Readonly<Record<string, unknown>>,
  page: PageInput,
): Promise<T[]> {
  const after = decodeCursor(page.cursor, 1);
  const query = dataSource.manager
    .createQueryBuilder(entity, 'r')
    .where(Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)));
  if (after) query.andWhere('r.id < :after', { after: idBytes(String(after[0])) });
  return query
    .orderBy('r.id', 'DESC')
    .take((page.limit ?? defaultLimit) + 1)
    .getMany();
}

export function json(minor: Money['minor'], currency: string) {
  return moneyToJson({ minor, currency });
}

export function paged<Row extends { readonly id: string }, View>(
  rows: readonly Row[],
  page: PageInput,
  view: (row: Row) => View,
): Page<View> {
  return toPage(rows, page.limit ?? defaultLimit, ({ id }) => [id], view);
}
