import { randomBytes, randomUUID } from 'node:crypto';
import { schemeTemplates } from '#guarantee';
import { idBytes, newId } from '#platform';
import { type Desk, makeFinancier } from './house/parties.js';
import { RunningMarket } from './house/running-market.js';
import { until } from './house/until.js';

jest.setTimeout(300_000);

let market: RunningMarket;
let desk: Desk;
const schemeId = newId();
const guarantor = newId();
let applications: string[];

/** A scheme with capital for a hundred guarantees of 80,000, and 500 approved applications, each of a loan of its own. */
beforeAll(async () => {
  market = await RunningMarket.open({ ownServers: true });
  desk = await makeFinancier(market);
  await market.rows(
    `INSERT INTO organisation (id, kind, name, local_name, country, registration_number, contact_email, verified, created_at)
     VALUES (?, 'guarantor', 'Fund', 'Fund', 'SA', 'FUND', 'a@fund.example', 1, UTC_TIMESTAMP(6))`,
    [idBytes(guarantor)],
  );
  const terms = structuredClone(schemeTemplates().get('SA')?.terms) as { clauses: { kind: string }[] };
  terms.clauses = terms.clauses.filter(({ kind }) => kind !== 'cap');
  await market.rows(
    `INSERT INTO guarantee_scheme (id, guarantor_id, code, names, currency, status, current_version, version, created_at, updated_at)
     VALUES (?, ?, 'FUND', '{"en":"Fund","ar":"Fund","zh":"Fund"}', 'SAR', 'active', 1, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [idBytes(schemeId), idBytes(guarantor)],
  );
  await market.rows(
    "INSERT INTO scheme_version (scheme_id, number, id, status, terms, reason, proposed_by, proposed_at) VALUES (?, 1, ?, 'in_force', ?, '', 'test', UTC_TIMESTAMP(6))",
    [idBytes(schemeId), idBytes(newId()), JSON.stringify(terms)],
  );
  await market.rows(
    "INSERT INTO scheme_capacity (scheme_id, currency, base_minor, leverage_hundredths) VALUES (?, 'SAR', 160000000, 500)",
    [idBytes(schemeId)],
  );
  await market.rows(
    `INSERT INTO scheme_accreditation (id, scheme_id, lender_id, status, reason, proposed_by, version, created_at, updated_at)
     VALUES (?, ?, ?, 'accredited', '', 'test', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [idBytes(newId()), idBytes(schemeId), idBytes(desk.id)],
  );
  const enterprise = { sector: 'C', region: 'SA-01', grade: null };
  const fee = { inputs: {}, amount: '1080.00', currency: 'SAR', collection: 'annual' };
  applications = Array.from({ length: 500 }, newId);
  for (const id of applications)
    await market.rows(
      `INSERT INTO guarantee_application (id, scheme_id, scheme_version, lender_id, enterprise_id, currency, loan_minor, cover_percent,
         other_cover_percent, guaranteed_minor, product_kind, tenor_months, grace_months, repayment, retained_collateral, facts, fee, note,
         status, version, created_by, created_at, updated_at)
       VALUES (?, ?, 1, ?, ?, 'SAR', 10000000, 80, 0, 8000000, 'term_loan', 24, 0, 'instalments', 0, ?, ?, '', 'approved', 3, 'test', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [
        idBytes(id),
        idBytes(schemeId),
        idBytes(desk.id),
        randomBytes(16),
        JSON.stringify({ enterprise, lenderKind: 'bank' }),
        JSON.stringify(fee),
      ],
    );
});
afterAll(() => market.close());

const sum = async (sql: string): Promise<number> => Number((await market.rows(sql))[0]?.['n'] ?? 0);

/** What the hot row says, with what is not folded into it yet, and what the rows themselves say. */
async function capacity(): Promise<readonly [number, number]> {
  const used = await sum('SELECT used_minor AS n FROM scheme_capacity');
  const back = await sum("SELECT SUM(amount_minor) AS n FROM capacity_movement WHERE scope = 'total'");
  const reserved = await sum("SELECT SUM(amount_minor) AS n FROM guarantee_reservation WHERE status = 'live'");
  const bound = await sum(
    "SELECT SUM(balance_minor) AS n FROM guarantee WHERE state IN ('issued', 'in_force', 'claimed')",
  );
  return [used - back, reserved + bound];
}

/** Kills api, worker and database in turn until `work` is over. */
async function whileDying(work: Promise<unknown>, atMost = 30): Promise<number> {
  let over = false;
  const ended = work.finally(() => (over = true));
  ended.catch(() => undefined);
  let kills = 0;
  while (!over && kills < atMost) {
    const turn = kills++ % 3;
    if (turn === 0) {
      await market.apis[0]?.kill();
      await market.startApi();
    } else if (turn === 1) {
      await market.workers[0]?.kill();
      await market.startWorker();
    } else {
      await market.servers?.kill('MariaDB');
      await market.servers?.start('MariaDB');
      await until('the api ready again', async () => (await desk.maker.send('GET', '/health/ready')).status === 200);
    }
  }
  await ended;
  return kills;
}

describe('api, worker and database killed with -9 while 500 ask for a capacity for 100', () => {
  it('grant exactly 100, tell the rest why, keep the row true, and let no reservation outlive its time', async () => {
    const ask = (id: string) =>
      desk.maker.insist('POST', `/v1/guarantee-applications/${id}/letter`, undefined, { key: randomUUID() });
    const asking = Promise.all(applications.map(ask));
    expect(await whileDying(asking)).toBeGreaterThanOrEqual(1);
    const answers = await asking;
    const granted = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status !== 201);
    expect([granted.length, refused.length]).toEqual([100, 400]);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
      new Set(['409 scheme_headroom']),
    );
    expect(await capacity()).toEqual([800_000_000, 800_000_000]);
    expect(await sum("SELECT COUNT(*) AS n FROM guarantee WHERE state = 'offered'")).toBe(100);
    // Half of them become guarantees, whose fees go into the books, while everything dies again.
    const issuing = Promise.all(
      granted
        .slice(0, 50)
        .map(({ body }) =>
          desk.maker.insist('POST', `/v1/guarantees/${body.id}/issue`, undefined, { key: randomUUID() }),
        ),
    );
    await whileDying(issuing, 3);
    expect(new Set((await issuing).map(({ status }) => status))).toEqual(new Set([200]));
    expect(await sum('SELECT COUNT(*) AS n FROM guarantee_fee')).toBe(50);
    expect(await sum('SELECT SUM(amount) AS n FROM ledger_posting')).toBe(50 * 108_000);
    // The others' day passes: their headroom is free again.
    await market.moveClockTo(new Date(Date.parse(market.instant()) + 31 * 86_400_000).toISOString());
    await until(
      'the letters ended',
      async () => (await sum("SELECT COUNT(*) AS n FROM guarantee WHERE state = 'offered'")) === 0,
    );
    await until('the movements folded', async () => (await sum('SELECT COUNT(*) AS n FROM capacity_movement')) === 0);
    expect(await capacity()).toEqual([400_000_000, 400_000_000]);
    expect(await sum("SELECT COUNT(*) AS n FROM guarantee_reservation WHERE status = 'live'")).toBe(0);
  });
});
