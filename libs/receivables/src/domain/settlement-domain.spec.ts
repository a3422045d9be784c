// size: the published examples and worked figures of one domain.
import { type CalendarDate, money, parseMoney } from '#kernel';
import { findProblems } from '#kernel';
import { assignmentLifecycle, obligesRepurchase } from './assignment.lifecycle.js';
import { certificateLifecycle } from './certificate.lifecycle.js';
import { amountBandOf, tenorBandOf } from './certificate-bands.policy.js';
import { assertCurve, awardBudget, compareRates, earlyPayment, rateOnCurve } from './discount.calculation.js';
import { discountAskLifecycle, discountProgrammeLifecycle } from './discount.lifecycle.js';
import { ibanFault, payableFrom } from './payment-account.policy.js';
import {
  obligationLifecycle,
  paymentAccountLifecycle,
  payoutLifecycle,
  statementEntryLifecycle,
} from './settlement.lifecycle.js';
import { creditorReference, isCreditorReference, referencesIn, withCheckDigits } from './settlement-reference.js';
import { spreadPayment } from './settlement-waterfall.calculation.js';
import { matchPayment } from './statement-match.policy.js';
import { transferLifecycle } from './transfer.lifecycle.js';

const date = (text: string) => text as CalendarDate;

describe('life cycles', () => {
  it.each([
    certificateLifecycle.table,
    transferLifecycle.table,
    discountProgrammeLifecycle.table,
    discountAskLifecycle.table,
    assignmentLifecycle.table,
    obligationLifecycle.table,
    payoutLifecycle.table,
    statementEntryLifecycle.table,
    paymentAccountLifecycle.table,
  ])('$name is sound: every state can be reached', (table) => {
    expect(findProblems(table as never)).toEqual([]);
  });
});

describe('creditor references (ISO 11649)', () => {
  // Published examples: the standard's page of Wikipedia; mobilefish.com's list; the rules of NatWest and RBS Access Online (xmldation).
  it.each(['RF18539007547034', 'RF18 5390 0754 7034', 'RF45G72UUR', 'RF6518K5', 'RF712348231'])(
    '%s is well-formed',
    (text) => {
      expect(isCreditorReference(text)).toBe(true);
    },
  );

  it('gets the published check digits', () => {
    expect(withCheckDigits('539007547034')).toBe('RF18539007547034');
    expect(withCheckDigits('2348231')).toBe('RF712348231');
  });

  it.each(['RF19539007547034', 'RF18539007547043', 'RF', 'DE18539007547034', 'RF185390075470345390075470'])(
    '%s is not',
    (text) => {
      expect(isCreditorReference(text)).toBe(false);
    },
  );

  it('is made of an identifier, one for each, and found again wherever a bank puts it', () => {
    const ids = ['01988f3e-7a10-7c3b-9d52-3c1f5b7a9e01', '01988f3e-7a10-7c3b-9d52-3c1f5b7a9e02'];
    const [one, other] = ids.map(creditorReference) as [string, string];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^RF\d{2}[0-9A-Z]{21}$/);
    const printed = one.replaceAll(/(.{4})/g, '$1 ').trim();
    for (const text of [one, printed, `Invoice of May ${one} thank you`, one.toLowerCase(), `/ROC/${one}//`])
      expect(referencesIn([text])).toEqual([one]);
    expect(referencesIn(['paid invoice 4711', ''])).toEqual([]);
  });
});

describe('account numbers (ISO 13616)', () => {
  // Examples of the SWIFT IBAN Registry.
  it.each([
    'SA0380000000608010167519',
    'AE070331234567890123456',
    'DE89370400440532013000',
    'GB29NWBK60161331926819',
    'FR1420041010050500013M02606',
  ])('%s is well-formed', (iban) => {
    expect(ibanFault(iban)).toBeUndefined();
  });

  it.each([
    ['SA0380000000608010167518', 'has wrong check digits (ISO 13616)'],
    ['SA038000000060801016751', 'must have 24 characters'],
    ['XX0380000000608010167519', 'is of a country that this market does not pay to (XX)'],
    ['4711', 'must be an IBAN: two letters, two digits, then letters and digits'],
  ])('%s %s', (iban, fault) => {
    expect(ibanFault(iban)).toBe(fault);
  });

  it('a changed account waits, a first one does not', () => {
    const now = new Date('2026-03-01T10:00:00Z');
    expect(payableFrom(now, false, 3)).toEqual(now);
    expect(payableFrom(now, true, 3).toISOString()).toBe('2026-03-04T10:00:00.000Z');
  });
});

