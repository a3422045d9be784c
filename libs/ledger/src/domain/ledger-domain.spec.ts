import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDate } from '#kernel';
import { availableOf, balanceOf, movementsOf, noTotals } from './balance.calculation.js';
import { chartOfAccounts, organisationAccount, purposes } from './chart-of-accounts.js';
import { assertClosable, lastDayOf, periodAfter } from './period.policy.js';
import { expiryReferencePrefix, reservationLifecycle, reservationState } from './reservation.lifecycle.js';
import { csvCell, csvLine } from './statement-csv.js';
import { assertWellFormed, linesToPost, mirrored } from './transfer.policy.js';
import type { Line, PostInput } from './transfer.js';

const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
const line = (debit: number, credit: number, amount: bigint): Line => ({
  debit: { id: id(debit), purpose: 'settlement_payable', normal: 'credit', floor: true },
  credit: { id: id(credit), purpose: 'settlement_payable', normal: 'credit', floor: true },
  amount,
  currency: 'SAR',
});

describe('balances', () => {
  it('grow on the normal side; what is reserved to go is not available, what is reserved to come does not count', () => {
    const totals = { debitsPosted: 30n, creditsPosted: 100n, debitsPending: 20n, creditsPending: 7n };
    expect([balanceOf('credit', totals), availableOf('credit', totals)]).toEqual([70n, 50n]);
    expect([balanceOf('debit', totals), availableOf('debit', totals)]).toEqual([-70n, -77n]);
  });

  it('change by one movement an account, in the order of ids, and a resolution releases what was held', () => {
    const held = [line(2, 1, 10n), line(2, 3, 5n)];
    expect(movementsOf('reserve', held, []).map(({ account, change }) => [account.id, change])).toEqual([
      [id(1), { ...noTotals, creditsPending: 10n }],
      [id(2), { ...noTotals, debitsPending: 15n }],
      [id(3), { ...noTotals, creditsPending: 5n }],
    ]);
    const part = movementsOf('post_reserved', linesToPost(held, [4n, 0n]), held);
    expect(part.map(({ change }) => change)).toEqual([
      { ...noTotals, creditsPosted: 4n, creditsPending: -10n },
      { ...noTotals, debitsPosted: 4n, debitsPending: -15n },
      { ...noTotals, creditsPending: -5n },
    ]);
    expect(mirrored(held)[0]).toMatchObject({ debit: { id: id(1) }, credit: { id: id(2) }, amount: 10n });
  });
});

describe('a transfer', () => {
  const good: PostInput = {
    reference: 'fee:1',
    description: 'a fee',
    subject: { type: 'guarantee', id: id(1) },
    postings: [
      {
        debit: organisationAccount(id(1), 'fee_receivable'),
        credit: organisationAccount(id(2), 'fee_income'),
        amount: 1n,
        currency: 'SAR',
      },
    ],
  };
  const [posting] = good.postings as [PostInput['postings'][number]];
  const pointers = (changes: Partial<PostInput>): string[] => {
    try {
      assertWellFormed({ ...good, ...changes });
      return [];
    } catch (error) {
      return (error as { details: { fields: { pointer: string }[] } }).details.fields.map(({ pointer }) => pointer);
    }
  };

  it('is well formed, or every fault is named', () => {
    expect(pointers({})).toEqual([]);
    expect(pointers({ postings: [] })).toEqual(['/postings']);
    expect(
      pointers({
        postings: [
          { ...posting, amount: 0n },
          { ...posting, amount: -1n, currency: 'sar' },
        ],
      }),
    ).toEqual(['/postings/0/amount', '/postings/1/amount', '/postings/1/currency']);
    expect(pointers({ postings: [{ ...posting, credit: posting.debit }] })).toEqual(['/postings/0']);
    expect(pointers({ postings: [{ ...posting, debit: { ...posting.debit, purpose: 'toString' as never } }] })).toEqual(
      ['/postings/0/debit'],
    );
    for (const reference of ['', 'two words', 'é', 'x'.repeat(121), `${expiryReferencePrefix}1`])
      expect(pointers({ reference })).toEqual(['/reference']);
    expect(pointers({ description: ' ', subject: { type: 'A', id: '1' } })).toEqual([
      '/description',
      '/subject/type',
      '/subject/id',
    ]);
  });
});

describe('a month of the books', () => {
  it('ends on its last day and is closed after it, in order', () => {
    expect([lastDayOf('2024-02'), lastDayOf('2025-02'), periodAfter('2025-12')]).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-01',
    ]);
    const close = (today: string, open: string[]) => () => assertClosable('2026-01', parseDate(today), open);
    expect(close('2026-01-31', ['2026-01'])).toThrow('today is 2026-01-31');
    expect(close('2026-02-01', ['2025-12', '2026-01'])).toThrow('2025-12 is still open');
    expect(close('2026-02-01', ['2026-01', '2026-02'])).not.toThrow();
  });
});

describe('a cell', () => {
  // OWASP, "CSV Injection": the characters that begin a formula, and what hides them.
  it.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1+1', '\u00a0=1', '|calc', '-'])(
    '%j is not run by a spreadsheet',
    (text) => expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/),
  );
  it.each([
    ['-12.50', '-12.50'],
    ['12.50', '12.50'],
    ['a=b', 'a=b'],
    ['say "hi", then', '"say ""hi"", then"'],
    ['two\nlines', '"two\nlines"'],
    ['', ''],
  ])('%j is written as %j', (text, cell) => expect(csvCell(text)).toBe(cell));
  it('ends its line as RFC 4180 says', () => expect(csvLine(['a', 'b'])).toBe('a,b\r\n'));
});

describe('the words', () => {
  const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

  it('of the README are those of the chart of accounts and of the life cycle', () => {
    for (const purpose of purposes) expect(readme).toContain(`| \`${purpose}\` | ${chartOfAccounts[purpose].class} |`);
    expect(readme).toContain(reservationLifecycle.toMermaid());
  });

  it('of a reservation’s state follow from what resolved it, and every step is taken', () => {
    const by = (kind: string, reference = 'x') => reservationState({ kind, reference });
    expect([
      reservationState(undefined),
      by('post_reserved'),
      by('void_reserved'),
      by('void_reserved', `${expiryReferencePrefix}1`),
    ]).toEqual(reservationLifecycle.states());
    expect(reservationLifecycle.ends()).toEqual(['posted', 'voided', 'expired']);
  });
});
