import { addDays, daysBetween } from '#kernel';
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

/**
 * Worked by hand. Every certificate is due 60 days after the day of payment, and a bill is discounted as 31 CFR 356, Appendix B, section V does
 * it: price = face × (1 − rate × days / 360). So the discount is face × rate in percent / 600, to the halala, half up.
 *
 * | ask | face      | rate  | face × rate / 600 | discount | pays      |
 * | --- | --------- | ----- | ----------------- | -------- | --------- |
 * | 1   | 36,000.00 | 6     | 360               | 360.00   | 35,640.00 |
 * | 2   | 990.00    | 10    | 16.5              | 16.50    | 973.50    |
 * | 3   | 990.00    | 5.5   | 9.075             | 9.08     | 980.92    |
 * | 4   | 990.00    | 5     | 8.25              | 8.25     | 981.75    |
 * | 5   | 990.00    | 4     | 6.6               | 6.60     | 983.40    |
 * | 6   | 900.00    | 5.9   | 8.85              | 8.85     | 891.15    |
 * | 7   | 500.00    | 5.5   | 4.58333…          | 4.58     | 495.42    |
 * | 8   | 100.00    | 5     | 0.83333…          | 0.83     | 99.17     |
 * | 9   | 1,000.00  | 6     | 10                | 10.00    | 990.00    |
 */
const pays = ['35640.00', '973.50', '980.92', '981.75', '983.40', '891.15', '495.42', '99.17', '990.00'] as const;
const discounts = ['360.00', '16.50', '9.08', '8.25', '6.60', '8.85', '4.58', '0.83', '10.00'] as const;

/** A supplier asks for a certificate of its own that is due 60 days after the day of payment. */
async function asked(programmeId: string, face: string, annualRate?: string, supplier: Party = seller) {
  const made = await house.confirmed(supplier, anchor, face, { dueOn: addDays(payOn, 60) });
  const { certificateId } = made;
  const ask = await house.ask(supplier, { programmeId, certificateId, payOn, ...(annualRate ? { annualRate } : {}) });
  return { ...made, ask, supplier };
}

type Asked = Awaited<ReturnType<typeof asked>>;
const figuresOf = (row: number) => ({
  discount: sar(discounts[row - 1] as string),
  pays: sar(pays[row - 1] as string),
});
const statesOf = (all: readonly Asked[]) => Promise.all(all.map(({ ask }) => stateOf(ask.id)));
const used = async ({ ask }: Asked) => BigInt((await dayOf(ask.id))?.used_minor ?? '-1');
const payFor = async ({ ask }: Asked) => house.credit(ask.pays.amount, await house.referenceOf('early', ask.id));

it('at the programme’s rate is agreed at once, paid on its day, and ends the receivable as paid early', async () => {
  const one = await asked(await house.programme(anchor, '50000.00'), '36000.00');
  expect(one.ask).toMatchObject({ state: 'agreed', annualRate: '6', ...figuresOf(1) });
  expect(await house.get(CertificateReader).certificate(seller.id, one.certificateId)).toMatchObject({
    status: 'early',
    free: sar('0.00'),
  });
  await expect(house.list(seller, [one.certificateId], 'r')).rejects.toMatchObject({ code: 'certificate_not_free' });
  await payFor(one);
  expect(await stateOf(one.ask.id)).toBe('paid');
  expect(await house.base.stateOf(one.receivableId)).toBe('paid_early');
  expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('35640.00')]]));
  expect(await house.balance(seller.id, 'receivable_held')).toBe(0n);
  expect(await house.balance(anchor.id, 'receivable_owed')).toBe(0n);
});