describe('early payment', () => {
  it('is discounted as a bill: 2 % on 10,000 for 90 days of 360 is 50 (bank discount, F·d·t/360)', () => {
    // Bank discount method of U.S. Treasury bills: price = face × (1 − d × days / 360).
    const terms = {
      face: parseMoney('10000.00', 'SAR'),
      payOn: date('2026-01-01'),
      dueOn: date('2026-04-01'),
      annualRate: '2',
      dayCount: 'ACT/360' as const,
    };
    expect(earlyPayment(terms)).toEqual({ discount: money(5_000n, 'SAR'), pays: money(995_000n, 'SAR'), days: 90 });
  });

  it('agrees with PRICEDISC of the spreadsheets: 5.25 % from 16 February to 1 March 2008, basis 2, is 99.80 of 100', () => {
    // Microsoft's worked example of PRICEDISC: 99.795833.
    const terms = {
      face: parseMoney('1000000.00', 'USD'),
      payOn: date('2008-02-16'),
      dueOn: date('2008-03-01'),
      annualRate: '5.25',
      dayCount: 'ACT/360' as const,
    };
    expect(earlyPayment(terms).pays).toEqual(parseMoney('997958.33', 'USD'));
  });

  const curve = [
    { daysFrom: 5, annualRate: '4' },
    { daysFrom: 30, annualRate: '6.5' },
  ];

  it('takes the rate of the last step that is not beyond the days', () => {
    expect([4, 5, 29, 30, 200].map((days) => rateOnCurve(curve, days))).toEqual([undefined, '4', '4', '6.5', '6.5']);
  });

  it.each([
    [[]],
    [[{ daysFrom: 5, annualRate: '0' }]],
    [
      [
        { daysFrom: 5, annualRate: '4' },
        { daysFrom: 5, annualRate: '5' },
      ],
    ],
  ])('refuses a curve that does not hold together: %j', (steps) => {
    expect(() => assertCurve(steps)).toThrow(expect.objectContaining({ code: 'discount_curve_malformed' }));
  });

  it('compares rates as numbers, not as texts', () => {
    expect(compareRates('10', '9.5')).toBe(1);
    expect(compareRates('4.10', '4.1')).toBe(0);
    expect(compareRates('4.1', '4.09999')).toBe(1);
  });

  it('gives the money to the best rate, then the oldest, then the lower id; whole or not at all', () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
    const asks = [
      { id: 'd', annualRate: '5', askedAt: at(1), paysMinor: 40n },
      { id: 'c', annualRate: '5', askedAt: at(0), paysMinor: 40n },
      { id: 'a', annualRate: '9.5', askedAt: at(9), paysMinor: 30n },
      { id: 'b', annualRate: '10', askedAt: at(9), paysMinor: 50n },
      { id: 'e', annualRate: '4', askedAt: at(0), paysMinor: 20n },
    ];
    // 140: b (50) and a (30) leave 60; c, older than d at one rate, takes 40; d does not fit into 20; e does.
    expect([...awardBudget(asks, 140n)].sort()).toEqual(['a', 'b', 'c', 'e']);
    const twins = asks.filter(({ id }) => id === 'c' || id === 'd').map((ask) => ({ ...ask, askedAt: at(0) }));
    expect([...awardBudget(twins, 40n)]).toEqual(['c']);
    expect(awardBudget(asks, 0n).size).toBe(0);
  });
});

