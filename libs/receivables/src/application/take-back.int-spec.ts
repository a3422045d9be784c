// size: each way in which a bank takes a payment back, before and after it was paid on.
import { idText } from '#platform';
import { type TestParty } from '../testing/receivable-house.js';
import { minor, print, SettlementHouse } from '../testing/settlement-house.js';
import { DecideMatch } from './decide-match.js';
import { FileAssignments } from './file-assignments.js';
import { InstructPayments } from './instruct-payments.js';
import { Repurchase } from './repurchase.js';
import { SettlementDeskReader } from './settlement-desk.reader.js';

type Party = TestParty & { readonly iban: string };

let house: SettlementHouse;
let anchor: Party;
let seller: Party;
let financier: Party;
beforeEach(async () => {
  house = await SettlementHouse.open();
  [anchor, seller, financier] = [await house.anchor(), await house.supplier(), await house.financier()];
});
afterEach(async () => {
  await house.assertSound();
  await house.close();
});

const stateOf = async (table: string, id: string) => (await house.one(table, id))['state'];
const debtsOf = async ({ id }: Party) => {
  const { items } = await house.get(SettlementDeskReader).owedBack('open', {});
  return items.filter(({ party }) => party.id === id);
};
/** What a party owes in the books. */
const owes = ({ id }: Party) => house.balance(id, 'settlement_receivable');
const takenBack = (amount: string, ...texts: string[]) =>
  house.statement({ amount, direction: 'DBIT', reversal: true, texts });

/** Nothing is left in any account of money, and nobody owes anything. */
async function expectNothingLeft(): Promise<void> {
  for (const purpose of ['settlement_bank', 'settlement_suspense', 'settlement_receivable'] as const)
    expect([purpose, await house.operatorBalance(purpose)]).toEqual([purpose, 0n]);
  for (const { id } of [anchor, seller, financier])
    for (const purpose of ['settlement_payable', 'settlement_receivable', 'holdback'] as const)
      expect([purpose, await house.balance(id, purpose)]).toEqual([purpose, 0n]);
}

/** Sold for 9,800.00 of which 1,000.00 is held back, paid for, and paid out. */
async function sold() {
  const made = await house.confirmed(seller, anchor, '10000.00');
  const sale = await house.sell(seller, [made.certificateId], financier, '9800.00', {
    holdbackMinor: minor('1000.00'),
  });
  await house.credit('8800.00', sale.firstLegReference);
  await house.payOut();
  return { ...made, sale, reference: await house.referenceOf('maturity', made.receivableId) };
}

