import { idBytes } from '#platform';
import type { RunningMarket } from './running-market.js';
import { until } from './until.js';

/** What must hold of the whole database after whatever happened. Each check gives the offending rows: none may be left. */
const laws: Readonly<Record<string, string>> = {
  'each offer has exactly one place in its history': `
    SELECT HEX(o.id) AS id, COUNT(h.id) AS n FROM offer o
    LEFT JOIN market_history h ON h.subject_id = o.id AND h.action = 'place' GROUP BY o.id HAVING n <> 1`,
  'each offer has exactly one offer.placed event': `
    SELECT HEX(o.id) AS id, COUNT(e.id) AS n FROM offer o
    LEFT JOIN outbox_event e ON e.subject_id = o.id AND e.name = 'offer.placed' GROUP BY o.id HAVING n <> 1`,
  'each offer has exactly one audit entry of its placing': `
    SELECT HEX(o.id) AS id, COUNT(a.id) AS n FROM offer o
    LEFT JOIN audit_entry a ON a.subject_id = o.id AND a.action = 'offer.place' GROUP BY o.id HAVING n <> 1`,
  'each award has one making in history, events and audit': `
    SELECT HEX(w.id) AS id FROM award w
    WHERE (SELECT COUNT(*) FROM market_history h WHERE h.subject_id = w.id AND h.action = 'make') <> 1
       OR (SELECT COUNT(*) FROM outbox_event e WHERE e.subject_id = w.id AND e.name = 'award.made') <> 1
       OR (SELECT COUNT(*) FROM audit_entry a WHERE a.subject_id = w.id AND a.action = 'award.make') <> 1`,
  'the last step of a history is the state of its subject': `
    SELECT s.kind, HEX(s.id) AS id, s.state, h.to_state FROM (
      SELECT 'funding_request' AS kind, id, state FROM funding_request
      UNION ALL SELECT 'offer', id, state FROM offer
      UNION ALL SELECT 'award', id, state FROM award) s
    JOIN market_history h ON h.subject_id = s.id
     AND h.id = (SELECT m.id FROM market_history m WHERE m.subject_id = s.id ORDER BY m.at DESC, m.id DESC LIMIT 1)
    WHERE h.to_state <> s.state`,
  'each step of a history begins where the one before ended': `
    SELECT HEX(subject_id) AS id, action, from_state, before_state FROM (
      SELECT subject_id, action, from_state, LAG(to_state) OVER (PARTITION BY subject_id ORDER BY at, id) AS before_state
      FROM market_history) steps
    WHERE NOT (from_state <=> before_state)`,
  'what a request has awarded is the sum of its standing awards': `
    SELECT HEX(r.id) AS id, r.awarded_minor, COALESCE(SUM(w.amount_minor), 0) AS awards FROM funding_request r
    LEFT JOIN award w ON w.request_id = r.id AND w.state <> 'lapsed' GROUP BY r.id, r.awarded_minor HAVING awards <> r.awarded_minor`,
  'each standing award has one reservation of its amount, and nothing else is reserved': `
    SELECT o.id, w.state, x.status FROM (SELECT LOWER(CONCAT(SUBSTR(HEX(offer_id),1,8),'-',SUBSTR(HEX(offer_id),9,4),'-',SUBSTR(HEX(offer_id),13,4),'-',
        SUBSTR(HEX(offer_id),17,4),'-',SUBSTR(HEX(offer_id),21))) AS id, state, amount_minor FROM award) w
    JOIN (SELECT reference AS id FROM exposure_reservation) o ON o.id = w.id
    JOIN exposure_reservation x ON x.reference = w.id
    WHERE x.amount_minor <> w.amount_minor OR (x.status = 'released') <> (w.state = 'lapsed')`,
  'as many reservations as awards': `
    SELECT a.n AS awards, x.n AS reservations FROM (SELECT COUNT(*) AS n FROM award) a, (SELECT COUNT(*) AS n FROM exposure_reservation) x WHERE a.n <> x.n`,
  'each limit in use is the sum of its reservations': `
    SELECT HEX(m.mandate_id) AS mandate, m.used_minor, COALESCE(SUM(x.amount_minor), 0) AS reserved FROM mandate_exposure m
    LEFT JOIN exposure_reservation x ON x.mandate_id = m.mandate_id AND x.status <> 'released'
      AND (m.scope = 'month' OR x.status <> 'repaid')
      AND (m.scope <> 'month' OR x.month = m.scope_key)
      AND (m.scope <> 'enterprise' OR REPLACE(m.scope_key, '-', '') = LOWER(HEX(x.enterprise_id)))
    WHERE m.scope IN ('month', 'enterprise') GROUP BY m.mandate_id, m.scope, m.scope_key, m.used_minor HAVING reserved <> m.used_minor`,
  'each limit on an anchor in use is the sum of its reservations': `
    SELECT HEX(l.anchor_id) AS anchor, l.used_minor, COALESCE(SUM(x.amount_minor), 0) AS reserved FROM anchor_limit l
    LEFT JOIN exposure_reservation x ON x.financier_id = l.financier_id AND x.anchor_id = l.anchor_id AND x.currency = l.currency
      AND x.status IN ('reserved', 'converted') GROUP BY l.financier_id, l.anchor_id, l.currency, l.used_minor HAVING reserved <> l.used_minor`,
  'no limit is overdrawn':
    'SELECT * FROM mandate_exposure WHERE ceiling_minor IS NOT NULL AND used_minor > ceiling_minor',
  'every event was relayed and every delivery is done': `
    SELECT name, HEX(id) AS id FROM outbox_event e WHERE relayed = 0
       OR EXISTS (SELECT 1 FROM outbox_delivery d WHERE d.event_id = e.id AND d.done_at IS NULL)`,
  'every notice that was asked for reached its handler': `
    SELECT e.name, HEX(e.id) AS id FROM outbox_event e
    LEFT JOIN outbox_delivery d ON d.event_id = e.id AND d.handler = 'notices.on_notice_requested' WHERE e.name = 'notice.requested' AND d.event_id IS NULL`,
  'webhooks have work only where somebody subscribed': `
    SELECT HEX(d.event_id) AS id FROM outbox_delivery d WHERE d.handler = 'notices.webhooks'
      AND NOT EXISTS (SELECT 1 FROM webhook_delivery w WHERE w.event_id = d.event_id)`,
  'every event of a listened-to organisation was given to its endpoint once': `
    SELECT e.name, HEX(e.id) AS id, COUNT(d.id) AS n FROM webhook_endpoint w
    JOIN outbox_event e ON e.occurred_at > w.created_at AND e.audience LIKE CONCAT('%', LOWER(CONCAT(SUBSTR(HEX(w.organisation_id),1,8),'-',
        SUBSTR(HEX(w.organisation_id),9,4),'-',SUBSTR(HEX(w.organisation_id),13,4),'-',SUBSTR(HEX(w.organisation_id),17,4),'-',
        SUBSTR(HEX(w.organisation_id),21))), '%')
    LEFT JOIN webhook_delivery d ON d.endpoint_id = w.id AND d.event_id = e.id
    WHERE w.events = '["*"]' GROUP BY w.id, e.id, e.name HAVING n <> 1`,
  'an opened request with financiers has its matches, each once': `
    SELECT HEX(r.id) AS id FROM funding_request r WHERE r.opened_at IS NOT NULL AND r.state <> 'withdrawn'
      AND NOT EXISTS (SELECT 1 FROM request_match m WHERE m.request_id = r.id)`,
  'no timer is left that should have fired':
    'SELECT kind, due_at FROM timer WHERE due_at <= UTC_TIMESTAMP(6) - INTERVAL 1 DAY AND due_at <= ?',
  'every answered key holds its answer': 'SELECT idempotency_key FROM idempotency_key WHERE answer IS NULL',
};