describe('the waterfall of an anchor’s payment', () => {
  const claims = [
    { certificateId: 'sold', holderMinor: 900n, holdbackMinor: 100n },
    { certificateId: 'kept', holderMinor: 500n, holdbackMinor: 0n },
  ];

  it('pays everybody in full, and holdbacks last', () => {
    expect(spreadPayment(1_500n, claims)).toEqual({
      paid: [
        { certificateId: 'sold', holderMinor: 900n, holdbackMinor: 100n },
        { certificateId: 'kept', holderMinor: 500n, holdbackMinor: 0n },
      ],
      over: 0n,
    });
  });

  it('spreads what is short over the holders in proportion, and keeps the holdback for nobody yet', () => {
    expect(spreadPayment(700n, claims)).toEqual({
      paid: [
        { certificateId: 'sold', holderMinor: 450n, holdbackMinor: 0n },
        { certificateId: 'kept', holderMinor: 250n, holdbackMinor: 0n },
      ],
      over: 0n,
    });
    expect(spreadPayment(1_450n, claims).paid[0]).toEqual({
      certificateId: 'sold',
      holderMinor: 900n,
      holdbackMinor: 50n,
    });
  });

  it('leaves over what is too much, and all of a second payment', () => {
    expect(spreadPayment(1_750n, claims).over).toBe(250n);
    expect(spreadPayment(1_500n, [])).toEqual({ paid: [], over: 1_500n });
  });

  it('never loses a unit: 1 unit among 3', () => {
    const three = ['a', 'b', 'c'].map((certificateId) => ({ certificateId, holderMinor: 100n, holdbackMinor: 0n }));
    for (let amount = 1n; amount <= 300n; amount += 7n) {
      const { paid, over } = spreadPayment(amount, three);
      expect(paid.reduce((sum, { holderMinor }) => sum + holderMinor, over)).toBe(amount);
    }
  });
});

describe('matching a payment', () => {
  const [reference, other] = [withCheckDigits('100000000000000000001'), withCheckDigits('100000000000000000002')];
  const obligation = (id: string, changes: object = {}) => ({
    id,
    reference,
    currency: 'SAR',
    outstandingMinor: 500n,
    payerAccounts: ['SA1'],
    ...changes,
  });
  const payment = (changes: object = {}) => ({
    amountMinor: 500n,
    currency: 'SAR',
    texts: [] as string[],
    payerAccount: 'SA1',
    ...changes,
  });

  it('goes by the reference first, whatever amount and payer', () => {
    const open = [obligation('a', { reference: other }), obligation('b')];
    expect(matchPayment(payment({ texts: [reference], amountMinor: 1n, payerAccount: null }), open)).toEqual({
      kind: 'matched',
      obligationId: 'b',
      by: 'reference',
    });
  });

  it('then by amount and payer, when there is exactly one', () => {
    expect(
      matchPayment(payment(), [obligation('a', { outstandingMinor: 499n }), obligation('b', { reference: other })]),
    ).toMatchObject({ obligationId: 'b', by: 'amount_and_party' });
    expect(matchPayment(payment(), [obligation('a'), obligation('b', { reference: other })])).toEqual({
      kind: 'unclear',
      candidates: ['a', 'b'],
      why: 'no_reference',
    });
    expect(matchPayment(payment({ payerAccount: 'SA2' }), [obligation('a')])).toEqual({
      kind: 'unclear',
      candidates: [],
      why: 'no_reference',
    });
  });

  it('asks a person when references or currencies differ', () => {
    expect(
      matchPayment(payment({ texts: [reference, other] }), [obligation('a'), obligation('b', { reference: other })]),
    ).toMatchObject({ why: 'references_differ' });
    expect(matchPayment(payment({ texts: [reference], currency: 'USD' }), [obligation('a')])).toMatchObject({
      why: 'currency_differs',
    });
  });
});

describe('repurchase', () => {
  it('is owed for the debtor’s default with recourse only, for the rest always', () => {
    expect(obligesRepurchase('debtor_default', true)).toBe(true);
    expect(obligesRepurchase('debtor_default', false)).toBe(false);
    for (const ground of ['fraud', 'double_assignment', 'non_delivery'] as const)
      expect(obligesRepurchase(ground, false)).toBe(true);
  });
});

describe('bands of the brief', () => {
  it('name their limits', () => {
    expect([-1, 14, 15, 30, 31, 90, 181].map(tenorBandOf)).toEqual([
      'past',
      '0..14',
      '15..30',
      '15..30',
      '31..60',
      '61..90',
      '181..',
    ]);
    expect([1n, 1_000_000n, 1_000_001n, 2_000_000_000n].map((minor) => amountBandOf(minor, 2))).toEqual([
      '1..10000',
      '1..10000',
      '10001..25000',
      '10000001..',
    ]);
  });
});
