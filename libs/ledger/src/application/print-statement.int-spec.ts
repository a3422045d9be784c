import { printedHtml } from '#platform';
import { LedgerHouse } from '../testing/ledger-house.js';
import { statementPage } from './print-statement.js';

describe('a printed statement', () => {
  let house: LedgerHouse;
  beforeAll(async () => {
    house = await LedgerHouse.open();
  });
  afterAll(() => house.database.stop());

  it('shows every line and both balances in the language asked for', async () => {
    const payee = house.account();
    await house.fund(payee, 1_234_50n);
    await house.run((tx) => house.ledger.post(tx, house.transfer(payee, house.account(), 34_50n)));
    const { items } = await house.reader.accounts({ ownerId: payee.ownerId }, {});
    const statement = await house.statements.statement(items[0]?.id as string, {});
    const arabic = printedHtml([statementPage(statement, 'ar')]);
    expect(arabic).toContain('dir="rtl"');
    expect(arabic).toContain('كشف حساب');
    for (const figure of ['1234.50', '34.50', '1200.00']) expect(arabic).toContain(figure);
    expect(statementPage(statement, 'en').blocks[1]).toMatchObject({
      total: ['', '', 'Closing balance', '', '', '1200.00'],
      rows: [
        [expect.any(String), expect.any(String), 'a test', '', '1234.50', '1234.50'],
        [expect.any(String), expect.any(String), 'a test', '34.50', '', '1200.00'],
      ],
    });
  });
});
