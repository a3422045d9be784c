import { idBytes } from '#platform';
import type { TestParty } from '../testing/receivable-house.js';
import { SettlementHouse } from '../testing/settlement-house.js';
import { checkReceivables } from './check-receivables.js';

let house: SettlementHouse;
let certificateId: string;
let receivableId: string;
let partId: string;
let next: TestParty;
beforeEach(async () => {
  house = await SettlementHouse.open();
  const [anchor, seller] = [await house.anchor(), await house.supplier()];
  next = await house.supplier();
  ({ certificateId, receivableId } = await house.confirmed(seller, anchor, '1000.00'));
  partId = await house.handOver(seller, certificateId, next, '400.00');
});
afterEach(() => house.close());

const broken = async () => (await house.run(checkReceivables)).broken?.name;
const change = (sql: string, ...values: unknown[]) => house.rows(sql, values);

/** What somebody with the database's password could do, past every line of our own. */
it.each([
  [
    'a certificate from nothing',
    'UPDATE certificate SET issued_minor = issued_minor + 1, amount_minor = amount_minor + 1 WHERE id = ?',
    () => certificateId,
    'whole_is_parts',
  ],
  [
    'a part worth more than was passed on',
    'UPDATE certificate SET issued_minor = issued_minor + 1, passed_minor = passed_minor + 1 WHERE id = ?',
    () => partId,
    'passed_is_received',
  ],
  [
    'an amount on hold for nobody',
    'UPDATE certificate SET on_hold_minor = 1 WHERE id = ?',
    () => certificateId,
    'on_hold_is_pending',
  ],
  [
    'another holder than the books say',
    'UPDATE certificate SET holder_organisation_id = anchor_organisation_id WHERE id = ?',
    () => partId,
    'holders_positions',
  ],
  ['sold without a sale', "UPDATE certificate SET status = 'assigned' WHERE id = ?", () => partId, 'sold_once'],
  [
    'less owed than certified',
    'UPDATE settlement_obligation SET amount_minor = amount_minor - 1 WHERE subject_id = ?',
    () => receivableId,
    'maturity_is_certificates',
  ],
  [
    'settled with money to come',
    "UPDATE receivable SET state = 'settled' WHERE id = ?",
    () => receivableId,
    'states_agree',
  ],
])('finds %s', async (_what, sql, id, name) => {
  expect(await broken()).toBeUndefined();
  await change(sql, idBytes(id()));
  expect(await broken()).toBe(name);
});

it('finds a payout out of nothing', async () => {
  await change(
    `INSERT INTO settlement_payout (id, kind, payee_id, currency, amount_minor, reference, state, version, created_at)
     VALUES (?, 'refund', ?, 'SAR', 1, 'RF18539007547034', 'due', 1, UTC_TIMESTAMP(6))`,
    idBytes(partId),
    idBytes(next.id),
  );
  expect(await broken()).toBe('payable_is_payouts');
});

it('finds a debt that nobody demands, a debit that nobody explains, and a movement that paid more than is matched of it', async () => {
  const reference = await house.referenceOf('maturity', receivableId);
  await house.credit('1000.00', reference);
  await house.payOut();
  await house.statement({ amount: '1000.00', direction: 'DBIT', reversal: true, texts: [reference] });
  await house.credit('400.00', reference);
  expect(await broken()).toBeUndefined();
  const debt =
    "UPDATE settlement_obligation SET amount_minor = amount_minor + ? WHERE kind = 'give_back' AND state = 'open'";
  await change(debt, 1);
  expect(await broken()).toBe('debts_are_demanded');
  await change(debt, -1);
  const cost = `INSERT INTO statement_entry (id, statement_id, account, entry_ref, direction, reversal, amount_minor, currency, booked_on, texts, state, version, created_at)
     VALUES (?, ?, 'SA', 'X', 'debit', 0, 7, 'SAR', '2026-01-01', '[]', 'unclear', 1, UTC_TIMESTAMP(6))`;
  await change(cost, idBytes(partId), idBytes(partId));
  expect(await broken()).toBe('what_left_is_explained');
  await change('DELETE FROM statement_entry WHERE id = ?', idBytes(partId));
  await change('UPDATE settlement_match SET amount_minor = amount_minor + 1 WHERE undone_at IS NULL');
  expect(await broken()).toBe('matches_are_movements');
});

it('the database itself refuses parts that are not the whole', async () => {
  await expect(
    change('UPDATE certificate SET amount_minor = amount_minor + 1 WHERE id = ?', idBytes(certificateId)),
  ).rejects.toThrow(/certificate_parts/);
  await expect(
    change('UPDATE certificate SET on_hold_minor = amount_minor + 1 WHERE id = ?', idBytes(certificateId)),
  ).rejects.toThrow(/certificate_on_hold/);
  await expect(
    change("UPDATE certificate SET status = 'settled' WHERE id = ?", idBytes(certificateId)),
  ).rejects.toThrow(/certificate_ends/);
});
