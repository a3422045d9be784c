// size: the story of money from the sale to the last payout, with each way in which a payment can go wrong.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { idBytes, idText, newId } from '#platform';
import { type TestParty } from '../testing/receivable-house.js';
import { ibanOf, minor, print, SettlementHouse } from '../testing/settlement-house.js';
import { AcknowledgeAssignment } from './acknowledge-assignment.js';
import { BookStatement } from './book-statement.js';
import { DecideMatch } from './decide-match.js';
import { DecideTransfers } from './decide-transfers.js';
import { CheckPaymentAccount, DeclarePaymentAccount } from './declare-payment-account.js';
import { FileAssignments } from './file-assignments.js';
import { InstructPayments } from './instruct-payments.js';
import { MarketCertificateReader } from './market-certificate.reader.js';
import { ReceivableMarket } from './receivable-market.js';
import { ReceivableSteps } from './receivable-steps.js';
import { Repurchase } from './repurchase.js';
import { SettlementBook } from './settlement-book.js';
import { SettlementDeskReader } from './settlement-desk.reader.js';
import { SettlementReader } from './settlement.reader.js';
import { UndoAssignment } from './undo-assignment.js';

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

/** Every account that holds money is empty: nothing is left anywhere. */
async function expectNoMoney(): Promise<void> {
  expect(await house.operatorBalance('settlement_bank')).toBe(0n);
  expect(await house.operatorBalance('settlement_suspense')).toBe(0n);
  expect(await house.operatorBalance('settlement_receivable')).toBe(0n);
  for (const { id } of [anchor, seller, financier]) {
    expect(await house.balance(id, 'settlement_payable')).toBe(0n);
    expect(await house.balance(id, 'holdback')).toBe(0n);
  }
}

const stateOf = async (table: string, id: string) => (await house.one(table, id))['state'];

describe('the money of a sale', () => {
  it('goes from the financier to the seller, from the anchor to the financier, and the holdback last', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '10000.00');
    const sale = await house.sell(seller, [certificateId], financier, '9800.00', { holdbackMinor: minor('1000.00') });
    expect(sale.firstLegMinor).toBe(minor('8800.00'));
    expect(sale.payOn).toBe(
      await house.run((tx) => house.get(SettlementBook).workingDayAfter(tx, house.base.today, 1)),
    );
    expect(await house.balance(seller.id, 'receivable_held')).toBe(0n);
    expect(await house.balance(financier.id, 'receivable_held')).toBe(minor('10000.00'));

    // The financier makes its payment file; its bank pays; the settlement bank says so.
    const file = await house.get(InstructPayments).payIn(financier.maker, sale.payOn, 'SAR');
    expect(file).toMatchObject({ payments: 1, total: { amount: '8800.00', currency: 'SAR' } });
    const { content } = await house.get(InstructPayments).content(financier.maker, file.fileId, false);
    expect(content).toContain(`<Ref>${sale.firstLegReference}</Ref>`);
    await expect(house.get(InstructPayments).content(anchor.maker, file.fileId, false)).rejects.toMatchObject({
      code: 'record_unknown',
    });
    await expect(house.get(InstructPayments).payIn(financier.maker, sale.payOn, 'SAR')).rejects.toMatchObject({
      code: 'nothing_to_instruct',
    });
    await house.credit('8800.00', sale.firstLegReference);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('paid');
    expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('8800.00')]]));
    await expectNoMoney();

    const payTo = await house.get(SettlementReader).payTo(anchor.id, receivableId);
    expect(payTo).toMatchObject({ outstanding: { amount: '10000.00' }, assigned: true });
    await house.credit('10000.00', payTo.reference);
    expect(await house.base.stateOf(receivableId)).toBe('settled');
    expect(await stateOf('assignment', sale.assignmentId)).toBe('satisfied');
    expect(await house.payOut()).toEqual(
      new Map([
        [financier.iban, minor('9000.00')],
        [seller.iban, minor('1000.00')],
      ]),
    );
    await expectNoMoney();
    expect(await house.balance(financier.id, 'receivable_held')).toBe(0n);
  });

  it('is matched by amount and payer when the reference is missing', async () => {
    const { certificateId } = await house.confirmed(seller, anchor, '10000.00');
    const sale = await house.sell(seller, [certificateId], financier, '9800.00');
    const answer = await house.statement({
      amount: '9800.00',
      direction: 'CRDT',
      party: { name: 'F', account: financier.iban },
    });
    expect(answer.statements).toMatchObject([{ matched: 1, unclear: 0 }]);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('paid');
  });

  it('comes short, in parts, too much and twice: holders get what is theirs, the rest goes back', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const next = await house.supplier();
    const part = await house.handOver(seller, certificateId, next, '250.00');
    const reference = await house.referenceOf('maturity', receivableId);
    await house.credit('400.00', reference);
    expect(await house.one('certificate', part)).toMatchObject({ paid_minor: '10000', status: 'held' });
    expect(await house.payOut()).toEqual(
      new Map([
        [seller.iban, minor('300.00')],
        [next.iban, minor('100.00')],
      ]),
    );
    await house.credit('650.00', reference);
    expect(await house.base.stateOf(receivableId)).toBe('settled');
    expect(await house.payOut()).toEqual(
      new Map([
        [seller.iban, minor('450.00')],
        [next.iban, minor('150.00')],
        [anchor.iban, minor('50.00')],
      ]),
    );
    await house.credit('1000.00', reference);
    expect(await house.payOut()).toEqual(new Map([[anchor.iban, minor('1000.00')]]));
    await expectNoMoney();
  });

  it('is not changed by a credit note after the sale', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    await house.sell(seller, [certificateId], financier, '990.00');
    const note = { number: 'CN-1', netAmount: { amount: '900.00', currency: 'SAR' } };
    await expect(house.get(ReceivableSteps).creditNote(seller.maker, receivableId, note)).rejects.toMatchObject({
      code: 'transition_not_allowed',
    });
    expect(await house.one('certificate', certificateId)).toMatchObject({ amount_minor: '100000', status: 'assigned' });
  });
});