describe('a payment at maturity that the bank takes back', () => {
  it('before it was paid out leaves nothing, and the claim is open again', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const reference = await house.referenceOf('maturity', receivableId);
    await house.credit('1000.00', reference);
    expect(await house.base.stateOf(receivableId)).toBe('settled');
    const answer = await takenBack('1000.00', reference);
    expect(answer.statements).toMatchObject([{ matched: 1, unclear: 0 }]);
    expect(await house.one('certificate', certificateId)).toMatchObject({ status: 'held', paid_minor: '0' });
    expect(await house.base.stateOf(receivableId)).toBe('due');
    await expect(house.payOut()).rejects.toMatchObject({ code: 'nothing_to_instruct' });
    await expectNothingLeft();
    expect(await house.balance(seller.id, 'receivable_held')).toBe(minor('1000.00'));
    await house.credit('1000.00', reference);
    expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('1000.00')]]));
    await expectNothingLeft();
  });

  it('after it was paid out is owed by who has it, and kept from what comes next', async () => {
    const { receivableId, certificateId, sale, reference } = await sold();
    const filings = house.get(FileAssignments);
    await filings.execute(house.officer);
    await house.credit('10000.00', reference);
    await filings.execute(house.officer);
    expect(await house.payOut()).toEqual(
      new Map([
        [financier.iban, minor('9000.00')],
        [seller.iban, minor('1000.00')],
      ]),
    );
    await takenBack('10000.00', reference);
    expect([await owes(financier), await owes(seller)]).toEqual([minor('9000.00'), minor('1000.00')]);
    expect(await debtsOf(financier)).toMatchObject([{ amount: { amount: '9000.00' }, paid: { amount: '0.00' } }]);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('paid');
    expect(await house.one('certificate', certificateId)).toMatchObject({ status: 'assigned', paid_minor: '0' });
    expect(await house.base.stateOf(receivableId)).toBe('due');
    expect(await house.balance(financier.id, 'receivable_held')).toBe(minor('10000.00'));
    // The register had been told of the end: the sale is filed anew.
    expect(await filings.execute(house.officer)).toBe(1);
    const [item] = await house.rows<{ filing: string; live: number }>('SELECT filing, live FROM assignment_item');
    expect(item).toMatchObject({ live: 1, filing: expect.stringMatching(/\/1$/) as string });
    expect(await house.operatorBalance('settlement_bank')).toBe(minor('-10000.00'));

    await house.credit('10000.00', reference);
    expect(await house.base.stateOf(receivableId)).toBe('settled');
    expect(await stateOf('assignment', sale.assignmentId)).toBe('satisfied');
    expect(await debtsOf(financier)).toEqual([]);
    await expect(house.payOut()).rejects.toMatchObject({ code: 'nothing_to_instruct' });
    await expectNothingLeft();
  });

  it('is given back by one party in parts, and kept from the other', async () => {
    const { reference } = await sold();
    await house.credit('10000.00', reference);
    await house.payOut();
    await takenBack('10000.00', reference);
    const [debt] = await debtsOf(financier);
    await house.credit('4000.00', debt?.reference as string);
    expect(await owes(financier)).toBe(minor('5000.00'));
    await house.credit('5000.00', debt?.reference as string);
    expect(await owes(financier)).toBe(0n);
    await house.credit('10000.00', reference);
    expect(await house.payOut()).toEqual(new Map([[financier.iban, minor('9000.00')]]));
    await expectNothingLeft();
  });

  it('is overdue when its days of grace are over, and so is what is to be given back', async () => {
    const { receivableId, reference } = await sold();
    await house.credit('10000.00', reference);
    await house.payOut();
    await takenBack('10000.00', reference);
    await house.base.fireTimersIn(70);
    await house.base.deliverEvents();
    expect(await house.base.stateOf(receivableId)).toBe('overdue');
    const states = await house.rows<{ kind: string; state: string }>(
      "SELECT kind, state FROM settlement_obligation WHERE state <> 'paid' ORDER BY kind, state",
    );
    expect(states).toEqual([
      { kind: 'give_back', state: 'overdue' },
      { kind: 'give_back', state: 'overdue' },
      { kind: 'maturity', state: 'overdue' },
    ]);
    await house.base.fireTimersIn(200);
    expect(await house.base.stateOf(receivableId)).toBe('defaulted');
  });

  it('and was not the last: what came later takes effect without it', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const reference = await house.referenceOf('maturity', receivableId);
    await house.credit('400.00', reference);
    await house.credit('600.00', reference);
    await house.payOut();
    await takenBack('400.00', reference);
    expect(await house.one('certificate', certificateId)).toMatchObject({ status: 'held', paid_minor: '60000' });
    // 400.00 and 600.00 were paid out; the 600.00 that stand are kept against it.
    expect(await owes(seller)).toBe(minor('400.00'));
    await house.credit('400.00', reference);
    expect(await house.base.stateOf(receivableId)).toBe('settled');
    await expectNothingLeft();
  });

  it('and had been paid twice: the second payment takes its place, and the anchor owes what went back to it', async () => {
    const { receivableId } = await house.confirmed(seller, anchor, '1000.00');
    const reference = await house.referenceOf('maturity', receivableId);
    await house.credit('1000.00', reference, { endToEnd: 'FIRST' });
    await house.credit('1000.00', reference, { endToEnd: 'SECOND' });
    expect(await house.payOut()).toEqual(
      new Map([
        [seller.iban, minor('1000.00')],
        [anchor.iban, minor('1000.00')],
      ]),
    );
    await house.statement({ amount: '1000.00', direction: 'DBIT', reversal: true, endToEnd: 'FIRST' });
    expect(await house.base.stateOf(receivableId)).toBe('settled');
    expect([await owes(seller), await owes(anchor)]).toEqual([0n, minor('1000.00')]);
    const [first] = await house.rows<{ state: string }>(
      "SELECT state FROM statement_entry WHERE end_to_end = 'FIRST' AND direction = 'credit'",
    );
    expect(first).toEqual({ state: 'reversed' });
    const [debt] = (await debtsOf(anchor)).filter(({ paid }) => paid.amount === '0.00');
    await house.credit('1000.00', debt?.reference as string);
    await expectNothingLeft();
  });

  it('while its payout is on its way: paid or failed, nobody has it twice', async () => {
    const { receivableId } = await house.confirmed(seller, anchor, '1000.00');
    const reference = await house.referenceOf('maturity', receivableId);
    await house.credit('1000.00', reference);
    await house.get(InstructPayments).payout(house.officer, 'SAR');
    await takenBack('1000.00', reference);
    expect(await owes(seller)).toBe(minor('1000.00'));
    const [row] = await house.rows<{ id: Buffer }>("SELECT id FROM settlement_payout WHERE state = 'instructed'");
    const payoutId = idText((row as { id: Buffer }).id);
    expect(await house.get(InstructPayments).fail(house.officer, payoutId, 'no answer')).toEqual({ state: 'set_off' });
    expect(await owes(seller)).toBe(0n);
    await expectNothingLeft();
  });

  it('twice, or by two statements at once, is taken back once', async () => {
    const { receivableId } = await house.confirmed(seller, anchor, '1000.00');
    const reference = await house.referenceOf('maturity', receivableId);
    await house.credit('1000.00', reference);
    const back = { amount: '1000.00', direction: 'DBIT', reversal: true, texts: [reference] } as const;
    const answers = await Promise.all([house.statement(back), house.statement(back), house.statement(back)]);
    const counts = answers.flatMap(({ statements }) => statements);
    expect(counts.reduce((sum, { matched }) => sum + matched, 0)).toBe(1);
    expect(counts.reduce((sum, { unclear }) => sum + unclear, 0)).toBe(2);
    expect(await house.operatorBalance('settlement_receivable')).toBe(minor('2000.00'));
    await expect(
      house.rows(
        'UPDATE statement_entry SET reverses_id = (SELECT x.id FROM (SELECT id FROM statement_entry LIMIT 1) x)',
      ),
    ).rejects.toThrow(/taken_back_once/);
  });
});

