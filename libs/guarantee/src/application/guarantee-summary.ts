import { moneyToJson } from '#kernel';
import { idText, type Transaction } from '#platform';
import { headroomOf } from '../domain/reservation.policy.js';

interface Row {
  readonly id: Buffer;
  readonly code: string;
  readonly status: string;
  readonly currency: string;
  readonly base: string;
  readonly leverage: number;
  readonly used: string;
}

/** Each scheme with its capital, headroom, guarantees by state and claims. */
export async function guaranteeSummary(tx: Transaction) {
  const schemes = await tx.rows<Row>(
    `SELECT s.id, s.code, s.status, s.currency, c.leverage_hundredths AS leverage,
       c.base_minor + (SELECT COALESCE(SUM(amount_minor), 0) FROM capacity_movement m WHERE m.scheme_id = s.id AND scope = 'base') AS base,
       c.used_minor - (SELECT COALESCE(SUM(amount_minor), 0) FROM capacity_movement m WHERE m.scheme_id = s.id AND scope = 'total') AS used
     FROM guarantee_scheme s JOIN scheme_capacity c ON c.scheme_id = s.id ORDER BY s.id`,
  );
  const states = await tx.rows<{ scheme_id: Buffer; state: string; n: string; balance: string }>(
    'SELECT scheme_id, state, COUNT(*) AS n, SUM(balance_minor) AS balance FROM guarantee GROUP BY scheme_id, state ORDER BY state',
  );
  const claims = await tx.rows<{ scheme_id: Buffer; state: string; n: string; paid: string; recovered: string }>(
    'SELECT scheme_id, state, COUNT(*) AS n, SUM(paid_minor) AS paid, SUM(recovered_minor) AS recovered FROM guarantee_claim GROUP BY scheme_id, state ORDER BY state',
  );
  return schemes.map(({ id, code, status, currency, base, leverage, used }) => {
    const money = (minor: string | bigint) => moneyToJson({ minor: BigInt(minor), currency });
    return {
      schemeId: idText(id),
      code,
      status,
      base: money(base),
      used: money(used),
      headroom: money(headroomOf(BigInt(base), leverage, BigInt(used))),
      guarantees: states
        .filter(({ scheme_id }) => scheme_id.equals(id))
        .map(({ state, n, balance }) => ({ state, count: Number(n), balance: money(balance) })),
      claims: claims
        .filter(({ scheme_id }) => scheme_id.equals(id))
        .map(({ state, n, paid, recovered }) => ({
          state,
          count: Number(n),
          paid: money(paid),
          recovered: money(recovered),
        })),
    };
  });
}
