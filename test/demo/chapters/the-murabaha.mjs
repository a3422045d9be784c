import { minor, sum } from '../figures.mjs';
import { amount, chapter, check, checkEqual, tell } from '../teller.mjs';

/** A sale instead of a loan: what a firm needs is bought, held and then sold to it, at a price that never changes. */
export async function theMurabaha(market) {
  chapter('7. A murabaha: bought, held, sold, and only then paid out');
  const owner = await market.as('owner@sadu-textiles.example');
  const { items: requests } = await owner.get('/v1/requests?limit=50');
  const request = requests.find(({ productKind }) => productKind === 'murabaha');
  const { items } = await owner.get(`/v1/requests/${request.id}/awards`);
  const award = items.find(({ state }) => state !== 'lapsed');
  const sale = await owner.get(`/v1/murabaha-sales/${award.id}`);
  if (sale.state !== 'promised')
    return check('The looms were sold in an earlier telling.', ['sold', 'paid'].includes(sale.state));
  const maker = await market.deskOf(award.financierId, 'maker');
  const checker = await market.deskOf(award.financierId, 'checker');
  const path = `/v1/awards/${award.id}`;
  const { name } = market.institution(award.financierId);
  tell(
    `Sadu Textiles and ${name} have signed: ${name} promises to buy looms, the firm to buy them for ${amount(award.amount)} and a profit.`,
  );

  const payment = { net: award.net, bankReference: `SARIE-${award.id.slice(-12)}` };
  const early = await maker.refusal('POST', `${path}/disbursement`, payment);
  checkEqual('Nothing counts as paid out before the sale.', early?.code, 'murabaha_not_sold');
  const purchase = {
    asset: 'Six looms, numbers 101 to 106',
    supplier: 'Loom Works',
    cost: award.amount,
    boughtOn: today(),
  };
  const unproved = await maker.refusal('POST', `${path}/murabaha/purchase`, purchase);
  checkEqual('A purchase needs its document.', unproved?.code, 'evidence_missing');
  await maker.file(`${path}/murabaha/documents?kind=purchase&name=invoice.pdf`, 'Invoice of Loom Works');
  await maker.post(`${path}/murabaha/purchase`, purchase);
  await maker.file(`${path}/murabaha/documents?kind=possession&name=delivery.pdf`, 'Delivery note');
  const held = await maker.post(`${path}/murabaha/possession`, { place: `${name}'s warehouse in Abha` });
  checkEqual('The institution owns and holds the looms.', held.state, 'possessed');
  const alone = await maker.refusal('POST', `${path}/murabaha/sale`, {});
  check('Who bought them may not sell them alone.', alone !== null, JSON.stringify(alone));
  const sold = await checker.post(`${path}/murabaha/sale`);
  tell(`A second person sells: cost ${amount(sold.cost)}, profit ${amount(sold.profit)}, price ${amount(sold.price)}.`);
  checkEqual(
    'The price is cost and profit, and the instalments are the price.',
    sum(sold.instalments.map(({ total }) => minor(total))),
    minor(sold.cost) + minor(sold.profit),
  );
  const { terms } = await maker.get(`/v1/offers/${award.offerId}`);
  const expected = equalInstalments(
    Number(minor(sold.cost)),
    Number(terms.price.annualRate) / 1200,
    sold.instalments.length,
  );
  check(
    `The profit is that of ${Number(terms.price.annualRate)} % a year, as the offer said.`,
    Math.abs(Number(minor(sold.price)) - expected) <= sold.instalments.length,
    `${minor(sold.price)} instead of ${expected}`,
  );
  checkEqual('A late charge would go to charity, apart from the price.', sold.lateCharge.goesTo, 'charity');
  await maker.post(`${path}/disbursement`, payment);
  const paid = await owner.post(`${path}/receipt`, { received: award.net });
  checkEqual('The firm has what it asked for.', paid.state, 'disbursed');
}

const today = () => new Date().toISOString().slice(0, 10);

/** The sum of `periods` equal instalments of `principal` at `rate` a period. */
const equalInstalments = (principal, rate, periods) => (periods * principal * rate) / (1 - (1 + rate) ** -periods);