describe('a first leg that the bank takes back', () => {
  it('after it was paid out is to be paid again, and the seller keeps its money', async () => {
    const { sale } = await sold();
    await takenBack('8800.00', sale.firstLegReference);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('registered');
    expect(await owes(seller)).toBe(minor('8800.00'));
    await house.credit('8800.00', sale.firstLegReference);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('paid');
    await expect(house.payOut()).rejects.toMatchObject({ code: 'nothing_to_instruct' });
    await expectNothingLeft();
  });

  it('and does not come again is undone by the clock; the seller gives the price back and has its certificate', async () => {
    const { sale, certificateId } = await sold();
    await takenBack('8800.00', sale.firstLegReference);
    await house.base.fireTimersIn(12);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('undone');
    expect(await house.one('certificate', certificateId)).toMatchObject({ status: 'held' });
    expect(await house.balance(seller.id, 'receivable_held')).toBe(minor('10000.00'));
    const { items } = await house.get(SettlementDeskReader).owedBack(undefined, {});
    expect(items).toMatchObject([{ party: { id: seller.id }, state: 'overdue', amount: { amount: '8800.00' } }]);
    await house.credit('8800.00', items[0]?.reference as string);
    await expectNothingLeft();
  });

  it('after the anchor has paid is owed by the financier: the sale stands', async () => {
    const { sale, reference } = await sold();
    await house.credit('10000.00', reference);
    await house.payOut();
    await takenBack('8800.00', sale.firstLegReference);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('satisfied');
    expect([await owes(seller), await owes(financier)]).toEqual([0n, minor('8800.00')]);
    const [debt] = await debtsOf(financier);
    await house.credit('8800.00', debt?.reference as string);
    await expectNothingLeft();
    // The bank takes that back as well: it is owed once more.
    await takenBack('8800.00', debt?.reference as string);
    expect(await owes(financier)).toBe(minor('8800.00'));
    expect(await debtsOf(financier)).toMatchObject([{ state: 'open', paid: { amount: '0.00' } }]);
  });
});

