// Made-up lenders for the rehearsal with real requests. What they ask for is made up too, but within the law of 7(a) loans: the
// margin over the base rate is at most 6.5 points up to 50,000 dollars, 6 up to 250,000, 4.5 up to 350,000, then 3 (13 CFR 120.214).

const any = { sectors: '', regions: '', size_classes: '', age_bands: '', collateral: '', rural_only: 'no' };

/** [name, kinds of product, smallest, largest, shortest, longest, lowest margin, highest margin, what else] */
const bank = [
  ['Small loans', 'term_loan', 25_000, 350_000, 12, 120, 2.75, 4.25, {}],
  [
    'Standard loans',
    'term_loan',
    350_001,
    5_000_000,
    36,
    300,
    2.25,
    3,
    { collateral: 'real_estate; scheme_guarantee' },
  ],
  ['Lines of credit', 'working_capital_line', 10_000, 350_000, 6, 120, 2.75, 4.5, {}],
  ['Real estate', 'term_loan', 100_000, 5_000_000, 120, 360, 1.75, 2.75, { collateral: 'real_estate' }],
];
const lender = [
  ['Express loans', 'term_loan', 5_000, 150_000, 6, 84, 4.5, 6, {}],
  ['Express lines', 'working_capital_line', 5_000, 150_000, 3, 84, 4.5, 6, {}],
  ['Rental firms', 'term_loan; working_capital_line', 20_000, 750_000, 12, 120, 2.5, 3, { sectors: 'N' }],
  [
    'Young firms',
    'term_loan; working_capital_line',
    10_000,
    250_000,
    12,
    120,
    4.5,
    6,
    { age_bands: 'under_1; 1_to_2' },
  ],
];
const fund = [
  ['Micro loans', 'term_loan; working_capital_line', 5_000, 50_000, 6, 84, 2, 3.5, { size_classes: 'micro' }],
  ['Rural firms', 'term_loan; working_capital_line', 10_000, 1_000_000, 12, 300, 1.5, 2.5, { rural_only: 'yes' }],
  ['California', 'term_loan', 25_000, 500_000, 12, 120, 2, 3, { regions: 'US-CA' }],
  ['New York', 'term_loan', 25_000, 500_000, 12, 120, 2, 3, { regions: 'US-NY' }],
];

const groups = [
  { kind: 'bank', count: 12, mandates: bank, regulator: 'Office of the Comptroller of the Currency' },
  { kind: 'non_bank_lender', count: 8, mandates: lender, regulator: 'Small Business Administration' },
  {
    kind: 'development_fund',
    count: 6,
    mandates: fund,
    regulator: 'Community Development Financial Institutions Fund',
  },
];

/** Twenty-six lenders with 104 mandates; margins are spread evenly over each range, in an order that differs by mandate. */
export const lenders = groups.flatMap(({ kind, count, mandates, regulator }) =>
  Array.from({ length: count }, (_, n) => {
    const slug = `${kind.replaceAll('_', '-')}-${n + 1}`;
    return {
      slug,
      kind,
      regulator,
      registration: `F-${slug}`,
      mandates: mandates.map(([name, products, least, most, shortest, longest, low, high, more], m) => ({
        reference: `${slug}-${m + 1}`,
        name,
        margin: (low + ((high - low) * ((n * 5 + m * 3) % count)) / (count - 1)).toFixed(4),
        feePercent: kind === 'bank' ? '0.5' : '1',
        tenorMax: longest,
        row: {
          name,
          status: 'live',
          product_kinds: products,
          currency: 'USD',
          amount_min: least,
          amount_max: most,
          tenor_min: shortest,
          tenor_max: longest,
          ...any,
          ...more,
          limit_per_enterprise: most,
          monthly_appetite: most * 100,
        },
      })),
    };
  }),
);