describe('a first leg', () => {
  it('that does not come is undone by the clock, and what had come goes back', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const sale = await house.sell(seller, [certificateId], financier, '990.00');
    await house.credit('500.00', sale.firstLegReference);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('registered');
    expect(await house.balance(seller.id, 'settlement_payable')).toBe(0n);
    await house.base.fireTimersIn(12);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('undone');
    expect(await house.one('certificate', certificateId)).toMatchObject({ status: 'held' });
    expect(await house.base.stateOf(receivableId)).toBe('confirmed');
    expect(await house.payOut()).toEqual(new Map([[financier.iban, minor('500.00')]]));
    await expectNoMoney();
    expect([
      await house.balance(seller.id, 'receivable_held'),
      await house.balance(financier.id, 'receivable_held'),
    ]).toEqual([minor('1000.00'), 0n]);
    // What comes after all goes back.
    await house.credit('990.00', sale.firstLegReference);
    expect(await house.payOut()).toEqual(new Map([[financier.iban, minor('990.00')]]));
    await house.sell(seller, [certificateId], financier, '980.00');
  });

  it('that does not come is overdue where the anchor has paid already: the sale stands', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const sale = await house.sell(seller, [certificateId], financier, '990.00');
    const reference = await house.referenceOf('maturity', receivableId);
    await house.credit('400.00', reference);
    await house.base.fireTimersIn(12);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('registered');
    expect(await house.rows("SELECT state FROM settlement_obligation WHERE kind = 'first_leg'")).toEqual([
      { state: 'overdue' },
    ]);
    await house.credit('600.00', reference);
    await house.credit('990.00', sale.firstLegReference);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('satisfied');
    expect(await house.payOut()).toEqual(
      new Map([
        [financier.iban, minor('1000.00')],
        [seller.iban, minor('990.00')],
      ]),
    );
    await expectNoMoney();
  });

  it('that the bank takes back is undone without a trace of money', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const sale = await house.sell(seller, [certificateId], financier, '990.00', { holdbackMinor: minor('90.00') });
    await house.credit('900.00', sale.firstLegReference);
    await house.statement({ amount: '900.00', direction: 'DBIT', reversal: true, texts: [sale.firstLegReference] });
    expect(await stateOf('assignment', sale.assignmentId)).toBe('undone');
    expect(await house.base.stateOf(receivableId)).toBe('confirmed');
    await expectNoMoney();
    await expect(house.payOut()).rejects.toMatchObject({ code: 'nothing_to_instruct' });
    expect(await house.balance(seller.id, 'receivable_held')).toBe(minor('1000.00'));
    expect(await house.get(MarketCertificateReader).certificates([certificateId])).toMatchObject([
      { status: 'held', receivableState: 'confirmed' },
    ]);
  });

  it('is undone by the desk when the bank did not answer, and never when it was paid', async () => {
    const one = await house.confirmed(seller, anchor, '1000.00');
    const sale = await house.sell(seller, [one.certificateId], financier, '990.00');
    expect(
      await house.get(UndoAssignment).execute(house.officer, sale.assignmentId, 'the bank did not answer'),
    ).toEqual({ state: 'undone' });
    await expectNoMoney();
    const again = await house.sell(seller, [one.certificateId], financier, '990.00');
    await house.credit('990.00', again.firstLegReference);
    await expect(
      house.get(UndoAssignment).execute(house.officer, again.assignmentId, 'too late'),
    ).rejects.toMatchObject({ code: 'transition_not_allowed' });
  });
});

