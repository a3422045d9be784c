import { chartOfAccounts, normalSide, type Purpose } from '../domain/chart-of-accounts.js';

/**
 * A subquery (owner, currency, booked) with what is posted for each owner under one purpose, on the side where it grows: for a statement of
 * another context that proves its own rows against the books in one consistent look.
 */
export function postedByOwner(purpose: Purpose): string {
  const side = normalSide[chartOfAccounts[purpose].class];
  return `SELECT a.owner_id AS owner, a.currency AS currency,
      SUM(CASE WHEN p.${side}_account_id = a.id THEN p.amount ELSE -p.amount END) AS booked
    FROM ledger_account a JOIN ledger_posting p ON p.phase = 'posted' AND (p.credit_account_id = a.id OR p.debit_account_id = a.id)
    WHERE a.purpose = '${purpose}' GROUP BY a.owner_id, a.currency`;
}
