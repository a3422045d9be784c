// size: one list of everything that must hold; cutting it would hide which invariants there are.
import { printAmount } from '#kernel';
import { postedByOwner } from '#ledger';
import type { Transaction } from '#platform';

interface Invariant {
  readonly name: string;
  readonly meaning: string;
  /** Rows that break it. */
  readonly sql: string;
}

const live = "('held','listed','early','assigned')";

/** What must hold in any database of receivables, whatever was done at once and whatever was killed. */
export const receivableInvariants: readonly Invariant[] = [
  {
    name: 'whole_is_parts',
    meaning: 'the certificates of a confirmed receivable add up to what was confirmed',
    sql: `SELECT HEX(r.id) AS receivable, r.net_minor AS confirmed, SUM(c.amount_minor) AS parts FROM receivable r
      LEFT JOIN certificate c ON c.receivable_id = r.id AND c.status <> 'void'
      WHERE r.state IN ('confirmed','listed','assigned','paid_early','due','overdue','defaulted','settled','repurchased')
      GROUP BY r.id, r.net_minor HAVING parts IS NULL OR parts <> confirmed`,
  },
  {
    name: 'unconfirmed_has_none',
    meaning: 'what is not confirmed has no certificate',
    sql: `SELECT HEX(c.id) AS certificate, r.state FROM certificate c JOIN receivable r ON r.id = c.receivable_id
      WHERE c.status <> 'void' AND r.state IN ('draft','submitted','disputed','rejected','reduced','withdrawn')`,
  },
  {
    name: 'passed_is_received',
    meaning: 'what a certificate passed on is what its parts were issued for',
    sql: `SELECT HEX(p.id) AS certificate, p.passed_minor AS passed, COALESCE(SUM(c.issued_minor), 0) AS received FROM certificate p
      LEFT JOIN certificate c ON c.parent_id = p.id GROUP BY p.id, p.passed_minor HAVING passed <> received`,
  },
  {
    name: 'on_hold_is_pending',
    meaning: 'what is on hold is what receivers have still to decide on',
    sql: `SELECT HEX(c.id) AS certificate, c.on_hold_minor AS held, COALESCE(SUM(t.amount_minor), 0) AS pending FROM certificate c
      LEFT JOIN certificate_transfer t ON t.certificate_id = c.id AND t.state IN ('proposed','offered')
      GROUP BY c.id, c.on_hold_minor HAVING held <> pending`,
  },
  {
    name: 'holders_positions',
    meaning: 'the books say of each holder what its certificates say',
    sql: `SELECT HEX(owner) AS holder, currency, SUM(face) AS certificates, SUM(booked) AS books FROM (
        SELECT holder_organisation_id AS owner, currency, amount_minor - paid_minor AS face, 0 AS booked FROM certificate WHERE status IN ${live}
        UNION ALL
        SELECT owner, currency, 0, booked FROM (${postedByOwner('receivable_held')}) books
      ) sides GROUP BY owner, currency HAVING certificates <> books`,
  },
  {
    name: 'anchors_positions',
    meaning: 'the books say of each anchor what its certificates say that it owes',
    sql: `SELECT HEX(owner) AS anchor, currency, SUM(face) AS certificates, SUM(booked) AS books FROM (
        SELECT anchor_organisation_id AS owner, currency, amount_minor - paid_minor AS face, 0 AS booked FROM certificate WHERE status IN ${live}
        UNION ALL
        SELECT owner, currency, 0, booked FROM (${postedByOwner('receivable_owed')}) books
      ) sides GROUP BY owner, currency HAVING certificates <> books`,
  },
  {
    name: 'sold_once',
    meaning: 'a certificate is assigned exactly when one live assignment has it, and its holder is the assignee',
    sql: `SELECT HEX(c.id) AS certificate, c.status, COUNT(i.id) AS assignments FROM certificate c
      LEFT JOIN assignment_item i ON i.certificate_id = c.id AND i.live = 1
      LEFT JOIN assignment a ON a.id = i.assignment_id
      GROUP BY c.id, c.status, c.holder_organisation_id
      HAVING (c.status = 'assigned') <> (COUNT(i.id) = 1) OR COUNT(i.id) > 1 OR SUM(a.assignee_id <> c.holder_organisation_id) > 0`,
  },
  {
    name: 'assignment_sums',
    meaning: 'the items of an assignment add up to its face, price and holdback',
    sql: `SELECT HEX(a.id) AS assignment FROM assignment a LEFT JOIN assignment_item i ON i.assignment_id = a.id
      GROUP BY a.id, a.face_minor, a.price_minor, a.holdback_minor
      HAVING COALESCE(SUM(i.face_minor), 0) <> a.face_minor OR COALESCE(SUM(i.price_minor), 0) <> a.price_minor OR COALESCE(SUM(i.holdback_minor), 0) <> a.holdback_minor`,
  },
  {
    name: 'maturity_is_certificates',
    meaning: 'what an anchor is to pay at maturity is what its certificates stand for, less what it pays early',
    sql: `SELECT HEX(o.id) AS obligation, o.amount_minor AS owed, COALESCE(SUM(c.amount_minor), 0) AS certificates FROM settlement_obligation o
      LEFT JOIN certificate c ON c.receivable_id = o.subject_id AND c.status NOT IN ('void','passed_on','early')
        AND NOT EXISTS (SELECT 1 FROM discount_ask d WHERE d.certificate_id = c.id AND d.state = 'paid')
      WHERE o.kind = 'maturity' AND o.state <> 'cancelled' GROUP BY o.id, o.amount_minor HAVING owed <> certificates`,
  },
  {
    name: 'budgets',
    meaning: 'what a day gives out is what its agreed, paid and lapsed asks are paid',
    sql: `SELECT HEX(d.id) AS day, d.used_minor AS used, COALESCE(SUM(a.pays_minor), 0) AS asks FROM discount_day d
      LEFT JOIN discount_ask a ON a.day_id = d.id AND a.state IN ('agreed','paid','lapsed') GROUP BY d.id, d.used_minor HAVING used <> asks`,
  },
  {
    name: 'payable_is_payouts',
    meaning: 'money held for an owner is what is due or on its way to it, and parts of payments that wait for the rest',
    sql: `SELECT HEX(owner) AS owner, currency, SUM(booked) AS books, SUM(due) AS due FROM (
        SELECT owner, currency, booked, 0 AS due FROM (${postedByOwner('settlement_payable')}) books
        UNION ALL SELECT payee_id, currency, 0, amount_minor FROM settlement_payout WHERE state IN ('due','instructed')
        UNION ALL SELECT payer_id, currency, 0, paid_minor FROM settlement_obligation WHERE kind NOT IN ('maturity','give_back') AND state IN ('open','overdue')
      ) sides GROUP BY owner, currency HAVING books <> due`,
  },
  {
    name: 'suspense_is_worklist',
    meaning: 'money in suspense is what nobody has matched yet',
    sql: `SELECT currency, SUM(booked) AS books, SUM(open_amount) AS worklist FROM (
        SELECT currency, booked, 0 AS open_amount FROM (${postedByOwner('settlement_suspense')}) books
        UNION ALL SELECT currency, 0, amount_minor - matched_minor FROM statement_entry WHERE direction = 'credit' AND state IN ('booked','unclear','proposed')
      ) sides GROUP BY currency HAVING books <> worklist`,
  },
  {
    name: 'debts_are_demanded',
    meaning: 'what a party owes in the books is what it is to give back',
    sql: `SELECT HEX(owner) AS owner, currency, SUM(booked) AS books, SUM(demanded) AS demanded FROM (
        SELECT payer_id AS owner, currency, 0 AS booked, amount_minor - paid_minor AS demanded FROM settlement_obligation
          WHERE kind = 'give_back' AND state IN ('open','overdue')
        UNION ALL SELECT owner, currency, booked, 0 FROM (${postedByOwner('settlement_receivable')}) books
          WHERE owner IN (SELECT payer_id FROM settlement_obligation WHERE kind = 'give_back')
      ) sides GROUP BY owner, currency HAVING books <> demanded`,
  },
  {
    name: 'what_left_is_explained',
    meaning: 'what left the account and nobody owes is what nobody has matched yet, and the operator’s own costs',
    sql: `SELECT currency, SUM(booked) AS books, SUM(explained) AS explained FROM (
        SELECT currency, booked, 0 AS explained FROM (${postedByOwner('settlement_receivable')}) books
        UNION ALL SELECT currency, 0, amount_minor - paid_minor FROM settlement_obligation WHERE kind = 'give_back' AND state IN ('open','overdue')
        UNION ALL SELECT currency, 0, amount_minor FROM statement_entry WHERE direction = 'debit'
          AND (state IN ('booked','unclear','proposed') OR (state = 'matched' AND proposal = 'own'))
      ) sides GROUP BY currency HAVING books <> explained`,
  },
  {
    name: 'matches_are_movements',
    meaning: 'what is matched of a movement is what it paid',
    sql: `SELECT HEX(e.id) AS entry, e.matched_minor AS matched, COALESCE(SUM(m.amount_minor), 0) AS paid FROM statement_entry e
      JOIN settlement_match m ON m.entry_id = e.id AND m.undone_at IS NULL WHERE e.state <> 'reversed'
      GROUP BY e.id, e.matched_minor HAVING matched <> paid`,
  },
  {
    name: 'states_agree',
    meaning: 'a receivable has a live certificate as long as something of it is to come',
    sql: `SELECT HEX(r.id) AS receivable, r.state FROM receivable r
      WHERE (r.state IN ('settled','paid_early') AND EXISTS (SELECT 1 FROM certificate c WHERE c.receivable_id = r.id AND c.status IN ${live}))
        OR (r.state IN ('confirmed','listed','assigned','due','overdue','defaulted')
          AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.receivable_id = r.id AND c.status IN ${live}))`,
  },
];

