import { idBytes, idText } from '#platform';
import { parseMoney } from '#kernel';
import { type TestParty } from '../testing/receivable-house.js';
import { minor, SettlementHouse } from '../testing/settlement-house.js';
import { DecideMatch } from './decide-match.js';
import { SettlementDeskReader } from './settlement-desk.reader.js';

type Party = TestParty & { readonly iban: string };

let house: SettlementHouse;
let anchor: Party;
let seller: Party;
let matches: DecideMatch;
beforeEach(async () => {
  house = await SettlementHouse.open();
  [anchor, seller] = [await house.anchor(), await house.supplier()];
  matches = house.get(DecideMatch);
});
afterEach(async () => {
  await house.assertSound();
  await house.close();
});

const amounts = ['100.00', '200.00', '300.00', '400.00', '500.00'];

/** Five invoices, and one transfer for all of them without a word. */
async function transfer(amount: string) {
  const invoices = [];
  for (const each of amounts) {
    const { receivableId } = await house.confirmed(seller, anchor, each);
    const [row] = await house.rows<{ id: Buffer }>(
      "SELECT id FROM settlement_obligation WHERE kind = 'maturity' AND subject_id = ?",
      [idBytes(receivableId)],
    );
    invoices.push({ receivableId, obligationId: idText((row as { id: Buffer }).id), amount: parseMoney(each, 'SAR') });
  }
  const entryId = await unclear(amount);
  return {
    invoices,
    entryId,
    parts: invoices.map(({ obligationId, amount: each }) => ({ obligationId, amount: each })),
  };
}

async function unclear(amount: string): Promise<string> {
  await house.statement({ amount, direction: 'CRDT', texts: ['May'] });
  return (await house.get(SettlementDeskReader).entries('unclear', {})).items[0]?.id as string;
}

const propose = (entryId: string, parts: Parameters<DecideMatch['propose']>[2]['parts'], leavesRest = false) =>
  matches.propose(house.officer, entryId, {
    kind: 'obligations',
    id: null,
    note: 'the anchor’s list',
    parts: parts ?? [],
    leavesRest,
  });
const statesOf = (invoices: readonly { receivableId: string }[]) =>
  Promise.all(invoices.map(({ receivableId }) => house.base.stateOf(receivableId)));

it('one transfer pays five invoices when two people say so', async () => {
  const { invoices, entryId, parts } = await transfer('1500.00');
  await propose(entryId, parts);
  await expect(matches.decide(house.officer, entryId, true)).rejects.toMatchObject({
    code: 'settlement_maker_and_checker_same',
  });
  expect(await matches.decide(house.otherOfficer, entryId, true)).toEqual({ state: 'matched' });
  expect(await statesOf(invoices)).toEqual(amounts.map(() => 'settled'));
  expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('1500.00')]]));
  // The bank takes the transfer back: all five are open again, and the supplier is to give back each.
  await house.statement({ amount: '1500.00', direction: 'DBIT', reversal: true, texts: ['May'] });
  const [reversal] = (await house.get(SettlementDeskReader).entries('unclear', {})).items;
  await matches.propose(house.officer, reversal?.id as string, { kind: 'reversal', id: entryId, note: 'same day' });
  await matches.decide(house.otherOfficer, reversal?.id as string, true);
  expect(await statesOf(invoices)).toEqual(amounts.map(() => 'due'));
  expect(await house.balance(seller.id, 'settlement_receivable')).toBe(minor('1500.00'));
});

