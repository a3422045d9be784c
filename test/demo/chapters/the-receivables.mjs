import { minor } from '../figures.mjs';
import { amount, chapter, check, checkEqual, tell } from '../teller.mjs';
import { visit } from '../client.mjs';

const dayMs = 86_400_000;
const isoDay = (instant) => new Date(instant).toISOString().slice(0, 10);
const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / dayMs);

/** An anchor confirms what it owes, and its supplier has the money before the day. */
export async function theReceivables(market, firm) {
  chapter('8. An invoice becomes money');
  const maker = await market.as('maker@gulf-retail.example');
  const checker = await market.as('checker@gulf-retail.example');
  const { items: anchors } = await visit('GET', '/v1/anchors?limit=50');
  const anchor = anchors.find(({ name }) => name === 'Gulf Retail Group');
  check(
    `${anchors.length} anchors confirm invoices here; Gulf Retail Group is one of them.`,
    anchors.length >= 3 && anchor,
  );
  const receivable = await upload(firm.owner, anchor);
  await confirmed(market, firm.owner, maker, checker, receivable);
  const certificate = await certificateOf(firm.owner, receivable);
  await notTwice(firm.owner, anchor, receivable);
  await onTheMarket(market, firm.owner, anchor, certificate, receivable);
  await oldSale(market);
  await deepTier(market, firm, anchor);
}

async function upload(owner, anchor) {
  const number = `DC-${String(Date.now()).slice(-7)}`;
  const sent = {
    kind: 'invoice',
    otherPartyId: anchor.id,
    number,
    issuedOn: isoDay(Date.now() - 2 * dayMs),
    dueOn: isoDay(Date.now() + 80 * dayMs),
    amount: { amount: '184250.00', currency: 'SAR' },
    submit: true,
  };
  const made = await owner.post('/v1/receivables', sent);
  tell(
    `Hanan has delivered tiles for ${amount(sent.amount)} to Gulf Retail Group, to be paid on ${sent.dueOn}. She uploads invoice ${number}.`,
  );
  checkEqual('It waits for the anchor.', made.state, 'submitted');
  const again = await owner.post('/v1/receivables', sent);
  check('Sent again it is the same receivable, not a second one.', again.id === made.id && again.created === false);
  return { ...sent, id: made.id };
}

async function confirmed(market, owner, maker, checker, { id }) {
  const words = await maker.get('/v1/undertaking');
  const undertaking = { version: words.version, language: 'en' };
  const proposal = await maker.post('/v1/receivable-proposals', {
    action: 'confirm',
    receivableIds: [id],
    undertaking,
  });
  const alone = await maker.refusal('POST', `/v1/receivable-proposals/${proposal.id}/approve`, { undertaking });
  check('The maker alone cannot bind the anchor.', alone !== null, JSON.stringify(alone));
  checkEqual('The receivable still waits.', (await owner.get(`/v1/receivables/${id}`)).state, 'submitted');
  await checker.post(`/v1/receivable-proposals/${proposal.id}/approve`, { undertaking });
  const now = await owner.get(`/v1/receivables/${id}`);
  checkEqual('The checker agrees to the irrevocable undertaking: it is confirmed.', now.state, 'confirmed');
}

async function certificateOf(owner, { amount: value, dueOn }) {
  const { items } = await owner.get('/v1/certificates?status=held&limit=100');
  const certificate = items.find((each) => each.dueOn === dueOn && minor(each.amount) === minor(value));
  check('Hanan holds a certificate of the whole: an amount, a day and an anchor.', certificate);
  return certificate;
}

async function notTwice(owner, anchor, { number, ...invoice }) {
  const { id: _id, ...facts } = invoice;
  const spelled = `${number.toLowerCase().replace('-', ' / 00')}`;
  const twin = await owner.post('/v1/receivables', { ...facts, number: spelled });
  tell(`Somebody sends the same invoice once more, as “${spelled}”.`);
  checkEqual(
    'As long as the anchor has not confirmed it, it holds nothing and is worth nothing.',
    twin.state,
    'submitted',
  );
  const { items } = await owner.get('/v1/certificates?status=held&limit=100');
  checkEqual(
    'There is still one certificate of it.',
    items.filter(({ dueOn, amount: value }) => dueOn === facts.dueOn && minor(value) === minor(facts.amount)).length,
    1,
  );
  await owner.post(`/v1/receivables/${twin.id}/withdraw`, { reason: 'sent by mistake' });
}

