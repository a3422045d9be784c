import { printedHtml } from '#platform';
import { statementPage } from './statement-page.js';
import type { Statement } from './statement.reader.js';

const statement = {
  account: { id: '01a1-account', purpose: 'settlement_payable', currency: 'SAR' },
  from: '2026-03-01',
  to: '2026-03-31',
  opening: '0.00',
  closing: '12.50',
  items: [
    {
      bookDate: '2026-03-02',
      description: 'first',
      reference: 'a:1',
      side: 'credit',
      amount: '12.50',
      balance: '12.50',
    },
  ],
  nextCursor: null,
} as unknown as Statement;

it.each([
  ['en', 'ltr', 'Statement of account', 'Closing balance'],
  ['ar', 'rtl', 'كشف حساب', 'الرصيد الختامي'],
  ['zh', 'ltr', '账户对账单', '期末余额'],
] as const)('a statement in %s', (language, direction, title, closing) => {
  const html = printedHtml([statementPage(statement, language, new Date('2026-04-01T00:00:00Z'), 'https://portal/x')]);
  expect(html).toContain(`<html lang="${language}" dir="${direction}">`);
  for (const shown of [title, closing, '<bdi>12.50</bdi>', '2026-04-01T00:00:00.000Z', 'https://portal/x'])
    expect(html).toContain(shown);
});
