import { idBytes } from '#platform';
import { sar, type TestParty } from '../testing/receivable-house.js';
import { minor, SettlementHouse } from '../testing/settlement-house.js';
import { AskEarlyPayment } from './ask-early-payment.js';
import { CertificateReader } from './certificate.reader.js';
import { DiscountProgrammes } from './discount-programmes.js';
import { GiveOutDiscounts } from './give-out-discounts.js';

type Party = TestParty & { readonly iban: string };

let house: SettlementHouse;
let anchor: Party;
let seller: Party;
let payOn: Awaited<ReturnType<SettlementHouse['workingDay']>>;
beforeEach(async () => {
  house = await SettlementHouse.open();
  [anchor, seller] = [await house.anchor(), await house.supplier()];
  payOn = await house.workingDay(5);
});
afterEach(async () => {
  await house.assertSound();
  await house.close();
});

const stateOf = async (askId: string) => (await house.one('discount_ask', askId))['state'];
const dayOf = async (askId: string) => {
  const { day_id: id } = await house.one('discount_ask', askId);
  const [row] = await house.rows<{ used_minor: string; budget_minor: string }>(
    'SELECT used_minor, budget_minor FROM discount_day WHERE id = ?',
    [id],
  );
  return row;
};
const round = async (askId: string) => {
  const { day_id: id } = await house.one('discount_ask', askId);
  const text = (id as Buffer).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return house.run((tx) => house.get(GiveOutDiscounts).round(tx, text));
};

it('at the programme’s rate is agreed at once, paid on its day, and ends the receivable as paid early', async () => {
  const programmeId = await house.programme(anchor, '50000.00');
  const { receivableId, certificateId } = await house.confirmed(seller, anchor, '36000.00');
  const [{ due_on: dueOn } = { due_on: '' }] = await house.rows<{ due_on: string }>(
    'SELECT due_on FROM certificate WHERE id = ?',
    [idBytes(certificateId)],
  );
  const days = (Date.parse(dueOn) - Date.parse(payOn)) / 86_400_000;
  const ask = await house.ask(seller, { programmeId, certificateId, payOn });
  // Bank discount: 36,000 at 6 % for n days of 360 is 6 a day.
  expect(ask).toMatchObject({
    state: 'agreed',
    annualRate: '6',
    discount: sar(`${days * 6}.00`),
    pays: sar(`${36_000 - days * 6}.00`),
  });
  expect(await house.get(CertificateReader).certificate(seller.id, certificateId)).toMatchObject({
    status: 'early',
    free: sar('0.00'),
  });
  await expect(house.list(seller, [certificateId], 'r')).rejects.toMatchObject({ code: 'certificate_not_free' });
  await house.credit(ask.pays.amount, await house.referenceOf('early', ask.id));
  expect(await stateOf(ask.id)).toBe('paid');
  expect(await house.base.stateOf(receivableId)).toBe('paid_early');
  expect(await house.payOut()).toEqual(new Map([[seller.iban, minor(ask.pays.amount)]]));
  expect(await house.balance(seller.id, 'receivable_held')).toBe(0n);
  expect(await house.balance(anchor.id, 'receivable_owed')).toBe(0n);
});

it('below it waits for the round, where the best rate is served first and the money of the day is not exceeded', async () => {
  const programmeId = await house.programme(anchor, '2000.00');
  const asks: string[] = [];
  for (const annualRate of ['4', '5.5', '10', '5']) {
    const { certificateId } = await house.confirmed(seller, anchor, '990.00');
    asks.push((await house.ask(seller, { programmeId, certificateId, payOn, annualRate })).id);
  }
  const [four, fiveHalf, ten, five] = asks as [string, string, string, string];
  // Ten is above the curve: at once. The rest wait.
  expect([await stateOf(ten), await stateOf(five)]).toEqual(['agreed', 'asked']);
  expect(await round(five)).toEqual({ agreed: 1, refused: 2 });
  expect(await Promise.all([ten, fiveHalf, five, four].map(stateOf))).toEqual([
    'agreed',
    'agreed',
    'refused',
    'refused',
  ]);
  expect(Number((await dayOf(five))?.used_minor)).toBeLessThanOrEqual(200_000);
});

it('at the programme’s rate waits too when the money is short, until the anchor adds some', async () => {
  const programmeId = await house.programme(anchor, '500.00');
  const { certificateId } = await house.confirmed(seller, anchor, '1000.00');
  const ask = await house.ask(seller, { programmeId, certificateId, payOn });
  expect(ask.state).toBe('asked');
  const programmes = house.get(DiscountProgrammes);
  await expect(programmes.setBudget(anchor.checker, programmeId, payOn, sar('0.00'))).resolves.toMatchObject({
    used: sar('0.00'),
  });
  await programmes.setBudget(anchor.checker, programmeId, payOn, sar('5000.00'));
  await house.base.fireTimersIn(9);
  expect(['agreed', 'lapsed']).toContain(await stateOf(ask.id));
});