it('below it waits for the round: the best rate is served first, to the last halala of the day', async () => {
  const programmeId = await house.programme(anchor, '2000.00');
  const suppliers = [await house.supplier(), await house.supplier(), await house.supplier(), await house.supplier()];
  const [ten, fiveHalf, five, four] = [
    await asked(programmeId, '990.00', '10', suppliers[0]),
    await asked(programmeId, '990.00', '5.5', suppliers[1]),
    await asked(programmeId, '990.00', '5', suppliers[2]),
    await asked(programmeId, '990.00', '4', suppliers[3]),
  ] as const;
  const all = [ten, fiveHalf, five, four];
  expect(all.map(({ ask: { discount, pays: amount } }) => ({ discount, pays: amount }))).toEqual(
    [2, 3, 4, 5].map(figuresOf),
  );
  // Ten is above the curve: at once. The rest wait.
  expect(await statesOf(all)).toEqual(['agreed', 'asked', 'asked', 'asked']);
  expect(await used(ten)).toBe(minor('973.50'));
  // 2,000.00 − 973.50 = 1,026.50 are left: 980.92 fit, then 45.58 are too little for anybody.
  expect(await round(five.ask.id)).toEqual({ agreed: 1, refused: 2 });
  expect(await statesOf(all)).toEqual(['agreed', 'agreed', 'refused', 'refused']);
  expect(await used(ten)).toBe(minor('1954.42'));
  await payFor(ten);
  await payFor(fiveHalf);
  expect(await house.payOut()).toEqual(
    new Map([
      [ten.supplier.iban, minor('973.50')],
      [fiveHalf.supplier.iban, minor('980.92')],
    ]),
  );
});

it('that does not fit into what is left is passed over, and the next is served; of equal rates the older', async () => {
  const programmeId = await house.programme(anchor, '1000.00');
  const [large, middle, small] = [
    await asked(programmeId, '900.00', '5.9'),
    await asked(programmeId, '500.00', '5.5'),
    await asked(programmeId, '100.00', '5'),
  ] as const;
  expect([large, middle, small].map(({ ask }) => ask.pays)).toEqual([6, 7, 8].map((row) => figuresOf(row).pays));
  const later = await asked(programmeId, '100.00', '5');
  // 1,000.00 − 891.15 = 108.85: 495.42 do not fit, 99.17 do, and 9.68 are left.
  expect(await round(small.ask.id)).toEqual({ agreed: 2, refused: 2 });
  expect(await statesOf([large, middle, small, later])).toEqual(['agreed', 'refused', 'agreed', 'refused']);
  expect(await used(large)).toBe(minor('990.32'));
});

it('at the programme’s rate waits too when the money is short, until the anchor adds some', async () => {
  const programmeId = await house.programme(anchor, '989.99');
  const one = await asked(programmeId, '1000.00');
  expect(one.ask).toMatchObject({ state: 'asked', ...figuresOf(9) });
  const programmes = house.get(DiscountProgrammes);
  await expect(programmes.setBudget(anchor.checker, programmeId, payOn, sar('0.00'))).resolves.toMatchObject({
    used: sar('0.00'),
  });
  await expect(programmes.setBudget(anchor.maker, programmeId, payOn, sar('990.00'))).rejects.toMatchObject({
    code: 'settlement_maker_and_checker_same',
  });
  await programmes.setBudget(anchor.checker, programmeId, payOn, sar('990.00'));
  // The clock of the day itself gives the money out.
  await house.base.fireTimersIn(daysBetween(house.base.today, payOn));
  expect(await stateOf(one.ask.id)).toBe('agreed');
  expect(await used(one)).toBe(minor('990.00'));
  await expect(programmes.setBudget(anchor.checker, programmeId, payOn, sar('989.99'))).rejects.toMatchObject({
    code: 'settlement_amounts_incoherent',
  });
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
  for (let index = 0; index < 15; index++)
    made.push(await house.confirmed(seller, anchor, '1000.00', { dueOn: addDays(payOn, 60) }));
  const outcomes = await Promise.allSettled(
    made.flatMap(({ certificateId }) => [1, 2].map(() => house.ask(seller, { programmeId, certificateId, payOn }))),
  );
  const answered = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as { code: string }] : []));
  expect(refused.map(({ code }) => code)).toEqual(Array(15).fill('certificate_not_free'));
  // 990.00 each: five are 4,950.00, and 50.00 are too little for a sixth.
  expect(answered.map(({ state }) => state).sort()).toEqual([...Array(5).fill('agreed'), ...Array(10).fill('asked')]);
  const [first] = answered;
  expect(await dayOf(first?.id as string)).toEqual({ used_minor: '495000', budget_minor: '500000' });
  expect(await round(first?.id as string)).toEqual({ agreed: 0, refused: 10 });
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