it('the parts are the movement, or leave a rest that was asked for and waits on', async () => {
  const { invoices, entryId, parts } = await transfer('1500.00');
  const three = parts.slice(0, 3);
  for (const wrong of [
    three,
    [...parts, { obligationId: parts[0]?.obligationId as string, amount: parseMoney('1.00', 'SAR') }],
    [...parts.slice(1), { obligationId: parts[0]?.obligationId as string, amount: parseMoney('100.01', 'SAR') }],
    parts.map((each) => ({ ...each, amount: parseMoney('300.00', 'USD') })),
    [],
  ])
    await expect(propose(entryId, wrong)).rejects.toMatchObject({ code: 'settlement_amounts_incoherent' });
  await expect(
    propose(
      entryId,
      [
        { obligationId: parts[0]?.obligationId as string, amount: parseMoney('100.01', 'SAR') },
        { obligationId: parts[4]?.obligationId as string, amount: parseMoney('499.99', 'SAR') },
      ],
      true,
    ),
  ).rejects.toMatchObject({ code: 'match_amount_exceeds' });
  await propose(entryId, three, true);
  expect(await matches.decide(house.otherOfficer, entryId, true)).toEqual({ state: 'unclear' });
  expect(await statesOf(invoices)).toEqual(['settled', 'settled', 'settled', 'confirmed', 'confirmed']);
  const [rest] = (await house.get(SettlementDeskReader).entries('unclear', {})).items;
  expect(rest).toMatchObject({ why: 'rest', amount: { amount: '1500.00' }, matched: { amount: '600.00' } });
  expect(await house.operatorBalance('settlement_suspense')).toBe(minor('900.00'));
  await propose(entryId, parts.slice(3, 4), true);
  await matches.decide(house.otherOfficer, entryId, true);
  await matches.propose(house.officer, entryId, { kind: 'return', id: anchor.id, note: 'too much' });
  expect(await matches.decide(house.otherOfficer, entryId, true)).toEqual({ state: 'returned' });
  expect(await house.payOut()).toEqual(
    new Map([
      [seller.iban, minor('1000.00')],
      [anchor.iban, minor('500.00')],
    ]),
  );
});

it('is decided once, by two at once and by a double click, and only as it was seen', async () => {
  const { invoices, entryId, parts } = await transfer('1500.00');
  const { version } = await propose(entryId, parts.slice(0, 3), true);
  await expect(matches.decide(house.otherOfficer, entryId, true, version - 1)).rejects.toMatchObject({
    code: 'record_changed',
  });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, () => matches.decide(house.otherOfficer, entryId, true, version)),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const again = await propose(entryId, parts.slice(3));
  // A click that comes late does not decide what was proposed after it.
  await expect(matches.decide(house.otherOfficer, entryId, true, version)).rejects.toMatchObject({
    code: 'record_changed',
  });
  await matches.decide(house.otherOfficer, entryId, true, again.version);
  expect(await statesOf(invoices)).toEqual(amounts.map(() => 'settled'));
  expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('1500.00')]]));
});

it('is refused as a whole when one of the obligations was paid meanwhile', async () => {
  const { invoices, entryId, parts } = await transfer('1500.00');
  await propose(entryId, parts);
  await house.credit('400.00', await house.referenceOf('maturity', invoices[3]?.receivableId as string));
  await expect(matches.decide(house.otherOfficer, entryId, true)).rejects.toMatchObject({
    code: 'match_amount_exceeds',
  });
  expect(await statesOf(invoices)).toEqual(['confirmed', 'confirmed', 'confirmed', 'settled', 'confirmed']);
  expect(await house.operatorBalance('settlement_suspense')).toBe(minor('1500.00'));
});

it('the desk sees of each statement how many of its movements nobody has matched', async () => {
  const reader = house.get(SettlementDeskReader);
  const { receivableId } = await house.confirmed(seller, anchor, '1000.00');
  await house.credit('1000.00', await house.referenceOf('maturity', receivableId));
  await house.statement(
    { amount: '1.00', direction: 'CRDT' },
    { amount: '2.00', direction: 'CRDT' },
    { amount: '3.00', direction: 'DBIT' },
  );
  const first = await reader.statements({ limit: 1 });
  expect(first.items).toMatchObject([
    { entries: 3, unmatched: 3, state: 'open', opening: { amount: '1000.00' }, closing: { amount: '1000.00' } },
  ]);
  const second = await reader.statements({ limit: 1, cursor: first.nextCursor ?? undefined });
  expect(second).toMatchObject({ items: [{ entries: 1, unmatched: 0, state: 'done' }], nextCursor: null });
  expect((await reader.statements({ open: true })).items).toHaveLength(1);
});
