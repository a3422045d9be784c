import type { CalendarDate } from '#kernel';
import { spellings } from '../testing/spellings.js';
import {
  exactNumber,
  fingerprintTexts,
  groupedSkeleton,
  numberSkeleton,
  orderTexts,
  registrationKey,
} from './fingerprint.js';

const facts = {
  seller: { country: 'SA', registrationNumber: '7001234567' },
  debtor: { country: 'SA', registrationNumber: '7007654321' },
  number: 'INV-100',
  issuedOn: '2026-03-01' as CalendarDate,
  currency: 'SAR',
  amountMinor: 1_000_000n,
};
const skeletons = (number: string): string[] => [numberSkeleton(number), groupedSkeleton(number)];
const looksAlike = (a: string, b: string): boolean =>
  numberSkeleton(a) === numberSkeleton(b) || groupedSkeleton(a) === groupedSkeleton(b);

describe('numbers that look alike', () => {
  it('there are fifty spellings, all different', () => {
    expect(new Set(spellings.map(exactNumber)).size).toBe(50);
  });

  it.each(spellings)('%s is INV-2024-1001', (spelling) => {
    expect(looksAlike(spelling, 'INV-2024-1001')).toBe(true);
  });

  it('each two of the fifty share a key', () => {
    const strangers = spellings.flatMap((a) => spellings.filter((b) => !looksAlike(a, b)).map((b) => `${a} | ${b}`));
    expect(strangers).toEqual([]);
  });

  it.each([
    ['INV-100', 'INV-101'],
    ['INV-100', 'INV-1000'],
    ['INV-100', 'INW-100'],
    ['INV-2024-1001', 'INV-2025-1001'],
    ['A-7', 'B-7'],
    ['فاتورة-7', 'فاتورة-8'],
    ['发票-7', '收据-7'],
  ])('%s is not %s', (a, b) => {
    expect(looksAlike(a, b)).toBe(false);
  });

  it('knows no empty number: what is punctuation only stays apart from a number', () => {
    expect(skeletons('---')).toEqual(['', '']);
    expect(looksAlike('---', 'INV-100')).toBe(false);
  });
});

describe('the keys of a claim', () => {
  const of = (changes: Partial<typeof facts>) => fingerprintTexts({ ...facts, ...changes }, 10);

  it('block the very same claim only', () => {
    const { exact } = of({});
    expect(of({ number: ' INV-100 ' }).exact).toBe(exact);
    expect(of({ number: 'INV-1OO' }).exact).not.toBe(exact);
    expect(of({ amountMinor: 1_000_001n }).exact).not.toBe(exact);
    expect(of({ issuedOn: '2026-03-02' as CalendarDate }).exact).not.toBe(exact);
    expect(of({ seller: facts.debtor, debtor: facts.seller }).exact).not.toBe(exact);
  });

  it('find swapped parties, another amount, and the same amount on a day nearby', () => {
    const { number, amount } = of({});
    expect(of({ seller: facts.debtor, debtor: facts.seller }).number).toBe(number);
    expect(of({ amountMinor: 5n }).number).toBe(number);
    const reissued = of({ number: 'X-9', issuedOn: '2026-03-09' as CalendarDate });
    expect([reissued.amount, ...reissued.amountNear]).toContain(amount);
    const later = of({ number: 'X-9', issuedOn: '2026-04-09' as CalendarDate });
    expect([later.amount, ...later.amountNear]).not.toContain(amount);
  });

  it('let an order and an invoice of it find each other, and two invoices of one order not', () => {
    const { ordered, invoiced } = orderTexts(facts, 'PO-0077');
    const named = orderTexts({ seller: facts.debtor, debtor: facts.seller }, 'po 77');
    expect([named.ordered, named.invoiced]).toEqual([ordered, invoiced]);
    expect(ordered).not.toBe(invoiced);
    expect(orderTexts(facts, 'PO-78').ordered).not.toBe(ordered);
  });

  it('know a party by its number however it is divided', () => {
    expect(registrationKey({ country: 'SA', registrationNumber: '700-123 4567' })).toBe('SA:7001234567');
    expect(registrationKey({ country: 'SA', registrationNumber: '٧٠٠١٢٣٤٥٦٧' })).toBe('SA:7001234567');
  });
});
