import { money } from '#kernel';
import { misfits, type OfferedRequest, type ProposedOffer } from './offer-fit.policy.js';

const now = new Date('2026-03-01T10:00:00Z');
const request: OfferedRequest = {
  productKind: 'term_loan' as const,
  currency: 'SAR',
  amountMinor: 50_000_000n,
  awardedMinor: 10_000_000n,
  shariahOnly: false,
  closesAt: new Date('2026-03-05T14:00:00Z'),
  decideBy: new Date('2026-03-12T14:00:00Z'),
};
const offer: ProposedOffer = {
  binding: true,
  amount: money(40_000_000n, 'SAR'),
  tenorMonths: 24,
  expiresAt: new Date('2026-03-13T00:00:00Z'),
  terms: {
    contract: 'conventional',
    price: { kind: 'fixed', annualRate: '7' },
    interest: 'declining',
    amortization: 'equal_instalments',
    everyMonths: 3,
    graceInstalments: 0,
    fees: [],
    collateral: [],
    conditions: [],
    customerChecks: ['registration'],
    recourse: true,
    earlySettlementPercent: '0',
    lateChargePercent: '0',
  },
};
const pointers = (changes: Partial<ProposedOffer>, of: Partial<OfferedRequest> = {}): string[] =>
  misfits({ ...request, ...of }, { ...offer, ...changes }, now).map(({ pointer, rule }) => `${pointer} ${rule}`);

describe('what an offer must keep to', () => {
  it('suits a request that it covers, up to what is still asked for', () => {
    expect(pointers({})).toEqual([]);
    expect(pointers({ amount: money(40_000_001n, 'SAR') })).toEqual(['/amount/amount range']);
    expect(pointers({ amount: money(1n, 'USD') })).toEqual(['/amount/currency currency']);
  });

  it('offers a firm that wants Shariah-compliant contracts a murabaha or a lease only', () => {
    const terms = (contract: 'murabaha' | 'lease' | 'discount') => ({ terms: { ...offer.terms, contract } });
    expect(pointers({}, { shariahOnly: true })).toEqual(['/terms/contract shariah']);
    expect(pointers(terms('discount'), { shariahOnly: true })).toEqual(['/terms/contract shariah']);
    expect(pointers(terms('lease'), { shariahOnly: true })).toEqual([]);
    expect(pointers(terms('murabaha'), { shariahOnly: true })).toEqual([]);
  });

  it('never lets a murabaha follow a reference rate or end in one payment of rolled-up profit', () => {
    const price = { kind: 'floating', reference: 'SAIBOR-3M', referenceRate: '5.6', margin: '2' } as const;
    expect(pointers({ terms: { ...offer.terms, contract: 'murabaha', price, amortization: 'bullet' } })).toEqual([
      '/terms/price/kind murabaha',
      '/terms/amortization murabaha',
    ]);
  });

  it('stands, when binding, until the enterprise has to decide', () => {
    expect(pointers({ expiresAt: new Date('2026-03-12T13:59:59Z') })).toEqual(['/expiresAt decide_by']);
    expect(pointers({ expiresAt: new Date('2026-03-12T13:59:59Z'), binding: false })).toEqual([]);
    expect(pointers({ expiresAt: now })).toEqual(['/expiresAt future']);
  });

  it('has whole periods and at least one instalment that repays', () => {
    expect(pointers({ tenorMonths: 25 })).toEqual(['/terms/everyMonths divides']);
    expect(pointers({ terms: { ...offer.terms, graceInstalments: 8 } })).toEqual(['/terms/graceInstalments range']);
    expect(pointers({ terms: { ...offer.terms, graceInstalments: 7 } })).toEqual([]);
  });
});