describe('an early payment that the bank takes back', () => {
  async function paidEarly() {
    const programmeId = await house.programme(anchor, '50000.00');
    const made = await house.confirmed(seller, anchor, '36000.00');
    const ask = await house.ask(seller, {
      programmeId,
      certificateId: made.certificateId,
      payOn: await house.workingDay(5),
    });
    const reference = await house.referenceOf('early', ask.id);
    await house.credit(ask.pays.amount, reference);
    await house.payOut();
    return { ...made, ask, reference };
  }

  it('is agreed as before: what comes again is kept against what the supplier was paid', async () => {
    const { receivableId, certificateId, ask, reference } = await paidEarly();
    await takenBack(ask.pays.amount, reference);
    expect(await house.base.stateOf(receivableId)).toBe('confirmed');
    expect(await house.one('certificate', certificateId)).toMatchObject({ status: 'early', paid_minor: '0' });
    expect(await stateOf('discount_ask', ask.id)).toBe('agreed');
    expect(await owes(seller)).toBe(minor(ask.pays.amount));
    await house.credit(ask.pays.amount, reference);
    expect(await house.base.stateOf(receivableId)).toBe('paid_early');
    await expectNothingLeft();
  });

  it('lapses when it does not come again: the anchor owes the whole on its day', async () => {
    const { receivableId, certificateId, ask, reference } = await paidEarly();
    await takenBack(ask.pays.amount, reference);
    await house.base.fireTimersIn(12);
    expect(await stateOf('discount_ask', ask.id)).toBe('lapsed');
    expect(await house.one('certificate', certificateId)).toMatchObject({ status: 'held' });
    await house.credit('36000.00', await house.referenceOf('maturity', receivableId));
    expect(await house.base.stateOf(receivableId)).toBe('settled');
    expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('36000.00')]]));
    const { items } = await house.get(SettlementDeskReader).owedBack(undefined, {});
    await house.credit(ask.pays.amount, items[0]?.reference as string);
    await expectNothingLeft();
  });
});

it('all at once, with payments, payouts and what is given back, leaves every position in order', async () => {
  const made = [];
  for (let n = 0; n < 6; n++) {
    const { receivableId } = await house.confirmed(seller, anchor, '1000.00');
    made.push({ receivableId, reference: await house.referenceOf('maturity', receivableId) });
  }
  for (const { reference } of made) await house.credit('1000.00', reference);
  await Promise.all([
    ...made
      .slice(0, 4)
      .flatMap(({ reference }) => [takenBack('1000.00', reference), house.credit('600.00', reference)]),
    house.get(InstructPayments).payout(house.officer, 'SAR'),
    ...made.slice(4).map(({ reference }) => takenBack('1000.00', reference)),
  ]);
  await house.assertSound();
  // The payouts that were in the file are paid; then everything that is owed is.
  const rows = await house.rows<{ end_to_end: string; amount_minor: string }>(
    "SELECT end_to_end, amount_minor FROM settlement_payout WHERE state = 'instructed'",
  );
  await house.statement(
    ...rows.map((row) => ({
      amount: print(BigInt(row.amount_minor)),
      direction: 'DBIT' as const,
      endToEnd: row.end_to_end,
    })),
  );
  for (const { reference } of made) await house.credit('1000.00', reference);
  for (const debt of await debtsOf(seller)) {
    const left = minor(debt.amount.amount) - minor(debt.paid.amount);
    await house.credit(print(left), debt.reference);
  }
  for (let n = 0; n < 2; n++) await house.payOut().catch(() => undefined);
  expect(await Promise.all(made.map(({ receivableId }) => house.base.stateOf(receivableId)))).toEqual(
    made.map(() => 'settled'),
  );
  await expectNothingLeft();
});

it('what was bought back stands: the seller owes what its bank took back', async () => {
  const { sale } = await sold();
  const { reference } = await house
    .get(Repurchase)
    .establish(house.officer, sale.assignmentId, 'fraud', 'the goods never existed');
  await house.credit('9000.00', reference);
  await house.payOut();
  await takenBack('9000.00', reference);
  expect(await stateOf('assignment', sale.assignmentId)).toBe('repurchased');
  expect([await owes(seller), await owes(financier)]).toEqual([minor('9000.00'), 0n]);
});

