import { In } from 'typeorm';
import type { Mandate } from '#kernel';
import { productKinds as allProductKinds } from '#kernel';
import { idBytes, idText, type Transaction } from '#platform';
import { FundingRequest } from './entities.js';

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(',');

/** Open requests within the mandate's product, currency and amounts, by id, from `after` on: ids only, out of one index. */
export async function idsWithinTerms(tx: Transaction, mandate: Mandate, after: string | undefined): Promise<string[]> {
  const { productKinds, currency, amountMin, amountMax } = mandate;
  const kinds = productKinds.length > 0 ? productKinds : allProductKinds;
  const rows = await tx.rows<{ id: Buffer }>(
    `SELECT id FROM funding_request WHERE state = 'open' AND currency = ? AND product_kind IN (${marks(kinds)})
       AND amount_minor BETWEEN ? AND ?${after ? ' AND id > ?' : ''}`,
    [currency, ...kinds, amountMin.toString(), amountMax.toString(), ...(after ? [idBytes(after)] : [])],
  );
  return rows.map(({ id }) => idText(id)).sort();
}

/** Of these requests those that still take offers and where the financier was not found before; nothing is locked. */
export async function unmatchedAmong(
  tx: Transaction,
  ids: readonly string[],
  mandate: Mandate,
  now: Date,
): Promise<FundingRequest[]> {
  if (ids.length === 0) return [];
  return tx.manager
    .createQueryBuilder(FundingRequest, 'r')
    .where('r.id IN (:...ids)', { ids: ids.map(idBytes) })
    .andWhere("r.state = 'open' AND r.closes_at > :now", { now })
    .andWhere('r.tenor_months BETWEEN :from AND :to', { from: mandate.tenorMin, to: mandate.tenorMax })
    .andWhere('NOT EXISTS (SELECT 1 FROM request_match m WHERE m.request_id = r.id AND m.financier_id = :financier)', {
      financier: idBytes(mandate.financierId),
    })
    .orderBy('r.id')
    .getMany();
}

/** Locks these requests in the order of their ids. */
export async function lockRequests(tx: Transaction, ids: readonly string[]): Promise<FundingRequest[]> {
  if (ids.length === 0) return [];
  return tx.manager.find(FundingRequest, {
    where: { id: In([...ids]) },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
}