describe('a payout', () => {
  it('that the bank returns is due again under another identification', async () => {
    const { certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const sale = await house.sell(seller, [certificateId], financier, '990.00');
    await house.credit('990.00', sale.firstLegReference);
    await house.payOut();
    const [row] = await house.rows<{ end_to_end: string }>(
      "SELECT end_to_end FROM settlement_payout WHERE state = 'paid'",
    );
    const first = row?.end_to_end as string;
    await house.statement({ amount: '990.00', direction: 'CRDT', endToEnd: first, returnReason: 'AC04' });
    expect(await house.balance(seller.id, 'settlement_payable')).toBe(minor('990.00'));
    expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('990.00')]]));
    const [again] = await house.rows<{ end_to_end: string; attempts: number }>(
      "SELECT end_to_end, attempts FROM settlement_payout WHERE state = 'paid'",
    );
    expect(again).toMatchObject({ attempts: 2 });
    expect(again?.end_to_end).not.toBe(first);
    await expectNoMoney();
  });

  it('waits for a checked account, and for the cooling time of a changed one', async () => {
    const { certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const poor = await house.base.party('financier', ['maker', 'maker', 'checker', 'administrator']);
    const sale = await house.sell(seller, [certificateId], poor, '990.00');
    await house.credit('1000.00', sale.firstLegReference);
    // Ten riyals too much go back, but to no account that nobody has checked.
    expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('990.00')]]));
    await expect(house.payOut()).rejects.toMatchObject({ code: 'nothing_to_instruct' });
    await expect(house.get(InstructPayments).payIn(poor.maker, sale.payOn, 'SAR')).rejects.toMatchObject({
      code: 'payment_account_missing',
    });
    const declare = (accountNumber: string) =>
      house.get(DeclarePaymentAccount).execute(poor.maker, { accountNumber, bankName: 'B', holderName: 'H' });
    const reasons = [{ code: 'seen', message: 'seen' }];
    await expect(declare('SA0380000000608010167518')).rejects.toMatchObject({ code: 'payment_account_malformed' });
    const first = await declare(ibanOf(900));
    await expect(house.payOut()).rejects.toMatchObject({ code: 'nothing_to_instruct' });
    await house.get(CheckPaymentAccount).decide(house.base.lead, first.id, true, reasons);
    const second = await declare(ibanOf(901));
    await house.get(CheckPaymentAccount).decide(house.base.lead, second.id, true, reasons);
    await expect(house.payOut()).rejects.toMatchObject({ code: 'nothing_to_instruct' });
    await house.rows('UPDATE payment_account SET payable_from = UTC_TIMESTAMP(6) WHERE id = ?', [idBytes(second.id)]);
    expect(await house.payOut()).toEqual(new Map([[ibanOf(901), minor('10.00')]]));
    await expect(
      house
        .get(DeclarePaymentAccount)
        .execute(seller.checker, { accountNumber: ibanOf(1), bankName: 'B', holderName: 'H' }),
    ).rejects.toMatchObject({ code: 'payment_account_elsewhere' });
  });

  it('that a bank did not answer is due again, and the desk cannot fail what is not on its way', async () => {
    const { certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const sale = await house.sell(seller, [certificateId], financier, '990.00');
    await house.credit('990.00', sale.firstLegReference);
    await house.get(InstructPayments).payout(house.officer, 'SAR');
    const [row] = await house.rows<{ id: Buffer }>("SELECT id FROM settlement_payout WHERE state = 'instructed'");
    const id = idText((row as { id: Buffer }).id);
    expect(await house.get(InstructPayments).fail(house.officer, id, 'no answer')).toEqual({ state: 'due' });
    await expect(house.get(InstructPayments).fail(house.officer, id, 'again')).rejects.toMatchObject({
      code: 'payout_not_instructed',
    });
    expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('990.00')]]));
  });
});