it('a part that the anchor paid before the seller was called on to buy back stands: the anchor owes it', async () => {
  const { sale, receivableId, reference } = await sold();
  await house.credit('3000.00', reference);
  await house.payOut();
  const call = await house.get(Repurchase).establish(house.officer, sale.assignmentId, 'fraud', 'no goods');
  expect(call.amount).toEqual({ amount: '6000.00', currency: 'SAR' });
  await takenBack('3000.00', reference);
  expect([await owes(anchor), await owes(financier)]).toEqual([minor('3000.00'), 0n]);
  await house.credit('6000.00', call.reference);
  expect(await house.base.stateOf(receivableId)).toBe('repurchased');
  expect(await house.payOut()).toEqual(new Map([[financier.iban, minor('6000.00')]]));
});

it('a returned credit without the mark of a reversal is one as well', async () => {
  const { receivableId } = await house.confirmed(seller, anchor, '1000.00');
  const reference = await house.referenceOf('maturity', receivableId);
  await house.credit('1000.00', reference);
  await house.statement({ amount: '1000.00', direction: 'DBIT', returnReason: 'AC04', texts: [reference] });
  expect(await house.base.stateOf(receivableId)).toBe('due');
  await expectNothingLeft();
});

it('a payment that was returned to its sender and that the bank takes back is owed by the sender', async () => {
  await house.statement({ amount: '70.00', direction: 'CRDT', endToEnd: 'X1' });
  const { items } = await house.get(SettlementDeskReader).entries('unclear', {});
  const matches = house.get(DecideMatch);
  await matches.propose(house.officer, items[0]?.id as string, { kind: 'return', id: anchor.id, note: 'by mistake' });
  await matches.decide(house.otherOfficer, items[0]?.id as string, true);
  await house.payOut();
  await house.statement({ amount: '70.00', direction: 'DBIT', reversal: true, endToEnd: 'X1' });
  expect(await owes(anchor)).toBe(minor('70.00'));
});

describe('what nobody can place', () => {
  const worklist = async () => (await house.get(SettlementDeskReader).entries('unclear', {})).items;

  it('two people say which movement was taken back', async () => {
    const { receivableId } = await house.confirmed(seller, anchor, '1000.00');
    await house.credit('1000.00', await house.referenceOf('maturity', receivableId));
    await takenBack('1000.00', 'no word of it');
    const [entry] = await worklist();
    expect(entry).toMatchObject({ why: 'no_original' });
    const [original] = (await house.get(SettlementDeskReader).entries('matched', {})).items;
    const matches = house.get(DecideMatch);
    const proposal = { kind: 'reversal', id: original?.id as string, note: 'the bank said so' } as const;
    await expect(
      matches.propose(house.officer, entry?.id as string, { ...proposal, id: entry?.id as string }),
    ).rejects.toMatchObject({ code: 'reversal_unsuitable' });
    await matches.propose(house.officer, entry?.id as string, proposal);
    expect(await matches.decide(house.otherOfficer, entry?.id as string, true)).toEqual({ state: 'reversed' });
    expect(await house.base.stateOf(receivableId)).toBe('due');
    await expectNothingLeft();
  });

  it('or who owes it', async () => {
    await house.credit('500.00', 'for nothing');
    await takenBack('300.00', 'a part of something');
    const entry = (await worklist()).find(({ direction }) => direction === 'debit');
    const matches = house.get(DecideMatch);
    await matches.propose(house.officer, entry?.id as string, {
      kind: 'owed',
      id: anchor.id,
      note: 'the bank said so',
    });
    expect(await matches.decide(house.otherOfficer, entry?.id as string, true)).toEqual({ state: 'matched' });
    expect(await owes(anchor)).toBe(minor('300.00'));
    const [debt] = await debtsOf(anchor);
    await house.credit('350.00', debt?.reference as string);
    expect(await owes(anchor)).toBe(0n);
    // 50.00 too much go back to it.
    expect(await house.payOut()).toEqual(new Map([[anchor.iban, minor('50.00')]]));
  });

  it('a payment of before the parts of payments were kept waits for a person', async () => {
    const { receivableId } = await house.confirmed(seller, anchor, '1000.00');
    const reference = await house.referenceOf('maturity', receivableId);
    await house.credit('1000.00', reference);
    await house.rows('UPDATE settlement_payout SET match_id = NULL');
    await house.rows('DELETE FROM settlement_match');
    await takenBack('1000.00', reference);
    expect(await worklist()).toMatchObject([{ why: 'reversal_too_late' }]);
    expect(await house.base.stateOf(receivableId)).toBe('settled');
  });
});
