// Reading one request by id, as its enterprise and as an invited financier, beside the bare server (issue 2: at least 0.6 of it).
import { idOf, kinds, people, sessionOf, withMarket } from './bench-market.mjs';
import { report, rounded } from './figures.mjs';
import { interleave, request, told } from './load.mjs';
import { makeMatches, makeRequests } from './request-data.mjs';

const requests = 100_000;
const enterprises = 100;

await withMarket(async ({ sql, api, bare }) => {
  await people(sql, {
    kind: kinds.financier,
    organisationKind: 'financier',
    role: 'maker',
    count: 1,
    firstSession: enterprises,
  });
  await people(sql, {
    kind: kinds.enterprise,
    organisationKind: 'enterprise',
    role: 'signatory',
    count: enterprises,
    firstSession: 0,
  });
  await makeRequests(sql, { to: requests });
  await makeMatches(sql, { to: requests, financier: '0' });
  const [ours, plain] = [await api(), await bare('bare-server.mjs')];
  let n = 0;
  const next = () => (n = (n + 7919) % requests);
  const asOwner = (path) => () => {
    const at = next();
    return request('GET', path(idOf(kinds.request, at)), { cookie: sessionOf(at % enterprises).cookie });
  };
  const asFinancier = (path) => () =>
    request('GET', path(idOf(kinds.request, next())), { cookie: sessionOf(enterprises).cookie });
  const results = await interleave(
    {
      'bare own': { ...plain, next: asOwner((id) => `/own?id=${id}`) },
      'sanad own': { ...ours, next: asOwner((id) => `/v1/requests/${id}`) },
      'bare brief': { ...plain, next: asFinancier((id) => `/brief?id=${id}`) },
      'sanad brief': { ...ours, next: asFinancier((id) => `/v1/market/requests/${id}`) },
    },
    { rounds: 8, seconds: 0.8, connections: 32 },
  );
  for (const [name, result] of Object.entries(results)) console.log(`${name}: ${told(result)}`);
  for (const what of ['own', 'brief']) {
    const ratio = results[`sanad ${what}`].rate / results[`bare ${what}`].rate;
    report(`read one request (${what}), of the bare limit`, rounded(ratio), '×', '≥ 0.6', ratio >= 0.6);
  }
});
