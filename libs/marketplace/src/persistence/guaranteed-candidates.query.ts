import { idBytes, idText, type Transaction } from '#platform';
import { briefColumns, type ListQuery } from './market-list.query.js';

/** Whether an offer stands on the request. */
export async function hasOffers(tx: Transaction, requestId: string): Promise<boolean> {
  const rows = await tx.rows('SELECT 1 FROM offer WHERE request_id = ? AND standing = 1 LIMIT 1', [idBytes(requestId)]);
  return rows.length > 0;
}

/** Financiers on whose list the request stood before it became a candidate; those invited since are told with their invitation. */
export async function listedBefore(tx: Transaction, requestId: string, since: Date): Promise<readonly string[]> {
  const rows = await tx.rows<{ financier_id: Buffer }>(
    'SELECT financier_id FROM request_match WHERE request_id = ? AND listed = 1 AND invited_at < ? ORDER BY financier_id',
    [idBytes(requestId), since],
  );
  return rows.map(({ financier_id }) => idText(financier_id));
}

/** Whether the financier was invited since the request is a candidate. */
export async function invitedSince(
  tx: Transaction,
  requestId: string,
  financierId: string,
  since: Date,
): Promise<boolean> {
  const rows = await tx.rows(
    'SELECT 1 FROM request_match WHERE request_id = ? AND financier_id = ? AND invited_at >= ?',
    [idBytes(requestId), idBytes(financierId), since],
  );
  return rows.length > 0;
}

/** Of a financier's list what nobody has bid on and a scheme could cover, newest first, from an id on. */
export function guaranteedCandidatesQuery(
  financierId: string,
  now: Date,
  after: string | undefined,
  count: number,
): ListQuery & { readonly parameters: unknown[] } {
  return {
    sql: `SELECT ${briefColumns}, r.enterprise_id
          FROM request_match m JOIN funding_request r ON r.id = m.request_id
          WHERE m.financier_id = ? AND m.listed = 1 AND r.state = 'open' AND r.closes_at > ? AND r.guaranteed_since IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.request_id = r.id AND o.standing = 1)
            ${after ? 'AND m.request_id < ?' : ''}
          ORDER BY m.request_id DESC LIMIT ?`,
    parameters: [idBytes(financierId), now, ...(after ? [idBytes(after)] : []), count],
  };
}
