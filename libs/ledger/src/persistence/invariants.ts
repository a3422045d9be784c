import { joinBalances, presentTotals } from './balance.store.js';

export interface Invariant {
  readonly name: string;
  readonly meaning: string;
  /** Finds rows that break it; a `?` is the instant before which reservations must have been given back. */
  readonly sql: string;
}

/** What the postings add up to for each account: posted lines, and reservations that nothing resolves. */
const derived = `SELECT account_id, SUM(dp) AS dp, SUM(cp) AS cp, SUM(dr) AS dr, SUM(cr) AS cr FROM (
  SELECT debit_account_id AS account_id, amount AS dp, 0 AS cp, 0 AS dr, 0 AS cr FROM ledger_posting WHERE phase = 'posted'
  UNION ALL SELECT credit_account_id, 0, amount, 0, 0 FROM ledger_posting WHERE phase = 'posted'
  UNION ALL SELECT p.debit_account_id, 0, 0, p.amount, 0 FROM ledger_posting p
    LEFT JOIN ledger_transfer r ON r.resolves_id = p.transfer_id WHERE p.phase = 'pending' AND r.id IS NULL
  UNION ALL SELECT p.credit_account_id, 0, 0, 0, p.amount FROM ledger_posting p
    LEFT JOIN ledger_transfer r ON r.resolves_id = p.transfer_id WHERE p.phase = 'pending' AND r.id IS NULL
) sides GROUP BY account_id`;

/** What was posted to each account until the end of the last closed month. */
const closed = `SELECT account_id, SUM(dp) AS dp, SUM(cp) AS cp FROM (
  SELECT p.debit_account_id AS account_id, p.amount AS dp, 0 AS cp, p.book_date FROM ledger_posting p WHERE p.phase = 'posted'
  UNION ALL SELECT p.credit_account_id, 0, p.amount, p.book_date FROM ledger_posting p WHERE p.phase = 'posted'
) sides WHERE LEFT(book_date, 7) <= (SELECT MAX(period) FROM ledger_period WHERE state = 'closed') GROUP BY account_id`;

const present = `SELECT a.id, a.currency, a.has_floor, a.normal_side, b.floor_side, ${presentTotals} FROM ledger_account a ${joinBalances()}`;

/** The invariants that a statement can see, the gravest first. */
export const invariants: readonly Invariant[] = [
  {
    name: 'trial_balance',
    meaning: 'debits equal credits in each currency, posted and reserved',
    sql: `SELECT currency, SUM(debits_posted) AS debits, SUM(credits_posted) AS credits FROM (${present}) accounts GROUP BY currency
      HAVING SUM(debits_posted) <> SUM(credits_posted) OR SUM(debits_pending) <> SUM(credits_pending)`,
  },
  {
    name: 'balances',
    meaning: 'every balance is the sum of its postings',
    sql: `SELECT n.id AS accountId, n.debits_posted AS debits, d.dp AS derivedDebits, n.credits_posted AS credits, d.cp AS derivedCredits
      FROM (${present}) n LEFT JOIN (${derived}) d ON d.account_id = n.id
      WHERE n.debits_posted <> COALESCE(d.dp, 0) OR n.credits_posted <> COALESCE(d.cp, 0)
        OR n.debits_pending <> COALESCE(d.dr, 0) OR n.credits_pending <> COALESCE(d.cr, 0)`,
  },
  {
    name: 'floors',
    meaning: 'no account with a floor has less than nothing available',
    sql: `SELECT id AS accountId FROM (${present}) n WHERE has_floor = 1 AND (floor_side IS NULL OR floor_side <> normal_side OR
      CASE normal_side WHEN 'credit' THEN credits_posted - debits_posted - debits_pending
        ELSE debits_posted - credits_posted - credits_pending END < 0)`,
  },
  {
    name: 'lines',
    meaning: 'every transfer has its lines, in the phase of its kind',
    sql: `SELECT t.id AS transferId FROM ledger_transfer t LEFT JOIN ledger_posting p ON p.transfer_id = t.id
      WHERE (t.kind = 'void_reserved') <> (p.line IS NULL) OR (p.phase = 'pending') <> (t.kind = 'reserve')
        OR p.book_date <> t.book_date`,
  },
  {
    name: 'currencies',
    meaning: 'a posting and its two accounts are of one currency',
    sql: `SELECT p.transfer_id AS transferId, p.line FROM ledger_posting p
      LEFT JOIN ledger_account d ON d.id = p.debit_account_id LEFT JOIN ledger_account c ON c.id = p.credit_account_id
      WHERE d.currency IS NULL OR c.currency IS NULL OR d.currency <> p.currency OR c.currency <> p.currency`,
  },
  {
    name: 'resolutions',
    meaning: 'only reservations are resolved, and never above what they reserved',
    sql: `SELECT t.id AS transferId FROM ledger_transfer t JOIN ledger_transfer r ON r.id = t.resolves_id
      WHERE r.kind <> 'reserve' OR (SELECT COALESCE(SUM(p.amount), 0) FROM ledger_posting p WHERE p.transfer_id = t.id)
        > (SELECT SUM(p.amount) FROM ledger_posting p WHERE p.transfer_id = r.id)`,
  },
  {
    name: 'reversals',
    meaning: 'a reversal is the exact mirror of what it reverses',
    sql: `SELECT t.id AS transferId, o.line FROM ledger_transfer t JOIN ledger_posting o ON o.transfer_id = t.reverses_id
      LEFT JOIN ledger_posting p ON p.transfer_id = t.id AND p.line = o.line
      WHERE p.line IS NULL OR o.phase <> 'posted' OR p.amount <> o.amount OR p.currency <> o.currency
        OR p.debit_account_id <> o.credit_account_id OR p.credit_account_id <> o.debit_account_id`,
  },
  {
    name: 'closed_months',
    meaning: 'nothing came into the closed months after they were closed',
    sql: `SELECT a.id AS accountId, k.period FROM ledger_account a
      JOIN (SELECT MAX(period) AS period FROM ledger_period WHERE state = 'closed') k ON k.period IS NOT NULL
      LEFT JOIN ledger_period_balance b ON b.account_id = a.id AND b.period = k.period
      LEFT JOIN (${closed}) d ON d.account_id = a.id
      WHERE COALESCE(b.debits_posted, 0) <> COALESCE(d.dp, 0) OR COALESCE(b.credits_posted, 0) <> COALESCE(d.cp, 0)`,
  },
  {
    name: 'month_end_balances',
    meaning: 'the final balances of a closed month are the sum of the postings until then',
    sql: `SELECT k.period, k.account_id AS accountId FROM ledger_period_balance k
      WHERE k.debits_posted <> (SELECT COALESCE(SUM(p.amount), 0) FROM ledger_posting p
          WHERE p.debit_account_id = k.account_id AND p.phase = 'posted' AND p.book_date <= CONCAT(k.period, '-31'))
        OR k.credits_posted <> (SELECT COALESCE(SUM(p.amount), 0) FROM ledger_posting p
          WHERE p.credit_account_id = k.account_id AND p.phase = 'posted' AND p.book_date <= CONCAT(k.period, '-31'))`,
  },
  {
    name: 'expired_reservations',
    meaning: 'no reservation is held for more than a minute after its time',
    sql: `SELECT t.id AS transferId, t.expires_at AS expiresAt FROM ledger_transfer t
      LEFT JOIN ledger_transfer r ON r.resolves_id = t.id WHERE r.id IS NULL AND t.expires_at < ?`,
  },
];
