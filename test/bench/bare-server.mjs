// size: every statement that the api is measured against, in one server.
// What the machine can do at best: node:http and mysql2 with the same statements, the same durability and the same number of
// connections as the api, and nothing else: no checks, no figures, no permissions. JSON goes in and out as the api's does.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createPool } from 'mysql2/promise';

const pool = createPool({
  uri: process.env.DATABASE_URL,
  connectionLimit: Number(process.env.DATABASE_POOL ?? 16),
  timezone: 'Z',
  supportBigNumbers: true,
  bigNumberStrings: true,
  enableKeepAlive: true,
});
pool.pool.on('connection', (connection) => {
  connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  connection.query("SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 5");
});

const bytes = (id) => Buffer.from(id.replaceAll('-', ''), 'hex');
const text = (id) => id.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.*)/, '$1-$2-$3-$4-$5');
const newBytes = () => bytes(randomUUID());
const sha256 = (value) => createHash('sha256').update(value).digest();

export const sessionSql = `SELECT s.id AS session_id, s.person_id, s.organisation_id, o.kind, o.suspended, m.roles, m.approval_limit_minor, p.locale,
    COALESCE(s.stepped_up_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND, 0) AS stepped_up,
    EXISTS (SELECT 1 FROM delegation d WHERE d.delegate_id = s.person_id AND d.organisation_id = s.organisation_id AND d.revoked_at IS NULL) AS delegated
  FROM session s JOIN person p ON p.id = s.person_id
  JOIN membership m ON m.person_id = s.person_id AND m.organisation_id = s.organisation_id AND m.ended_at IS NULL
  JOIN organisation o ON o.id = s.organisation_id
  WHERE s.token_hash = ? AND s.revoked_at IS NULL AND s.expires_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND`;

const tokenOf = (request) => /sanad_session=([^;]+)/.exec(request.headers.cookie)[1];

async function session(request) {
  const [[row]] = await pool.query(sessionSql, [-600, sha256(tokenOf(request)), 0]);
  return row;
}

const changeSql = 'SELECT sequence, request_id FROM market_change WHERE sequence > ? ORDER BY sequence LIMIT ?';

/** One answer for all who ask while another is on its way, as the api gathers what many ask at once. */
function gathered(read, atOnce) {
  let [waiting, running] = [[], 0];
  const run = async () => {
    if (waiting.length === 0 || running >= atOnce) return;
    const taken = waiting;
    waiting = [];
    running += 1;
    try {
      const answer = await read(taken.map(({ key }) => key));
      for (const { key, resolve } of taken) resolve(answer(key));
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
    running -= 1;
    void run();
  };
  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      setImmediate(run);
    });
}

const gatheredSession = gathered(async (tokens) => {
  const some = [...new Set(tokens)];
  const sql = sessionSql
    .replace('SELECT', 'SELECT s.token_hash,')
    .replace('s.token_hash = ?', `s.token_hash IN (${some.map(() => '?').join(',')})`);
  const [rows] = await pool.query(sql, [-600, ...some.map(sha256), 0]);
  const byHash = new Map(rows.map((row) => [row.token_hash.toString('hex'), row]));
  return (token) => byHash.get(sha256(token).toString('hex'));
}, 2);
const gatheredChanges = gathered(async () => {
  await pool.query(changeSql, ['0', 500]);
  return () => undefined;
}, 1);

const briefColumns = `r.id, r.product_kind, r.currency, r.amount_minor, r.awarded_minor, r.tenor_months, r.anonymous_text, r.shariah_only, r.collateral, r.mode, r.sector, r.region,
  r.size_class, r.age_band, r.grade, r.women_led, r.rural, r.revenue_band, r.staff_band, r.opened_at, r.closes_at, m.score, m.score_parts, m.state AS match_state, m.answer_due`;

