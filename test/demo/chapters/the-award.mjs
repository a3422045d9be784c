import { minor } from '../figures.mjs';
import { amount, chapter, check, checkEqual, riyadh, tell } from '../teller.mjs';
import { checkComparison } from './the-competition.mjs';

/** From the accepted offer to the money, on a request whose competition is over. */
export async function theAward(market) {
  chapter('6. One offer is accepted, and the money arrives');
  const login = market.logins.find(({ totpSecret }) => totpSecret);
  const owner = await market.as(login.email);
  const request = await deciding(owner);
  if (!request) {
    const { items } = await owner.get('/v1/requests?limit=50');
    const past = items.some(({ state }) => state === 'disbursed');
    return check('The request that waited for its decision was decided in an earlier telling.', past);
  }
  tell(
    `A close takes days, so the story goes on at ${login.organisation}: its competition for ${amount(request.amount)} ended on ${riyadh(request.closesAt)}.`,
  );
  const comparison = await owner.get(`/v1/requests/${request.id}/comparison`);
  checkComparison('The comparison was computed again and is right.', comparison, { asked: request });
  const best = comparison.items.find(({ binding, state }) => binding && state === 'live');
  const second = comparison.items.find(({ id, binding }) => binding && id !== best.id);
  tell(
    `The best binding offer: ${best.financier.name}, ${amount(best.received)} paid out, ${amount(best.totalCost)} total cost, ${Number(best.apr).toFixed(2)} % a year.`,
  );
  const used = await usage(market, best);

  const bare = await owner.refusal('POST', `/v1/offers/${best.id}/accept`, {});
  check(
    'Without the second factor nothing binding can be done.',
    bare !== null && bare.status >= 400,
    JSON.stringify(bare),
  );
  await market.withSecondFactor(login.email);
  const indicative = comparison.items.find(({ binding }) => !binding);
  if (indicative) {
    const refused = await owner.refusal('POST', `/v1/offers/${indicative.id}/accept`, {});
    checkEqual('An indicative offer cannot be accepted.', refused?.code, 'offer_not_binding');
  }
  const accepted = await owner.post(`/v1/offers/${best.id}/accept`, {});
  checkEqual(
    `With the code of her phone the owner accepts; both sides sign until ${riyadh(accepted.agreeBy)}.`,
    accepted.agreeBy,
    market.time.due(Date.now(), market.rules.agreeWorkingDays),
  );
  if (second) {
    const late = await owner.refusal('POST', `/v1/offers/${second.id}/accept`, {});
    checkEqual('A second acceptance is refused.', late?.code, 'already_awarded');
  }
  const { items: awards } = await owner.get(`/v1/requests/${request.id}/awards`);
  checkEqual('There is exactly one award.', awards.length, 1);
  checkEqual(
    'The institution’s limit for this firm is used by exactly the amount of the offer.',
    (await usage(market, best)) - used,
    minor(best.amount),
  );
  await payOut(market, owner, request, best, awards[0]);
}

async function payOut(market, owner, request, best, award) {
  const maker = await market.deskOf(best.financier.id, 'maker');
  const checker = await market.deskOf(best.financier.id, 'checker');
  const before = await honour(market, best.financier.id, maker);
  await owner.post(`/v1/awards/${award.id}/enterprise-signature`);
  const agreed = await checker.post(`/v1/awards/${award.id}/financier-signature`);
  checkEqual('The firm signs, then the institution: the award is agreed.', agreed.state, 'agreed');
  await maker.post(`/v1/awards/${award.id}/disbursement`, {
    net: award.net,
    bankReference: `SARIE-${award.id.slice(-12)}`,
  });
  checkEqual(
    `The institution pays ${amount(award.net)}: the amount less the fee kept back.`,
    minor(award.net),
    minor(best.received),
  );
  checkEqual(
    'That is not yet believed: the award waits for the firm’s word.',
    await stateOf(owner, request.id),
    'agreed',
  );
  const paid = await owner.post(`/v1/awards/${award.id}/receipt`, { received: award.net });
  checkEqual('The owner finds the money on her account and says so.', paid.state, 'disbursed');
  checkEqual('The request is disbursed.', await stateOf(owner, request.id), 'disbursed');
  const after = await honour(market, best.financier.id, maker);
  check(
    `The honour rate of ${best.financier.name} counts it: ${after.honoured} of ${after.counted} promises kept.`,
    after.honoured === before.honoured + 1 &&
      after.counted === before.counted + 1 &&
      after.rate === after.honoured / after.counted,
  );
}

async function deciding(owner) {
  const { items } = await owner.get('/v1/requests?limit=50');
  const now = new Date().toISOString();
  // The firm sells receivables too; those have a chapter of their own.
  const isLoan = ({ productKind }) => !['invoice_discounting', 'receivables_pool'].includes(productKind);
  return items.find(
    (request) => request.state === 'open' && isLoan(request) && request.closesAt < now && now < request.decideBy,
  );
}

const stateOf = async (owner, requestId) => (await owner.get(`/v1/requests/${requestId}`)).state;

async function honour(market, financierId, person) {
  const { items } = await person.get('/v1/market/honour-rates');
  return items.find(({ financier }) => financier.id === financierId);
}

/** What the institution's mandates have promised and lent so far, in minor units. */
async function usage(market, { financier }) {
  const maker = await market.deskOf(financier.id, 'maker');
  const { items } = await maker.get('/v1/institution/mandates?limit=100');
  let total = 0n;
  for (const { id } of items) {
    const { enterprises } = await maker.get(`/v1/institution/mandates/${id}/exposure`);
    for (const line of enterprises) for (const part of Object.values(line)) if (part?.currency) total += minor(part);
  }
  return total;
}