async function onTheMarket(market, owner, anchor, certificate, receivable) {
  const request = await owner.post('/v1/receivable-requests', { certificateIds: [certificate.id] });
  checkEqual('She offers it on the market: no review, it is open at once.', request.state, 'open');
  const twice = await owner.refusal('POST', '/v1/receivable-requests', { certificateIds: [certificate.id] });
  check('Offered a second time it is refused.', twice !== null, 'the second listing was accepted');
  const buyer = await market.as('maker@silsila-capital.example');
  const { open, opensAt } = await visit('GET', '/v1/market/hours');
  const brief = await buyerSees(buyer, request.id);
  check(
    'Silsila Supply Chain has a limit on the anchor and sees its name; the seller stays unnamed.',
    brief.receivable.anchors[0].anchor?.id === anchor.id && brief.enterprise === null,
  );
  const body = {
    price: { kind: 'fixed', annualRate: '8.4' },
    recourse: false,
    holdbackPercent: '10',
    fees: [{ name: 'handling', percent: '0.1' }],
  };
  if (!open) {
    const refusal = await buyer.refusal('POST', `/v1/market/requests/${request.id}/bids`, body);
    check(
      `The market is closed; a bid is refused until ${opensAt}.`,
      refusal?.code === 'market_closed' && refusal.data.opensAt === opensAt,
    );
  } else {
    const bid = await buyer.post(`/v1/market/requests/${request.id}/bids`, body);
    const face = minor(receivable.amount);
    const held = face / 10n;
    const discount = rounded(
      (face - held) * 84n * BigInt(days(brief.receivable.settlesOn, receivable.dueOn)),
      1000n * 360n,
    );
    const expected = face - held - discount - rounded(face, 1000n);
    checkEqual(
      `A bid of 8.4 % with 10 % kept back pays ${amount(bid.net)} on ${brief.receivable.settlesOn}, computed again here.`,
      minor(bid.net),
      expected,
    );
  }
  await owner.post(`/v1/requests/${request.id}/withdraw`, { reason: 'only shown' });
  const back = await owner.get(`/v1/certificates/${certificate.id}`);
  checkEqual('Taken back, the certificate is hers again.', back.status, 'held');
}

/** Half up, of whole numbers above zero. */
const rounded = (numerator, denominator) => (2n * numerator + denominator) / (2n * denominator);

async function buyerSees(buyer, requestId) {
  for (let turn = 0; turn < 100; turn++) {
    const { items } = await buyer.get('/v1/market/requests?limit=100&sort=newest');
    if (items.some(({ id }) => id === requestId)) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return buyer.get(`/v1/market/requests/${requestId}`);
}

/** A sale of two months ago, with every figure computed again. */
async function oldSale(market) {
  const buyer = await market.as('maker@qafila-factors.example');
  const { items: awards } = await buyer.get('/v1/awards?limit=100');
  const { items: sales } = await buyer.get('/v1/assignments?state=satisfied&limit=100');
  const sale = sales[0];
  check(
    'Sales of last months have run to their end: the seller was paid, then the anchor paid the financier.',
    sale !== undefined,
  );
  if (!sale) return;
  const award = awards.find(({ id }) => id === sale.reference);
  const offer = await buyer.get(`/v1/offers/${award.offerId}`);
  const { parts, holdbackPercent, dayCount } = offer.terms.discount;
  const rate = BigInt(Math.round(Number(offer.terms.price.annualRate) * 100));
  const expected = parts.reduce((total, { dueOn, amount: value }) => {
    const face = minor({ amount: value });
    const held = rounded(face * BigInt(Math.round(Number(holdbackPercent) * 100)), 10_000n);
    return total + face - held - rounded((face - held) * rate * BigInt(days(sale.payOn, dueOn)), 10_000n * 360n);
  }, 0n);
  const fees = offer.terms.fees.reduce(
    (total, fee) =>
      total +
      (fee.percent === undefined
        ? minor({ amount: fee.amount })
        : rounded(minor(offer.amount) * BigInt(Math.round(Number(fee.percent) * 10_000)), 1_000_000n)),
    0n,
  );
  checkEqual(
    `One of them: ${amount(offer.amount)} at ${offer.terms.price.annualRate} % (${dayCount}) paid ${amount(award.net)} on ${sale.payOn}.`,
    minor(award.net),
    expected - fees,
  );
  checkEqual('The award is disbursed; what the anchor paid at maturity ended it.', award.state, 'disbursed');
}

/** A part of a certificate goes to the supplier's own supplier. */
async function deepTier(market, firm, anchor) {
  const { items } = await firm.owner.get('/v1/certificates?status=held&limit=100');
  const own = items.find((each) => each.anchor.id === anchor.id);
  const part = { amount: '50000.00', currency: 'SAR' };
  const next =
    market.logins.find(({ role }) => role === 'supplier') ?? market.logins.find(({ role }) => role === 'SME signatory');
  const receiver = await market.as(next.email);
  const organisation = await receiver.get('/v1/organisation');
  await firm.owner.post(`/v1/certificates/${own.id}/transfers`, {
    parts: [{ registrationNumber: organisation.registrationNumber, amount: part, note: 'glaze' }],
  });
  const after = await firm.owner.get(`/v1/certificates/${own.id}`);
  checkEqual(
    `She pays her own supplier with ${amount(part)} of it; until it accepts, that part is on hold.`,
    minor(after.free),
    minor(own.free) - minor(part),
  );
}