describe('bank statements', () => {
  it('are booked once: the same again, in two at once, or its movements in another', async () => {
    const { receivableId } = await house.confirmed(seller, anchor, '1000.00');
    const reference = await house.referenceOf('maturity', receivableId);
    const file = house.statementFile({ amount: '1000.00', direction: 'CRDT', texts: [reference] });
    const book = house.get(BookStatement);
    const all = await Promise.all(Array.from({ length: 6 }, () => book.execute(house.officer, Buffer.from(file))));
    expect(all.filter(({ statements }) => !statements[0]?.replayed)).toHaveLength(1);
    const renamed = file.replace(/<Stmt><Id>[^<]+/, '<Stmt><Id>OTHER');
    expect((await book.execute(house.officer, Buffer.from(renamed))).statements).toMatchObject([
      { entries: 0, known: 1, replayed: false },
    ]);
    await expect(book.execute(house.officer, Buffer.from(file.replaceAll('1000.00', '1000.01')))).rejects.toMatchObject(
      { code: 'statement_id_reused' },
    );
    await expect(
      book.execute(house.officer, Buffer.from(renamed.replaceAll('1000.00', '1000.01').replace('OTHER', 'THIRD'))),
    ).rejects.toMatchObject({ code: 'statement_entry_differs' });
    await expect(
      book.execute(house.officer, Buffer.from(file.replaceAll('SA4420000001234567891234', ibanOf(5)))),
    ).rejects.toMatchObject({ code: 'statement_of_other_account' });
    expect(await house.operatorBalance('settlement_bank')).toBe(minor('1000.00'));
    expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('1000.00')]]));
  });

  it('put what is unclear on a worklist that two people decide', async () => {
    const { receivableId } = await house.confirmed(seller, anchor, '1000.00');
    const answer = await house.statement(
      { amount: '1000.00', direction: 'CRDT', texts: ['thanks for everything'] },
      { amount: '3.00', direction: 'DBIT', texts: ['fee'] },
      { amount: '20.00', direction: 'CRDT' },
    );
    expect(answer.statements).toMatchObject([{ matched: 0, unclear: 3 }]);
    const { items } = await house.get(SettlementDeskReader).entries('unclear', {});
    const of = (amount: string) => (items.find((each) => each.amount.amount === amount) as { id: string }).id;
    const matches = house.get(DecideMatch);
    const [row] = await house.rows<{ id: Buffer }>(
      "SELECT id FROM settlement_obligation WHERE kind = 'maturity' AND subject_id = ?",
      [idBytes(receivableId)],
    );
    const obligationId = idText((row as { id: Buffer }).id);
    await expect(
      matches.propose(house.officer, of('1000.00'), { kind: 'own', id: null, note: 'no' }),
    ).rejects.toMatchObject({ code: 'settlement_amounts_incoherent' });
    await matches.propose(house.officer, of('1000.00'), {
      kind: 'obligation',
      id: obligationId,
      note: 'the anchor said so',
    });
    await expect(matches.decide(house.officer, of('1000.00'), true)).rejects.toMatchObject({
      code: 'settlement_maker_and_checker_same',
    });
    expect(await matches.decide(house.otherOfficer, of('1000.00'), false)).toEqual({ state: 'unclear' });
    await matches.propose(house.officer, of('1000.00'), {
      kind: 'obligation',
      id: obligationId,
      note: 'the anchor wrote',
    });
    expect(await matches.decide(house.otherOfficer, of('1000.00'), true)).toMatchObject({ state: 'matched' });
    expect(await house.base.stateOf(receivableId)).toBe('settled');
    await matches.propose(house.officer, of('3.00'), { kind: 'own', id: null, note: 'a fee of the bank' });
    await matches.decide(house.otherOfficer, of('3.00'), true);
    await matches.propose(house.officer, of('20.00'), { kind: 'return', id: anchor.id, note: 'sent by mistake' });
    await matches.decide(house.otherOfficer, of('20.00'), true);
    expect(await house.payOut()).toEqual(
      new Map([
        [seller.iban, minor('1000.00')],
        [anchor.iban, minor('20.00')],
      ]),
    );
    expect(await house.operatorBalance('settlement_suspense')).toBe(0n);
    await expect(
      house.rows('UPDATE statement_entry SET decided_by = proposed_by WHERE proposed_by IS NOT NULL'),
    ).rejects.toThrow(/entry_two_people/);
  });
});

