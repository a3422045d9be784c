import type { Mandate } from '#kernel';
import { isSamePerson, needsChecker } from './approval.policy.js';
import { autoBidFaults } from './auto-bid.policy.js';
import type { AutoBidTerms } from './auto-bid.js';
import { exposureLines } from './exposure.policy.js';
import { isInForce } from './mandate.js';
import { mandateFaults, type MandateTerms } from './mandate.policy.js';
import { type ProductTerms, productFaults } from './product.policy.js';

const mandate: Mandate = {
  id: 'm',
  financierId: 'f',
  productKinds: [],
  currency: 'SAR',
  amountMin: 100n,
  amountMax: 1000n,
  tenorMin: 6,
  tenorMax: 36,
  sectors: [],
  regions: ['SA-01'],
  sizeClasses: [],
  ageBands: [],
  gradeFloor: null,
  collateral: [],
  offersShariah: false,
  shariahOnly: false,
  womenLedOnly: false,
  ruralOnly: false,
};

const pointers = (faults: readonly { pointer: string }[]): string[] => faults.map(({ pointer }) => pointer);

describe('who must approve', () => {
  it('lets a person bind up to the limit alone, and nobody without one', () => {
    expect(needsChecker(500_000n, 500_000n)).toBe(false);
    expect(needsChecker(500_001n, 500_000n)).toBe(true);
    expect(needsChecker(1n, undefined)).toBe(true);
    expect(isSamePerson('a', 'a')).toBe(true);
    expect(isSamePerson('a', 'b')).toBe(false);
  });
});

describe('a mandate', () => {
  const terms: MandateTerms = { ...mandate, name: 'n', validFrom: '2026-01-01', validTo: null };
  const faults = (changes: Partial<MandateTerms>): string[] =>
    pointers(mandateFaults({ ...terms, ...changes }, (code) => code.startsWith('SA-')));

  it.each([
    [{}, []],
    [{ amountMin: 1001n }, ['/amountMax']],
    [{ amountMin: 0n, amountMax: 0n }, ['/amountMax']],
    [{ tenorMin: 37 }, ['/tenorMax']],
    [{ validTo: '2025-12-31' }, ['/validTo']],
    [{ validTo: '2026-01-01' }, []],
    [{ shariahOnly: true }, ['/offersShariah']],
    [{ shariahOnly: true, offersShariah: true, productKinds: ['invoice_discounting' as const] }, ['/productKinds']],
    [{ regions: ['SA-01', 'CN-BJ'] }, ['/regions/1']],
  ])('with %p has faults in %p', (changes, found) => {
    expect(faults(changes)).toEqual(found);
  });

  it('is in force from its first to its last day, both included, while it is live', () => {
    const live = { status: 'live', validFrom: '2026-01-10', validTo: '2026-01-20' } as const;
    const days = ['2026-01-09', '2026-01-10', '2026-01-20', '2026-01-21'];
    expect(days.map((day) => isInForce(live, day))).toEqual([false, true, true, false]);
    expect(isInForce({ ...live, validTo: null }, '2100-01-01')).toBe(true);
    expect(isInForce({ ...live, status: 'paused' }, '2026-01-15')).toBe(false);
  });
});

describe('an auto-bid rule', () => {
  const terms: AutoBidTerms = {
    pricing: 'fixed',
    annualRate: '8.5',
    referenceRate: null,
    feePercent: '1',
    feeFixedMinor: 0n,
    tenorMax: 24,
    graceMonths: 0,
    sharePercent: '100',
    validityDays: 10,
    recourse: true,
    holdbackPercent: '0',
    daysLeftMin: null,
    daysLeftMax: null,
    faceMaxMinor: null,
  };
  it.each([
    [{}, {}, []],
    [{ pricing: 'margin' as const }, {}, ['/referenceRate']],
    [{ referenceRate: 'SAIBOR 3M' }, {}, ['/referenceRate']],
    [{ pricing: 'murabaha' as const }, {}, ['/pricing']],
    [{ pricing: 'murabaha' as const }, { offersShariah: true }, []],
    [{}, { offersShariah: true, shariahOnly: true }, ['/pricing']],
    [{ tenorMax: 5 }, {}, ['/tenorMax']],
    [{ tenorMax: 37 }, {}, ['/tenorMax']],
    [{ graceMonths: 24 }, {}, ['/graceMonths']],
    [{ sharePercent: '0' }, {}, ['/sharePercent']],
    [{ recourse: false, holdbackPercent: '50', daysLeftMin: 30, daysLeftMax: 30 }, {}, []],
    [{ holdbackPercent: '50.0001' }, {}, ['/receivables/holdbackPercent']],
    [{ pricing: 'murabaha' as const, recourse: false }, { offersShariah: true }, ['/receivables/recourse']],
    [{ daysLeftMin: 31, daysLeftMax: 30 }, {}, ['/receivables/daysLeftMax']],
    [{ daysLeftMin: 0 }, {}, ['/receivables/daysLeftMin']],
    [{ faceMaxMinor: 1n }, {}, ['/receivables/amountMax']],
  ])('with %p under a mandate with %p has faults in %p', (changes, under, found) => {
    expect(pointers(autoBidFaults({ ...terms, ...changes }, { ...mandate, ...under }))).toEqual(found);
  });
});

describe('a product', () => {
  const terms: ProductTerms = {
    kind: 'term_loan',
    name: 'n',
    localName: 'n',
    currency: 'SAR',
    amountMin: 1n,
    amountMax: 2n,
    tenorMin: 1,
    tenorMax: 2,
    priceBasis: 'fixed_rate',
    priceMin: '5',
    priceMax: '9.5',
    referenceRate: null,
    conditions: [],
    documents: [],
  };
  it.each([
    [{}, []],
    [{ priceMin: '10' }, ['/priceMax']],
    [{ priceBasis: 'margin_over_reference' as const }, ['/referenceRate']],
    [{ kind: 'murabaha' as const }, ['/priceBasis']],
    [{ kind: 'murabaha' as const, priceBasis: 'profit_rate' as const }, []],
    [{ kind: 'equity' as const }, ['/priceBasis']],
  ])('with %p has faults in %p', (changes, found) => {
    expect(pointers(productFaults({ ...terms, ...changes }))).toEqual(found);
  });
});

describe('the sums that a reservation counts in', () => {
  it('are always in one order, and the anchor only where there is one', () => {
    const on = (anchorId: string | null) =>
      exposureLines({ enterpriseId: 'e', anchorId, month: '2026-01' }).map(({ scope }) => scope);
    expect(on(null)).toEqual(['enterprise', 'month']);
    expect(on('a')).toEqual(['anchor', 'enterprise', 'month']);
  });
});
