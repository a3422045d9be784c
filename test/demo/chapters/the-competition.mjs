import { until } from '../client.mjs';
import { faultsOf, ranked } from '../figures.mjs';
import { amount, chapter, check, checkEqual, riyadh, table, tell } from '../teller.mjs';

/** Offers compete: automatic ones at list price, then binding ones that know the firm. */
export async function theCompetition(market, firm, request) {
  chapter('5. Institutions compete');
  const { owner } = firm;
  const compare = () => owner.get(`/v1/requests/${request.id}/comparison`);
  const first = await until(
    'the automatic offers',
    compare,
    ({ items }) => items.filter(({ automatic }) => automatic).length >= 8,
  );
  const automatic = first.items.filter(({ automatic }) => automatic);
  tell(
    `Within moments ${automatic.length} institutions offered by rules that two of their people had approved. None of these binds anybody yet.`,
  );
  checkComparison('Every schedule, total cost and annual rate was computed again and is right.', first, request);

  const bank = await bindingOffer(market, firm, request);
  const fund = await market.deskOf(idOf(market, 'Sanabil SME Fund'), 'maker');
  await owner.post(`/v1/requests/${request.id}/disclosures`, { financierId: idOf(market, 'Sanabil SME Fund') });
  const placed = await fund.post(`/v1/market/requests/${request.id}/offers`, offer(request, '5.00'));
  await (await market.deskOf(idOf(market, 'Sanabil SME Fund'), 'checker')).post(`/v1/offers/${placed.id}/approve`);
  tell('Sanabil SME Fund binds itself too, at 5.00 %.');
  await revise(bank, request);

  const last = await compare();
  tell('The comparison, as Hanan sees it (total cost first, then the rate with every fee):');
  table([
    ['', 'institution', 'total cost', 'APR', 'a month', 'settled early', ''],
    ...last.items
      .slice(0, 6)
      .map((item) => [
        `${item.rank}.`,
        item.financier.name,
        amount(item.totalCost),
        `${Number(item.apr).toFixed(2)} %`,
        amount(item.cost.averageMonthlyPayment),
        amount(item.cost.early.totalCost),
        item.binding ? 'binding' : 'indicative',
      ]),
  ]);
  checkComparison('Computed again, all are right, and in the order of the published rule.', last, request);
  const best = last.items.find(({ binding }) => binding);
  const early = await owner.refusal('POST', `/v1/offers/${best.id}/accept`, {});
  checkEqual('Hanan cannot accept before the close, so that all compete to the end.', early?.code, 'bidding_open');
  const { closesAt } = await owner.get(`/v1/requests/${request.id}`);
  tell(
    `At ${riyadh(closesAt)} the competition closes, unless a binding offer takes the lead in the last ${market.rules.extensionMinutes} minutes: then everybody gets ${market.rules.extensionMinutes} more, ${market.rules.extensionsAtMost} times at most.`,
  );
}

const idOf = (market, name) => market.institutions.find((institution) => institution.name === name).id;

function offer(request, annualRate) {
  return {
    binding: true,
    ...request.asked,
    expiresAt: new Date(Date.now() + 60 * 86_400_000).toISOString(),
    terms: {
      contract: 'conventional',
      price: { kind: 'fixed', annualRate },
      interest: 'declining',
      amortization: 'equal_instalments',
      everyMonths: 1,
      graceInstalments: 0,
      fees: [{ name: 'arrangement', when: 'upfront', percent: '0.5', compulsory: true }],
      collateral: ['equipment'],
      conditions: [{ text: 'The kiln is insured', closed: true }],
      customerChecks: ['registration', 'beneficial owners', 'sanctions'],
      recourse: true,
      earlySettlementPercent: '1',
      lateChargePercent: '0',
    },
  };
}

/** Wadi Bank binds itself: it must know whom it lends to, and above its maker's limit a second person must agree. */
async function bindingOffer(market, firm, request) {
  const financierId = idOf(market, 'Wadi Bank');
  const maker = await market.deskOf(financierId, 'maker');
  const path = `/v1/market/requests/${request.id}/offers`;
  const blind = await maker.refusal('POST', path, offer(request, '7.00'));
  checkEqual('Wadi Bank wants to bind itself, but does not know to whom.', blind?.code, 'identity_not_disclosed');
  await firm.owner.post(`/v1/requests/${request.id}/disclosures`, { financierId });
  const brief = await maker.get(`/v1/market/requests/${request.id}`);
  checkEqual(
    `Hanan shows herself to this bank only; now it reads ${brief.enterprise?.name}.`,
    brief.enterprise?.name,
    firm.name,
  );
  const placed = await maker.post(path, offer(request, '7.00'));
  checkEqual('1,500,000 is above what the maker may bind alone, so the offer waits.', placed.state, 'pending_approval');
  const alone = await maker.refusal('POST', `/v1/offers/${placed.id}/approve`);
  check('The maker cannot approve it.', alone !== null && [403, 409].includes(alone.status), JSON.stringify(alone));
  const checker = await market.deskOf(financierId, 'checker');
  checkEqual(
    'The checker approves; the offer is in the competition.',
    (await checker.post(`/v1/offers/${placed.id}/approve`)).state,
    'live',
  );
  return { maker, checker, offerId: placed.id };
}

/** A revision may only be better for the firm, and only the own rank is shown. */
async function revise({ maker, checker, offerId }, request) {
  const before = await maker.get(`/v1/offers/${offerId}`);
  tell(`Wadi Bank sees its own rank, ${before.rank}, and nobody’s price.`);
  const change = async (rate) => {
    const { version, expiresAt } = await maker.get(`/v1/offers/${offerId}`);
    const { binding: _, ...body } = { ...offer(request, rate), expiresAt };
    return [body, { ifMatch: version }];
  };
  const worse = await maker.refusal('PUT', `/v1/offers/${offerId}`, ...(await change('7.50')));
  checkEqual('A dearer revision is refused.', worse?.code, 'offer_not_better');
  await maker.put(`/v1/offers/${offerId}`, ...(await change('4.60')));
  await checker.post(`/v1/offers/${offerId}/approve`);
  const after = await maker.get(`/v1/offers/${offerId}`);
  check(
    `At 4.60 % instead of 7.00 % the annual rate falls from ${before.apr} to ${after.apr} %, and the bank rises to rank ${after.rank}.`,
    after.rank < before.rank && Number(after.apr) < Number(before.apr),
  );
}

/** Every figure of a comparison, computed again; and the order. */
export function checkComparison(what, { items }, { asked }) {
  const faults = items.flatMap((item) => faultsOf(item).map((fault) => `${item.financier.name}: ${fault}`));
  const order = ranked(items, asked).map(({ id }) => id);
  if (order.join() !== items.map(({ id }) => id).join()) faults.push('the order is not that of the published rule');
  check(`${what} (${items.length} offers)`, faults.length === 0, faults.slice(0, 3).join('; '));
}