export interface ReceivablesVerdict {
  readonly ok: boolean;
  readonly checked: readonly string[];
  /** The first invariant that does not hold, and where. */
  readonly broken: {
    readonly name: string;
    readonly meaning: string;
    readonly where: readonly Record<string, unknown>[];
  } | null;
}

/** Adds everything up again and says which invariant is the first that does not hold. */
export async function checkReceivables(tx: Transaction): Promise<ReceivablesVerdict> {
  const checked: string[] = [];
  for (const { name, meaning, sql } of receivableInvariants) {
    checked.push(name);
    const where = await tx.rows<Record<string, unknown>>(`SELECT * FROM (${sql}) broken LIMIT 5`);
    if (where.length > 0) return { ok: false, checked, broken: { name, meaning, where } };
  }
  return { ok: true, checked, broken: null };
}

/** How many certificates stand in each state, and for how much. */
export async function receivableFigures(tx: Transaction): Promise<readonly Record<string, unknown>[]> {
  const rows = await tx.rows<{ status: string; currency: string; n: string; face: string }>(
    'SELECT status, currency, COUNT(*) AS n, SUM(amount_minor - paid_minor) AS face FROM certificate GROUP BY status, currency ORDER BY currency, status',
  );
  return rows.map(({ status, currency, n, face }) => ({
    status,
    currency,
    certificates: Number(n),
    outstanding: printAmount({ minor: BigInt(face), currency }),
  }));
}