describe('selling', () => {
  it('the same certificate twice at once succeeds once', async () => {
    const { certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const reference = newId();
    await house.list(seller, [certificateId], reference);
    const rival = await house.financier();
    const attempts = [financier, rival, financier, rival].map((buyer) =>
      house.assign({
        certificateIds: [certificateId],
        sellerId: seller.id,
        reference,
        assigneeOrganisationId: buyer.id,
        awardReference: `award:${newId()}`,
        priceMinor: minor('990.00'),
        holdbackMinor: 0n,
        withRecourse: false,
      }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of outcomes)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'certificate_not_sellers' });
    await expect(house.rows('UPDATE assignment_item SET live = 2 WHERE live = 1')).rejects.toThrow(/item_live/);
  });

  it('spreads price and holdback over a pool to the last unit, and refuses sums that do not fit', async () => {
    const pool = [
      await house.confirmed(seller, anchor, '100.00'),
      await house.confirmed(seller, await house.anchor(), '33.33'),
      await house.confirmed(seller, anchor, '66.67'),
    ];
    const certificateIds = pool.map(({ certificateId }) => certificateId);
    const reference = newId();
    await house.list(seller, certificateIds, reference);
    const input = {
      certificateIds,
      sellerId: seller.id,
      reference,
      assigneeOrganisationId: financier.id,
      awardReference: `award:${newId()}`,
      priceMinor: 19_701n,
      holdbackMinor: 1_999n,
      withRecourse: true,
    };
    await expect(house.assign({ ...input, priceMinor: 20_001n })).rejects.toMatchObject({
      code: 'settlement_amounts_incoherent',
    });
    await expect(house.assign({ ...input, holdbackMinor: 19_701n })).rejects.toMatchObject({
      code: 'settlement_amounts_incoherent',
    });
    await expect(house.assign({ ...input, reference: 'other' })).rejects.toMatchObject({
      code: 'certificate_on_sale_by_others',
    });
    const { assignmentId } = await house.assign(input);
    const [sums] = await house.rows<{ price: string; holdback: string }>(
      'SELECT SUM(price_minor) AS price, SUM(holdback_minor) AS holdback FROM assignment_item WHERE assignment_id = ?',
      [idBytes(assignmentId)],
    );
    expect(sums).toEqual({ price: '19701', holdback: '1999' });
  });

  it('is refused for what is not the seller’s, on hold, or near its day; a listing gives way to its day', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const stranger = await house.supplier();
    await expect(house.list(stranger, [certificateId], 'r')).rejects.toMatchObject({ code: 'certificate_not_sellers' });
    const transferId = await house.pass(seller, certificateId, stranger, '10.00');
    await expect(house.list(seller, [certificateId], 'r')).rejects.toMatchObject({ code: 'certificate_not_whole' });
    await house.get(DecideTransfers).execute(stranger.checker, [transferId], 'accept');
    await house.rows('UPDATE certificate SET due_on = ? WHERE id = ?', [
      new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10),
      idBytes(certificateId),
    ]);
    await expect(house.list(seller, [certificateId], 'r')).rejects.toMatchObject({ code: 'certificate_too_near_due' });
    await house.rows('UPDATE certificate SET due_on = (SELECT due_on FROM receivable WHERE id = ?) WHERE id = ?', [
      idBytes(receivableId),
      idBytes(certificateId),
    ]);
    await house.list(seller, [certificateId], 'r');
    expect(await house.base.stateOf(receivableId)).toBe('listed');
    await house.base.fireTimersIn(61);
    await house.base.deliverEvents();
    expect(await house.one('certificate', certificateId)).toMatchObject({ status: 'held' });
    expect(await house.base.stateOf(receivableId)).toBe('due');
  });

  it('takes a part off the market again, and the receivable with its last part', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    await house.list(seller, [certificateId], 'r');
    await house.run((tx) =>
      house.get(ReceivableMarket).unlist(tx, { certificateIds: [certificateId], reference: 'another' }),
    );
    expect(await house.base.stateOf(receivableId)).toBe('listed');
    await house.run((tx) =>
      house.get(ReceivableMarket).unlist(tx, { certificateIds: [certificateId], reference: 'r' }),
    );
    expect(await house.base.stateOf(receivableId)).toBe('confirmed');
  });
});

