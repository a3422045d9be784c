import { visit } from '../client.mjs';
import { minor, sum } from '../figures.mjs';
import { amount, chapter, check, checkEqual, table, tell } from '../teller.mjs';

const print = (value) =>
  amount({ amount: `${value / 100n}.${String(value % 100n).padStart(2, '0')}`, currency: 'SAR' });

/** A public fund stands behind part of a loan: its capital, its headroom, its fees and its claims, each computed again. */
export async function theGuarantee(market) {
  chapter('9. A public fund stands behind part of the loan');
  const fund = await market.as('maker@guarantee-fund.example');
  const { items: schemes } = await fund.get('/v1/public/guarantee-schemes?limit=50');
  const scheme = schemes.find(({ code }) => code === 'NGG');
  const governance = await fund.get(`/v1/guarantee-schemes/${scheme.id}/governance`);
  theCapital(governance);
  const guarantees = await everyGuarantee(fund);
  const capacity = await fund.get(`/v1/guarantee-schemes/${scheme.id}/capacity`);
  theHeadroom(capacity, guarantees);
  await theFee(fund, guarantees);
  await theClaims(fund);
  await whoMayNot(market, fund, scheme);
}

function theCapital({ contributions }) {
  table([
    ['source', 'class', 'paid in'],
    ...contributions.map(({ sourceName, sourceClass, paid }) => [sourceName, sourceClass, amount(paid)]),
  ]);
  const of = (name) =>
    sum(contributions.filter(({ sourceClass }) => sourceClass === name).map(({ paid }) => minor(paid)));
  const [institutions, government] = [of('institution'), of('government')];
  check(
    `${contributions.length} sources have paid in ${print(institutions + government)}, institutions to government as 4 to 6.`,
    contributions.length === 5 && institutions * 6n === government * 4n,
    `${institutions} : ${government}`,
  );
}

async function everyGuarantee(fund) {
  const all = [];
  for (let cursor = ''; ;) {
    const { items, nextCursor } = await fund.get(`/v1/guarantees?limit=50${cursor}`);
    all.push(...items);
    if (nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
  const states = Map.groupBy ? Map.groupBy(all, ({ state }) => state) : grouped(all);
  tell(
    `It has ${all.length} guarantees: ${[...states].map(([state, { length }]) => `${length} ${state.replace('_', ' ')}`).join(', ')}.`,
  );
  check(
    'They are in every state: offered, issued, in force, claimed, released, lapsed.',
    all.length >= 60 &&
      ['offered', 'issued', 'in_force', 'claimed', 'released', 'lapsed'].every((state) => states.has(state)),
  );
  const awarded = all.filter(({ offerId, state }) => offerId !== null && state !== 'offered');
  check(
    `${awarded.length} of them came from offers with a guarantee that firms accepted on the market; the others from loans outside it.`,
    awarded.length >= 12,
  );
  return all;
}

function grouped(all) {
  const groups = new Map();
  for (const each of all) groups.set(each.state, [...(groups.get(each.state) ?? []), each]);
  return groups;
}

/** Headroom by hand: capital times leverage, less what every guarantee and every letter of intent takes. */
function theHeadroom(capacity, guarantees) {
  const bound = sum(
    guarantees
      .filter(({ state }) => ['issued', 'in_force', 'claimed'].includes(state))
      .map(({ balance }) => minor(balance)),
  );
  const reserved = new Map();
  for (const { state, requestId, id, guaranteed } of guarantees.filter(({ state }) => state === 'offered')) {
    const key = requestId ?? id;
    const held = reserved.get(key) ?? 0n;
    if (state === 'offered' && minor(guaranteed) > held) reserved.set(key, minor(guaranteed));
  }
  const granted = (minor(capacity.base) * BigInt(capacity.leverageHundredths)) / 100n;
  const headroom = granted - bound - sum([...reserved.values()]);
  checkEqual(
    `Headroom is ${print(headroom)}: ${amount(capacity.base)} × ${capacity.leverageHundredths / 100}, less ${print(bound)} in guarantees and ${print(sum([...reserved.values()]))} in letters.`,
    minor(capacity.headroom),
    headroom,
  );
}

/** The filed table charges a firm without a grade 1.35 % a year of what is guaranteed. */
async function theFee(fund, guarantees) {
  const some = guarantees.filter(({ state }) => state === 'in_force').slice(0, 5);
  const wrong = [];
  for (const { id, guaranteed, grade } of some) {
    const { fees } = await fund.get(`/v1/guarantees/${id}`);
    const expected = BigInt(Math.round((Number(minor(guaranteed)) * 135) / 10_000));
    if (grade === null && minor(fees[0].charged) !== expected)
      wrong.push(`${minor(fees[0].charged)} instead of ${expected}`);
  }
  check(
    'First fees are the published table’s to the halala: 1.35 % of what is guaranteed.',
    wrong.length === 0,
    wrong.join('; '),
  );
}

async function theClaims(fund) {
  const { items } = await fund.get('/v1/guarantee-claims?limit=50');
  const claims = await Promise.all(items.map(({ id }) => fund.get(`/v1/guarantee-claims/${id}`)));
  const paid = claims.find(({ state }) => state === 'recovering' || state === 'paid');
  const share = (kind) => sum(paid.shares.filter((each) => each.kind === kind).map(({ borne }) => minor(borne)));
  const loss = minor(paid.paid);
  const layers = ['scheme', 'fund', 'region'].map(share);
  check(
    `Claim ${paid.number} was paid with ${amount(paid.paid)}; fund, re-guarantor and region bear ${layers.map(print).join(', ')}: to the halala the whole.`,
    sum(layers) === loss && layers[1] === (loss * 40n + 50n) / 100n && layers[2] === (loss * 20n + 50n) / 100n,
    layers.join(' + '),
  );
  const recovered = paid.recoveries.filter(({ status }) => status === 'confirmed');
  const shared = sum(recovered.flatMap(({ shares }) => (shares ?? []).map(minor)));
  checkEqual(
    `${amount(recovered[0].net)} came back and was shared by the loss borne, nothing lost to rounding.`,
    shared,
    sum(recovered.map(({ net }) => minor(net))),
  );
  const appealed = claims.find(({ state }) => state === 'partial');
  check(
    `Claim ${appealed.number} was denied; on appeal others than before approved ${amount(appealed.approved)}, citing ${appealed.citedClauses.join(', ')}.`,
    minor(appealed.approved) === minor(appealed.computed) - 2_000_000n && appealed.citedClauses.includes('S3'),
  );
}

async function whoMayNot(market, fund, scheme) {
  const { items } = await fund.get('/v1/guarantee-applications?limit=1');
  const path = `/v1/guarantee-applications/${items[0].id}/decision`;
  const decision = { outcome: 'approve', clauses: [], reason: 'not theirs' };
  const operator = await (await market.as('lead@authority.example')).refusal('POST', path, decision);
  checkEqual('The operator of the marketplace cannot approve a guarantee.', operator?.status, 403);
  const supervisor = await market.as('reader@supervisor.example');
  const changed = await supervisor.refusal('POST', `/v1/guarantee-schemes/${scheme.id}/status`, {
    action: 'suspend',
    reason: 'not theirs',
  });
  checkEqual('The supervisor reads every guarantee and changes nothing.', changed?.status, 403);
  const { texts } = await visit('GET', `/v1/public/guarantee-schemes/${scheme.code}/consent-text`);
  tell(`What a firm agrees to is public, in ${texts.length} languages.`);
}