async function pageOf(caller, ids) {
  if (ids.length === 0) return { items: [] };
  const [rows] = await pool.query(
    `SELECT ${briefColumns} FROM request_match m JOIN funding_request r ON r.id = m.request_id
     WHERE m.request_id IN (${ids.map(() => '?').join(',')}) AND m.financier_id = ? AND m.listed = 1 AND r.closes_at > UTC_TIMESTAMP(6) + INTERVAL ? SECOND`,
    [...ids.map(bytes), caller.organisation_id, 0],
  );
  // One more than is shown tells that there is a next page, as the api's statement does.
  return { items: rows.slice(0, 20).map((row) => ({ ...row, id: text(row.id) })) };
}

const routes = {
  /** A page of the list: what changed, and the rows by keys that were found before. */
  async list(request, _url, body) {
    const caller = await session(request);
    await pool.query(changeSql, ['0', 500]);
    return pageOf(caller, body.ids);
  },

  /** The same with what many ask at once asked once, as the api does it. */
  async 'gathered-list'(request, _url, body) {
    const caller = await gatheredSession(tokenOf(request));
    await gatheredChanges();
    return pageOf(caller, body.ids);
  },

  /** The same page by the statement that one would write first. */
  async plain(request, _url, body) {
    const caller = await session(request);
    const [rows] = await pool.query(
      `SELECT ${briefColumns} FROM request_match m JOIN funding_request r ON r.id = m.request_id
       WHERE m.financier_id = ? AND m.listed = 1 AND r.state = 'open' AND r.closes_at > UTC_TIMESTAMP(6)${body.where} ORDER BY ${body.order} LIMIT ?`,
      [caller.organisation_id, body.limit],
    );
    return { items: rows.map((row) => ({ ...row, id: text(row.id) })) };
  },

  async brief(request, url) {
    const caller = await session(request);
    const [[row]] = await pool.query(
      `SELECT ${briefColumns}, r.state, r.enterprise_id, d.disclosed_at
       FROM request_match m JOIN funding_request r ON r.id = m.request_id
       LEFT JOIN disclosure d ON d.request_id = r.id AND d.financier_id = m.financier_id
       WHERE m.financier_id = ? AND m.request_id = ? AND m.state <> 'waiting'`,
      [caller.organisation_id, bytes(url.searchParams.get('id'))],
    );
    return { ...row, id: text(row.id) };
  },

  async own(request, url) {
    const caller = await session(request);
    const [[row]] = await pool.query(
      `SELECT id, version, state, product_kind, currency, amount_minor, awarded_minor, tenor_months, purpose, anonymous_text, shariah_only, collateral, mode,
              created_at, submitted_at, opened_at, closes_at, decide_by
       FROM funding_request WHERE id = ? AND enterprise_id = ?`,
      [bytes(url.searchParams.get('id')), caller.organisation_id],
    );
    return { ...row, id: text(row.id) };
  },

  async offer(request, url, body) {
    const caller = await session(request);
    const connection = await pool.getConnection();
    try {
      const answer = await placeOffer(connection, caller, url.searchParams.get('request'), body, request.headers);
      connection.release();
      return answer;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  },
};

/** The statements of placing an offer, in the api's order. */
async function placeOffer(connection, caller, requestText, body, headers) {
  const requestId = bytes(requestText);
  const key = headers['idempotency-key'];
  const trace = randomUUID();
  const maker = text(caller.person_id);
  const offerId = newBytes();
  const query = (sql, parameters) => connection.query(sql, parameters);
  await query('START TRANSACTION');
  await query(
    'INSERT INTO idempotency_key (client_id, idempotency_key, route, input_hash, created_at) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6))',
    [caller.person_id, key, 'POST /v1/market/requests/:requestId/offers', sha256(JSON.stringify(body))],
  );
  const [[found]] = await query(
    `SELECT r.state, r.mode, r.currency, r.amount_minor, r.awarded_minor, r.tenor_months, r.shariah_only, r.closes_at, r.decide_by, r.extensions, m.mandate_id, d.disclosed_at,
            i.id AS indicative_id, i.binding_due
     FROM funding_request r
     JOIN request_match m ON m.request_id = r.id AND m.financier_id = ? AND m.state <> 'waiting'
     LEFT JOIN disclosure d ON d.request_id = r.id AND d.financier_id = m.financier_id
     LEFT JOIN offer i ON i.request_id = r.id AND i.financier_id = m.financier_id AND i.binding = 0 AND i.state = 'live'
     WHERE r.id = ? FOR UPDATE`,
    [caller.organisation_id, requestId],
  );
  const [[{ now }]] = await query('SELECT UTC_TIMESTAMP(6) AS now');
  await query(
    'INSERT INTO offer (id,request_id,financier_id,mandate_id,state,binding,automatic,currency,amount_minor,tenor_months,terms,apr,total_cost_minor,received_minor,maker_id,checker_id,placed_at,expires_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)',
    [
      offerId,
      requestId,
      caller.organisation_id,
      found.mandate_id,
      'live',
      true,
      false,
      'SAR',
      '5000000',
      body.tenorMonths,
      JSON.stringify(body.terms),
      '9.380690',
      '480000',
      '5000000',
      maker,
      null,
      now,
      new Date(body.expiresAt),
    ],
  );
  await query(
    `UPDATE request_match SET state = 'offered', answered_at = COALESCE(answered_at, ?)
     WHERE request_id = ? AND financier_id = ? AND state IN ('invited','silent')`,
    [now, requestId, caller.organisation_id],
  );
  await query(
    'INSERT INTO timer (kind, subject_id, due_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE due_at = VALUES(due_at), armed = 0',
    ['offer.expire', offerId, new Date(body.expiresAt)],
  );
  await query(
    'INSERT INTO market_history (id,subject_type,subject_id,request_id,at,actor_kind,actor_id,organisation_id,action,from_state,to_state,reason) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)',
    [
      newBytes(),
      'offer',
      offerId,
      requestId,
      now,
      'person',
      maker,
      caller.organisation_id,
      'place',
      null,
      'live',
      null,
    ],
  );
  const data = '{"to":"live"}';
  await query(
    'INSERT INTO audit_entry (id,at,actor_kind,actor_id,organisation_id,action,subject_type,subject_id,data,trace_id,hash) VALUES (?,?,?,?,?,?,?,?,?,?,?)',
    [
      newBytes(),
      now,
      'person',
      maker,
      caller.organisation_id,
      'offer.place',
      'offer',
      offerId,
      data,
      trace,
      sha256(data),
    ],
  );
  await query(
    'INSERT INTO outbox_event (id,name,subject_type,subject_id,version,audience,payload,trace_id,occurred_at) VALUES (?,?,?,?,?,?,?,?,?)',
    [
      newBytes(),
      'offer.placed',
      'offer',
      offerId,
      1,
      JSON.stringify([text(caller.organisation_id)]),
      JSON.stringify({
        state: 'live',
        requestId: requestText,
        financierId: text(caller.organisation_id),
        binding: true,
      }),
      trace,
      now,
    ],
  );
  const answer = { id: text(offerId), version: 1, state: 'live', apr: '9.380690', closesAt: found.closes_at };
  await query('UPDATE idempotency_key SET answer = ? WHERE client_id = ? AND idempotency_key = ?', [
    JSON.stringify(answer),
    caller.person_id,
    key,
  ]);
  await query('COMMIT');
  return answer;
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const answer = (status, body) => {
      const json = JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
      response.end(json);
    };
    try {
      const url = new URL(request.url, 'http://127.0.0.1');
      const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
      const result = await routes[url.pathname.slice(1)](request, url, body);
      answer(url.pathname === '/offer' ? 201 : 200, result);
    } catch (error) {
      answer(500, { error: String(error) });
    }
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send('listening'));
