// size: one chapter, from the upload of an invoice to the book of all anchors.
import { minor } from '../figures.mjs';
import { amount, chapter, check, checkEqual, tell } from '../teller.mjs';
import { bankSays } from '../bank.mjs';
import { visit } from '../client.mjs';
import { boundBy, days, netOf, rounded, theSale } from './the-sale.mjs';

const dayMs = 86_400_000;
const isoDay = (instant) => new Date(instant).toISOString().slice(0, 10);

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
  await theSale(market);
  await paidEarly(market, firm, anchor);
  await deepTier(market, firm, anchor);
  await everyState(market, anchors);
}

let uploads = 0;

async function upload(owner, anchor, value = '184250.00') {
  const number = `${['DC', 'TL'][uploads++ % 2]}-${String(Date.now()).slice(-7)}`;
  const sent = {
    kind: 'invoice',
    otherPartyId: anchor.id,
    number,
    issuedOn: isoDay(Date.now() - 2 * dayMs),
    dueOn: isoDay(Date.now() + 80 * dayMs),
    amount: { amount: value, currency: 'SAR' },
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
  checkEqual(
    `One of them: ${amount(offer.amount)} at ${offer.terms.price.annualRate} % (${offer.terms.discount.dayCount}) paid ${amount(award.net)} on ${sale.payOn}.`,
    minor(award.net),
    netOf(offer, sale.payOn).net,
  );
  checkEqual('The award is disbursed; what the anchor paid at maturity ended it.', award.state, 'disbursed');
}

/** The anchor pays from its own cash before the day, at the rate that it has published. */
async function paidEarly(market, firm, anchor) {
  const maker = await market.as('maker@gulf-retail.example');
  const checker = await market.as('checker@gulf-retail.example');
  const receivable = await upload(firm.owner, anchor, '96000.00');
  await confirmed(market, firm.owner, maker, checker, receivable);
  const certificate = await certificateOf(firm.owner, receivable);
  const { items: offers } = await firm.owner.get('/v1/discount-offers');
  const programme = offers.find((offer) => offer.anchor.id === anchor.id);
  const payOn = market.time.next(market.time.local(Date.now()).slice(0, 10));
  const left = days(payOn, receivable.dueOn);
  const rate = programme.curve.filter(({ daysFrom }) => daysFrom <= left).at(-1).annualRate;
  const ask = await firm.owner.post('/v1/discount-asks', {
    programmeId: programme.id,
    certificateId: certificate.id,
    payOn,
  });
  const face = minor(receivable.amount);
  const discount = rounded(face * BigInt(Math.round(Number(rate) * 100)) * BigInt(left), 10_000n * 360n);
  checkEqual(
    `For ${left} days earlier Gulf Retail Group takes ${rate} % a year: on ${payOn} it pays ${amount(ask.pays)}, computed again here.`,
    minor(ask.pays),
    face - discount,
  );
  if (ask.state !== 'agreed')
    return check(
      'The money of that day has been given out by earlier tellings; the ask waits for its round.',
      ask.state === 'asked',
    );
  const { items: obligations } = await maker.get('/v1/settlement/obligations?state=open&limit=200');
  const owed = obligations.find(({ kind, subjectId }) => kind === 'early' && subjectId === ask.id);
  checkEqual('It is agreed at once; the anchor owes that and no more.', owed && minor(owed.amount), face - discount);
  const { account } = await payToOf(maker, receivable);
  const desk = await boundBy(market, 'registry officer');
  await bankSays(desk.hand, account.number, [{ amount: owed.amount.amount, reference: owed.reference }]);
  checkEqual(
    'The bank says that it came: the invoice is paid early.',
    (await firm.owner.get(`/v1/receivables/${receivable.id}`)).state,
    'paid_early',
  );
}

const payToOf = (maker, { id }) => maker.get(`/v1/receivables/${id}/pay-to`);

/** A part of a certificate goes to the supplier's own supplier, who accepts it. */
async function deepTier(market, firm, anchor) {
  const { items } = await firm.owner.get('/v1/certificates?status=held&limit=100');
  const own = items.find((each) => each.anchor.id === anchor.id);
  const part = { amount: '50000.00', currency: 'SAR' };
  const receiver = (await boundBy(market, 'supplier')).hand;
  const organisation = await receiver.get('/v1/organisation');
  const { transfers } = await firm.owner.post(`/v1/certificates/${own.id}/transfers`, {
    parts: [{ registrationNumber: organisation.registrationNumber, amount: part, note: 'glaze' }],
  });
  const offered = await firm.owner.get(`/v1/certificates/${own.id}`);
  checkEqual(
    `She pays her own supplier, ${organisation.name}, with ${amount(part)} of it; until it accepts, that part is on hold.`,
    minor(offered.free),
    minor(own.free) - minor(part),
  );
  await receiver.post('/v1/certificate-transfers/decisions', {
    transferIds: transfers.map(({ transferId }) => transferId),
    action: 'accept',
  });
  const { items: held } = await receiver.get('/v1/certificates?status=held&limit=200');
  const passed = held.find((each) => each.dueOn === own.dueOn && minor(each.amount) === minor(part));
  const after = await firm.owner.get(`/v1/certificates/${own.id}`);
  checkEqual(
    'It accepts and holds a certificate of its own: both parts together are the whole, to the halala.',
    passed && minor(passed.amount) + minor(after.amount),
    minor(own.amount),
  );
  check(
    'It reads amount, day and anchor, and not through whose hands it came.',
    passed.anchor.id === anchor.id && !JSON.stringify(passed).includes(firm.name),
  );
}

/** Three anchors, hundreds of invoices, and every state of their life. */
async function everyState(market, anchors) {
  const counted = new Map();
  for (const { email } of anchorMakers) {
    const maker = await market.as(email);
    for (let cursor = ''; ;) {
      const { items, nextCursor } = await maker.get(`/v1/receivables?limit=200${cursor}`);
      for (const { state } of items) counted.set(state, (counted.get(state) ?? 0) + 1);
      if (nextCursor === null) break;
      cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
    }
  }
  const total = [...counted.values()].reduce((all, each) => all + each, 0);
  tell(
    `The anchors see ${total} invoices: ${[...counted].map(([state, n]) => `${n} ${state.replace('_', ' ')}`).join(', ')}.`,
  );
  // A draft is there for its uploader only.
  const wanted =
    'submitted disputed rejected reduced confirmed listed assigned paid_early due overdue defaulted settled repurchased withdrawn'.split(
      ' ',
    );
  const supplier = (await boundBy(market, 'supplier')).hand;
  const drafts = await supplier.get('/v1/receivables?state=draft&limit=10');
  const missing = wanted.filter((state) => !counted.has(state));
  check(
    'They are in every state of their life, the draft of a supplier among them.',
    anchors.length >= 3 && total >= 200 && missing.length === 0 && drafts.items.length > 0,
    missing.join(', '),
  );
}

const anchorMakers = ['gulf-retail', 'sarawat-energy', 'diriyah-hospitals'].map((domain) => ({
  email: `maker@${domain}.example`,
}));
