import { parse } from 'csv-parse/sync';
import { parseDate } from '#kernel';
import { newId } from '#platform';
import { LedgerHouse } from '../testing/ledger-house.js';

let house: LedgerHouse;
beforeAll(async () => {
  house = await LedgerHouse.open();
});
afterAll(() => house.database.stop());

/** An account with 25 lines on five days of March 2026, three of them taken out again, and one reservation that does not show. */
async function busyAccount() {
  const [account, other] = [house.account(), house.account()];
  for (let n = 0; n < 25; n++) {
    const bookDate = parseDate(`2026-03-0${1 + (n % 5)}`);
    const [debit, credit] = n % 8 === 7 ? [account, other] : [house.bank, account];
    const description = n === 0 ? '=HYPERLINK("http://example.org")' : `line ${n}, "quoted"`;
    await house.run((tx) => house.ledger.post(tx, { ...house.transfer(debit, credit, 100n), bookDate, description }));
  }
  await house.run((tx) => house.ledger.reserve(tx, house.transfer(account, other, 50n)));
  const [view] = (await house.reader.accounts({ ownerId: account.ownerId }, {})).items;
  return { account, id: view?.id as string };
}

it('pages without a gap or a double, and each line’s balance follows from the one before', async () => {
  const { account, id } = await busyAccount();
  const seen: string[] = [];
  let balance = 0;
  for (let cursor: string | undefined, pages = 0; pages < 10; pages++) {
    const page = await house.statements.statement(id, { limit: 7, cursor });
    expect(Number(page.opening)).toBe(balance);
    for (const item of page.items) {
      balance += item.side === 'credit' ? Number(item.amount) : -Number(item.amount);
      expect(Number(item.balance)).toBe(balance);
      seen.push(`${item.transferId}/${item.line}`);
    }
    expect(Number(page.closing)).toBe(balance);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(new Set(seen).size).toBe(25);
  expect(seen).toHaveLength(25);
  expect(BigInt(Math.round(balance * 100))).toBe(await house.balance(account));
  const days = await house.statements.statement(id, { from: '2026-03-02', to: '2026-03-03', limit: 200 });
  expect(days.items).toHaveLength(10);
  expect(days.items.every(({ bookDate }) => bookDate === '2026-03-02' || bookDate === '2026-03-03')).toBe(true);
});

it('comes as a table that a spreadsheet reads and does not run', async () => {
  const { id } = await busyAccount();
  let text = '';
  for await (const part of await house.statements.csv(id, { from: '2026-03-01', to: '2026-03-31' })) text += part;
  const rows = parse<Record<string, string>>(text, { columns: true });
  expect(rows).toHaveLength(27);
  expect(rows[0]).toMatchObject({ description: 'opening balance', balance: '0.00', currency: 'SAR' });
  expect(rows[1]?.description).toBe('\'=HYPERLINK("http://example.org")');
  expect(rows.at(-1)).toMatchObject({ description: 'closing balance', balance: '19.00' });
  const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name]), 0);
  expect(sum('credit') - sum('debit')).toBe(19);
});

it('does not exist for another organisation', async () => {
  const { account, id } = await busyAccount();
  const stranger = newId();
  for (const refused of [
    house.statements.statement(id, {}, stranger),
    house.statements.csv(id, {}, stranger),
    house.reader.account(id, stranger),
    house.reader.account(newId()),
  ])
    await expect(refused).rejects.toMatchObject({ code: 'ledger_account_unknown' });
  expect(await house.reader.account(id, account.ownerId)).toMatchObject({ balance: '19.00', available: '18.50' });
});

it('shows transfers by their subject, newest first, page by page', async () => {
  const subject = { type: 'test', id: newId() };
  for (const amount of [1n, 2n, 3n])
    await house.run((tx) => house.ledger.post(tx, house.transfer(house.bank, house.account(), amount, { subject })));
  const first = await house.reader.transfers({ subjectType: 'test', subjectId: subject.id }, { limit: 2 });
  const rest = await house.reader.transfers({ subjectId: subject.id }, { limit: 2, cursor: first.nextCursor ?? '' });
  expect([...first.items, ...rest.items].map(({ lines }) => lines[0]?.amount)).toEqual(['0.03', '0.02', '0.01']);
  expect(rest.nextCursor).toBeNull();
});
