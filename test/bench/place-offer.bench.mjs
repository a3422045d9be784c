// Placing an offer at 32 connections, beside the bare server with the same statements, in turns on one machine (issue 2).
import { randomUUID } from 'node:crypto';
import { idOf, kinds, people, sessionOf, withMarket } from './bench-market.mjs';
import { report, rounded } from './figures.mjs';
import { interleave, request, told } from './load.mjs';
import { makeMatches, makeRequests } from './request-data.mjs';

const financiers = 100;
const prepared = 60_000;

const expiresAt = new Date(Date.now() + 90 * 86_400_000).toISOString();
const body = {
  binding: true,
  amount: { amount: '50000.00', currency: 'SAR' },
  tenorMonths: 24,
  expiresAt,
  terms: {
    contract: 'conventional',
    price: { kind: 'fixed', annualRate: '9' },
    interest: 'declining',
    amortization: 'equal_instalments',
    everyMonths: 1,
    graceInstalments: 0,
    fees: [{ name: 'arrangement', when: 'upfront', percent: '1', compulsory: true }],
    collateral: ['equipment'],
    conditions: [{ text: 'insurance of the equipment', closed: true }],
    customerChecks: ['commercial registration', 'beneficial owners'],
    recourse: true,
    earlySettlementPercent: '1',
    lateChargePercent: '0',
  },
};

await withMarket(async ({ sql, api, bare }) => {
  await people(sql, {
    kind: kinds.financier,
    organisationKind: 'financier',
    role: 'maker',
    count: financiers,
    firstSession: 0,
  });
  await makeRequests(sql, { to: prepared, amounts: '5000000' });
  await sql("UPDATE funding_request SET currency = 'SAR', shariah_only = 0, product_kind = 'term_loan'");
  await makeMatches(sql, { to: prepared, financier: `MOD(n, ${financiers})`, disclosed: true });
  const [ours, plain] = [await api(), await bare('bare-server.mjs')];
  // Both take the same prepared requests from one end and the other.
  let [low, high] = [0, prepared - 1];
  const offer = (n, path) =>
    n < 0 || n >= prepared || low > high
      ? undefined
      : request('POST', path(idOf(kinds.request, n)), { ...sessionOf(n % financiers), key: randomUUID(), body });
  const results = await interleave(
    {
      bare: { ...plain, expect: 201, next: () => offer(low++, (id) => `/offer?request=${id}`) },
      sanad: { ...ours, expect: 201, next: () => offer(high--, (id) => `/v1/market/requests/${id}/offers`) },
    },
    { rounds: 12, seconds: 1.2, connections: 32 },
  );
  const [lost] = await sql(
    `SELECT (SELECT COUNT(*) FROM offer) AS offers, (SELECT COUNT(*) FROM audit_entry) AS audits, (SELECT COUNT(*) FROM outbox_event) AS events,
            (SELECT COUNT(*) FROM idempotency_key WHERE answer IS NOT NULL) AS answers`,
  );
  if (new Set(Object.values(lost).map(String)).size !== 1) throw new Error(`effects differ: ${JSON.stringify(lost)}`);
  console.log(`bare: ${told(results.bare)}`);
  console.log(`sanad: ${told(results.sanad)}`);
  const ratio = results.sanad.rate / results.bare.rate;
  const slower = results.sanad.p99 / results.bare.p99;
  report(
    'place an offer, requests a second of the bare limit',
    rounded(ratio),
    '×',
    '≥ 0.5, wanted 0.77',
    ratio >= 0.5,
  );
  report('place an offer, p99 of the bare limit’s', rounded(slower), '×', '≤ 2', slower <= 2);
  report('place an offer', Math.round(results.sanad.rate), 'a second');
  report('api after it, resident', ours.memoryMegabytes(), 'MB', '≤ 250', (ours.memoryMegabytes() ?? 0) <= 250);
});