it('that the anchor does not make lapses: the certificate is free, what had come goes back', async () => {
  const programmeId = await house.programme(anchor, '5000.00');
  const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
  const ask = await house.ask(seller, { programmeId, certificateId, payOn });
  await house.credit('400.00', await house.referenceOf('early', ask.id));
  await house.base.fireTimersIn(12);
  expect(await stateOf(ask.id)).toBe('lapsed');
  expect(await house.one('certificate', certificateId)).toMatchObject({ status: 'held' });
  expect(await house.payOut()).toEqual(new Map([[anchor.iban, minor('400.00')]]));
  await house.credit('1000.00', await house.referenceOf('maturity', receivableId));
  expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('1000.00')]]));
  expect(await house.base.stateOf(receivableId)).toBe('settled');
});

it('thirty at once never exceed the money of the day, and one certificate has one ask', async () => {
  const programmeId = await house.programme(anchor, '5000.00');
  const made = [];
  for (let index = 0; index < 15; index++) made.push(await house.confirmed(seller, anchor, '1000.00'));
  const outcomes = await Promise.allSettled(
    made.flatMap(({ certificateId }) => [1, 2].map(() => house.ask(seller, { programmeId, certificateId, payOn }))),
  );
  const agreed = outcomes.filter((each) => each.status === 'fulfilled' && each.value.state === 'agreed');
  for (const each of outcomes)
    if (each.status === 'rejected')
      expect(['certificate_not_free', 'database_busy']).toContain((each.reason as { code: string }).code);
  // Five riyals of a thousand are left for sixty days at six percent: five fit into 5,000.
  expect(agreed).toHaveLength(5);
});

it('is refused on days, rates, programmes and certificates that do not fit', async () => {
  const programmeId = await house.programme(anchor, '5000.00');
  const { certificateId } = await house.confirmed(seller, anchor, '1000.00');
  const ask = (changes: object) => house.ask(seller, { programmeId, certificateId, payOn, ...changes });
  await expect(ask({ payOn: house.base.today })).rejects.toMatchObject({ code: 'discount_day_unsuitable' });
  await expect(ask({ payOn: await house.workingDay(55) })).rejects.toMatchObject({ code: 'discount_day_unsuitable' });
  await expect(ask({ annualRate: '2.99' })).rejects.toMatchObject({ code: 'discount_rate_below_floor' });
  const stranger = await house.supplier();
  await expect(house.ask(stranger, { programmeId, certificateId, payOn })).rejects.toMatchObject({
    code: 'record_unknown',
  });
  const other = await house.programme(await house.anchor(), '5000.00');
  await expect(ask({ programmeId: other })).rejects.toMatchObject({ code: 'record_unknown' });
  const waiting = await ask({ annualRate: '3' });
  await expect(ask({})).rejects.toMatchObject({ code: 'certificate_not_free' });
  expect(await house.get(AskEarlyPayment).withdraw(seller.checker, waiting.id)).toMatchObject({ state: 'withdrawn' });
  await house.get(DiscountProgrammes).move(anchor.maker, programmeId, 'pause');
  await expect(ask({})).rejects.toMatchObject({ code: 'discount_programme_closed' });
});

it('programmes are proposed by one person and approved by another', async () => {
  const programmes = house.get(DiscountProgrammes);
  const input = {
    name: 'Early',
    curve: [{ daysFrom: 10, annualRate: '6' }],
    floorRate: '3',
    dailyBudget: sar('1.00'),
    validFrom: '2020-01-01',
    validTo: null,
  };
  const { id } = await programmes.propose(anchor.maker, input);
  await expect(programmes.move(anchor.maker, id, 'approve')).rejects.toMatchObject({
    code: 'settlement_maker_and_checker_same',
  });
  await expect(programmes.move((await house.anchor()).checker, id, 'approve')).rejects.toMatchObject({
    code: 'record_unknown',
  });
  await expect(programmes.propose(anchor.maker, { ...input, floorRate: '7' })).rejects.toMatchObject({
    code: 'settlement_amounts_incoherent',
  });
  expect(await programmes.move(anchor.checker, id, 'approve')).toMatchObject({ state: 'live' });
  await expect(
    house.rows('UPDATE discount_programme SET decided_by = proposed_by WHERE id = ?', [idBytes(id)]),
  ).rejects.toThrow(/programme_two_people/);
});