describe('a debtor that does not pay', () => {
  async function defaulted(withRecourse: boolean) {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const sale = await house.sell(seller, [certificateId], financier, '990.00', {
      holdbackMinor: minor('100.00'),
      withRecourse,
    });
    await house.credit('890.00', sale.firstLegReference);
    await house.payOut();
    await house.credit('300.00', await house.referenceOf('maturity', receivableId));
    await house.payOut();
    for (const days of [61, 66, 170]) {
      await house.base.fireTimersIn(days);
      await house.base.deliverEvents();
    }
    expect(await house.base.stateOf(receivableId)).toBe('defaulted');
    return { receivableId, certificateId, sale };
  }

  it('obliges a seller with recourse to buy back what is open, and then it is the seller’s to collect', async () => {
    const { receivableId, certificateId, sale } = await defaulted(true);
    const { reference, amount } = await house.get(Repurchase).claim(financier.maker, sale.assignmentId, 'in default');
    expect(amount).toEqual({ amount: '600.00', currency: 'SAR' });
    await expect(house.get(Repurchase).claim(financier.maker, sale.assignmentId, 'again')).rejects.toMatchObject({
      code: 'repurchase_pending',
    });
    await house.credit('250.00', reference);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('paid');
    await house.credit('350.00', reference);
    expect(await stateOf('assignment', sale.assignmentId)).toBe('repurchased');
    expect(await house.base.stateOf(receivableId)).toBe('repurchased');
    expect(await house.payOut()).toEqual(new Map([[financier.iban, minor('600.00')]]));
    expect(await house.one('certificate', certificateId)).toMatchObject({ status: 'held', paid_minor: '30000' });
    await house.credit('700.00', await house.referenceOf('maturity', receivableId));
    expect(await house.payOut()).toEqual(new Map([[seller.iban, minor('700.00')]]));
    expect(await house.base.stateOf(receivableId)).toBe('settled');
    await expectNoMoney();
  });

  it('does not oblige a seller without recourse, but fraud does', async () => {
    const { sale } = await defaulted(false);
    await expect(house.get(Repurchase).claim(financier.maker, sale.assignmentId, 'in default')).rejects.toMatchObject({
      code: 'repurchase_not_owed',
    });
    await expect(house.get(Repurchase).claim(anchor.maker, sale.assignmentId, 'x')).rejects.toMatchObject({
      code: 'record_unknown',
    });
    const { amount } = await house
      .get(Repurchase)
      .establish(house.officer, sale.assignmentId, 'fraud', 'the goods never existed');
    expect(amount.amount).toBe(print(minor('600.00')));
  });
});

describe('the register of assignments', () => {
  it('gives notice, reminds until it is acknowledged, files and satisfies', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const sale = await house.sell(seller, [certificateId], financier, '990.00');
    const { items } = await house.get(SettlementReader).notices(anchor.id, {});
    const [notice] = items;
    expect(notice).toMatchObject({
      receivableId,
      assignee: { id: financier.id },
      acknowledgedAt: null,
      standing: true,
    });
    await house.credit('990.00', sale.firstLegReference);
    await house.base.fireTimersIn(6);
    expect((await house.get(SettlementReader).notices(anchor.id, {})).items).toMatchObject([{ reminders: 1 }]);
    await expect(house.get(AcknowledgeAssignment).execute(seller.maker, notice?.id as string)).rejects.toMatchObject({
      code: 'record_unknown',
    });
    await house.get(AcknowledgeAssignment).execute(anchor.maker, notice?.id as string);
    const filings = house.get(FileAssignments);
    const context = house.officer;
    expect([await filings.execute(context), await filings.execute(context)]).toEqual([1, 0]);
    await house.credit('1000.00', await house.referenceOf('maturity', receivableId));
    expect([await filings.execute(context), await filings.execute(context)]).toEqual([1, 0]);
    const path = join(house.base.database.environment.dataFolder, 'assignment-register', 'filings.jsonl');
    const lines = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { op: string; sellerRegistration?: string });
    expect(lines).toMatchObject([
      { op: 'file', sellerRegistration: seller.registrationNumber, debtorRegistration: anchor.registrationNumber },
      { op: 'satisfy' },
    ]);
  });
});