/** Judges the whole database by every law, once the market is at rest, and has the audit chain verified. */
export async function judge(market: RunningMarket): Promise<void> {
  await market.settle();
  const broken: Record<string, unknown> = {};
  for (const [law, sql] of Object.entries(laws)) {
    const rows = await market.rows(sql, sql.includes('?') ? [new Date(Date.parse(market.instant()) - 5_000)] : []);
    if (rows.length > 0) broken[law] = rows.slice(0, 5);
  }
  if (Object.keys(broken).length > 0)
    throw new Error(`the database is not in order: ${JSON.stringify(broken, null, 1)}`);
  await until('the audit log sealed', async () => {
    const [row] = await market.rows('SELECT COUNT(*) AS n FROM audit_entry WHERE sealed = 0');
    return Number(row?.['n']) === 0;
  });
  // A clock may strike meanwhile: the chain holds at least what was there before, and at most what is there after.
  const entries = async () => Number((await market.rows('SELECT COUNT(*) AS n FROM audit_entry'))[0]?.['n']);
  const before = await entries();
  const { code, output } = await market.verifyAudit();
  const after = await entries();
  const told = Number(/"ok":true,"entries":(\d+)/.exec(output)?.[1]);
  if (code !== 0 || !(told >= before && told <= after))
    throw new Error(`the audit chain is broken (${code}): ${output}, not ${before} to ${after} entries`);
}

/** How many rows a request has in a table. */
export async function countOf(market: RunningMarket, table: 'offer' | 'award', requestId: string): Promise<number> {
  const [row] = await market.rows(`SELECT COUNT(*) AS n FROM ${table} WHERE request_id = ?`, [idBytes(requestId)]);
  return Number(row?.['n']);
}
