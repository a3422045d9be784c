import type { PrintedLanguage, PrintedPage } from '#platform';
import type { Statement } from './statement.reader.js';

interface Words {
  readonly title: string;
  readonly account: string;
  readonly purpose: string;
  readonly currency: string;
  readonly time: string;
  readonly opening: string;
  readonly closing: string;
  readonly date: string;
  readonly text: string;
  readonly reference: string;
  readonly debit: string;
  readonly credit: string;
  readonly balance: string;
  readonly printed: string;
  readonly note: string;
}

const words: Readonly<Record<PrintedLanguage, Words>> = {
  en: {
    title: 'Statement of account',
    account: 'Account',
    purpose: 'Purpose',
    currency: 'Currency',
    time: 'Days of the books',
    opening: 'Opening balance',
    closing: 'Closing balance',
    date: 'Date',
    text: 'Text',
    reference: 'Reference',
    debit: 'Debit',
    credit: 'Credit',
    balance: 'Balance',
    printed: 'Printed at',
    note: 'Lines of a closed month are final; in an open month a line may still come in. The account in the portal is what counts.',
  },
  ar: {
    title: 'كشف حساب',
    account: 'الحساب',
    purpose: 'الغرض',
    currency: 'العملة',
    time: 'أيام الدفاتر',
    opening: 'الرصيد الافتتاحي',
    closing: 'الرصيد الختامي',
    date: 'التاريخ',
    text: 'البيان',
    reference: 'المرجع',
    debit: 'مدين',
    credit: 'دائن',
    balance: 'الرصيد',
    printed: 'وقت الطباعة',
    note: 'قيود الشهر المغلق نهائية، وقد تُضاف قيود إلى الشهر المفتوح. المعتمد هو الحساب في البوابة.',
  },
  zh: {
    title: '账户对账单',
    account: '账户',
    purpose: '用途',
    currency: '币种',
    time: '记账日期',
    opening: '期初余额',
    closing: '期末余额',
    date: '日期',
    text: '摘要',
    reference: '参考号',
    debit: '借方',
    credit: '贷方',
    balance: '余额',
    printed: '打印时间',
    note: '已结账月份的分录为最终结果；未结账月份仍可能新增分录。以平台账户为准。',
  },
};

/** A whole statement as it is printed. Texts of lines stand as they were posted, in whatever language. */
export function statementPage(
  statement: Statement,
  language: PrintedLanguage,
  printedAt: Date,
  address: string,
): PrintedPage {
  const { account, from, to, opening, closing, items } = statement;
  const say = words[language];
  return {
    language,
    issuer: 'Sanad',
    title: say.title,
    subtitle: `${account.currency} ${account.id}`,
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: say.account, value: account.id },
          { label: say.purpose, value: account.purpose.replaceAll('_', ' ') },
          { label: say.currency, value: account.currency },
          { label: say.time, value: `${from} – ${to}` },
          { label: say.opening, value: opening },
          { label: say.closing, value: closing },
        ],
      },
      {
        kind: 'table',
        columns: [
          { label: say.date },
          { label: say.text },
          { label: say.reference },
          { label: say.debit, figures: true },
          { label: say.credit, figures: true },
          { label: say.balance, figures: true },
        ],
        rows: items.map(({ bookDate, description, reference, side, amount, balance }) => [
          bookDate,
          description,
          reference,
          side === 'debit' ? amount : '',
          side === 'credit' ? amount : '',
          balance,
        ]),
        total: [to, say.closing, '', '', '', closing],
      },
    ],
    verification: {
      note: say.note,
      facts: [
        { label: say.printed, value: printedAt.toISOString() },
        { label: say.account, value: address },
      ],
    },
  };
}
