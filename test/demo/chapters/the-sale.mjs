import { bankSays, readPaymentFile } from '../bank.mjs';
import { until } from '../client.mjs';
import { minor } from '../figures.mjs';
import { amount, check, checkEqual, riyadh, tell } from '../teller.mjs';

const dayMs = 86_400_000;
export const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
/** Half up, of whole numbers above zero. */
export const rounded = (numerator, denominator) => (2n * numerator + denominator) / (2n * denominator);
const halalas = (value) => `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;

/** What a bid pays out on a day, by hand: each due day less its holdback and its discount, then the fees. */
export function netOf(bid, settlesOn) {
  const { parts, holdbackPercent } = bid.terms.discount;
  const rate = BigInt(Math.round(Number(bid.terms.price.annualRate) * 100));
  const held = (face) => rounded(face * BigInt(Math.round(Number(holdbackPercent) * 100)), 10_000n);
  const faces = parts.map(({ dueOn, amount: value }) => ({ dueOn, face: minor({ amount: value }) }));
  const paid = faces.reduce((total, { dueOn, face }) => {
    const bought = face - held(face);
    return total + bought - rounded(bought * rate * BigInt(days(settlesOn, dueOn)), 10_000n * 360n);
  }, 0n);
  const fees = bid.terms.fees.reduce(
    (total, fee) =>
      total +
      (fee.percent === undefined
        ? minor({ amount: fee.amount })
        : rounded(minor(bid.amount) * BigInt(Math.round(Number(fee.percent) * 10_000)), 1_000_000n)),
    0n,
  );
  return { net: paid - fees, holdback: faces.reduce((total, { face }) => total + held(face), 0n) };
}

/** Everybody of a role, with the second factor shown. */
export async function boundBy(market, role) {
  const login = market.logins.find((each) => each.role === role);
  return { ...login, hand: await market.withSecondFactor(login.email) };
}

/** A listing whose bidding is over: a bid is accepted, the money moves from bank to bank, and the supplier has it. */
export async function theSale(market) {
  const supplier = await boundBy(market, 'supplier');
  const owner = supplier.hand;
  const request = await undecided(owner);
  if (!request) {
    const { items } = await owner.get('/v1/requests?limit=100');
    const sold = items.some(({ productKind, state }) => productKind === 'invoice_discounting' && state === 'disbursed');
    return check('The listing that waited for its decision was sold in an earlier telling.', sold);
  }
  tell(
    `Bidding lasts eight opening hours, so the story goes on at ${supplier.organisation}: bids for its invoice of ${amount(request.amount)} ended on ${riyadh(request.closesAt)}.`,
  );
  const { items: bids } = await owner.get(`/v1/requests/${request.id}/comparison`);
  const wrong = bids.filter((bid) => {
    const { net, holdback } = netOf(bid, bid.terms.discount.settlesOn);
    return net !== minor(bid.received) || holdback !== minor(bid.cost.holdback);
  });
  const order = [...bids].sort((a, b) => Number(minor(b.received) - minor(a.received)));
  check(
    `${bids.length} bids, each computed again, ranked by what is paid out: ${bids.map((bid) => `${bid.financier.name} ${amount(bid.received)}${bid.cost.recourse ? ' with recourse' : ''}`).join(', ')}.`,
    bids.length >= 2 && wrong.length === 0 && order.every(({ id }, n) => id === bids[n].id),
    wrong.map(({ financier }) => financier.name).join(', '),
  );
  const buyer = await boundBy(market, 'supply chain financier');
  const bid = bids.find(({ financier }) => financier.name === buyer.organisation);
  await sold(market, { owner, buyer, request, bid, bids });
}

async function undecided(owner) {
  const { items } = await owner.get('/v1/requests?limit=100');
  const now = new Date().toISOString();
  return items.find(
    ({ state, productKind, closesAt, decideBy }) =>
      state === 'open' && productKind === 'invoice_discounting' && closesAt < now && now < decideBy,
  );
}

async function sold(market, { owner, buyer, request, bid, bids }) {
  const payOn = market.time.next(market.time.local(Date.now()).slice(0, 10));
  const accepted = await owner.post(`/v1/offers/${bid.id}/accept`, {});
  checkEqual(
    `She takes ${bid.financier.name}’s, without recourse: what the anchor does not pay is not hers to pay. Bid and acceptance are the contract.`,
    accepted.requestState,
    'agreed',
  );
  const late = await owner.refusal('POST', `/v1/offers/${bids.find(({ id }) => id !== bid.id).id}/accept`, {});
  checkEqual('A second acceptance is refused.', late?.code, 'already_awarded');
  const { net, holdback } = netOf(bid, payOn);
  const { items: obligations } = await buyer.hand.get('/v1/settlement/obligations?state=open&limit=200');
  const leg = obligations.find((each) => each.kind === 'first_leg' && minor(each.amount) === net);
  check(
    `The financier owes ${halalas(net)} SAR, due on ${payOn}, the next working day; ${halalas(holdback)} SAR are kept back until the anchor has paid.`,
    leg !== undefined && leg.dueOn === payOn && bid.cost.recourse === false,
    JSON.stringify(obligations.slice(0, 2)),
  );
  const file = await buyer.hand.post('/v1/settlement/payment-files', { until: payOn, currency: 'SAR' });
  const instruction = readPaymentFile(await buyer.hand.text(`/v1/settlement/payment-files/${file.fileId}`));
  const line = instruction.lines.find(({ reference }) => reference === leg.reference);
  check(
    `Its instruction to its bank is a pain.001 file of ${instruction.count} payment, under reference ${leg.reference}.`,
    line?.amount === halalas(net) && instruction.executeOn <= payOn && instruction.count === instruction.lines.length,
    JSON.stringify(instruction),
  );
  const desk = await boundBy(market, 'registry officer');
  const taken = await bankSays(desk.hand, line.account, [{ amount: line.amount, reference: line.reference }]);
  check(
    'The settlement bank’s statement (camt.053) shows the money; it is matched by its reference.',
    taken.matched === 1 && taken.unclear === 0,
    JSON.stringify(taken),
  );
  await until(
    'the paid award',
    () => owner.get(`/v1/requests/${request.id}`),
    ({ state }) => state === 'disbursed',
  );
  await paidOut(desk.hand, owner, { net, account: line.account, reference: leg.reference });
  await notice(market, request, owner);
}

/** What came in goes on to the supplier's checked account, by a payment file of the market itself. */
async function paidOut(officer, owner, { net, account, reference }) {
  await officer.post('/v1/settlement-desk/payout-files', { currency: 'SAR' });
  const { items } = await officer.get('/v1/settlement-desk/payouts?state=instructed&limit=200');
  const payout = items.find((each) => each.reference === reference);
  await bankSays(officer, account, [{ amount: payout.amount.amount, endToEnd: payout.endToEndId }]);
  const { items: got } = await owner.get('/v1/settlement/payouts?state=paid&limit=200');
  const own = got.find(({ id }) => id === payout.id);
  checkEqual(
    `The market pays it on to her account ending in ${payout.accountEnding}, and the bank says so: ${halalas(net)} SAR are hers.`,
    own && minor(own.amount),
    net,
  );
}

async function notice(market, request, owner) {
  const maker = await market.as('maker@gulf-retail.example');
  const { receivables } = await owner.get(`/v1/receivable-requests/${request.id}`);
  const { receivableId, amount: face } = receivables.certificates[0];
  const { items } = await maker.get('/v1/assignment-notices?limit=200');
  const found = items.find((each) => each.receivableId === receivableId && each.standing);
  const payTo = await maker.get(`/v1/receivables/${receivableId}/pay-to`);
  check(
    'The anchor is told to whom it owes now; the day and the amount stay the same.',
    found !== undefined && payTo.assigned === true && minor(payTo.outstanding) === minor(face),
    JSON.stringify({ found, payTo }),
  );
}
