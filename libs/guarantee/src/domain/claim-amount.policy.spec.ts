import { claimAmount, type ClaimExtras, type ClaimFacts } from './claim-amount.policy.js';

const none: ClaimExtras = { interestDays: 0, interestClause: null, costsClause: null };
const facts = (changes: Partial<ClaimFacts> = {}): ClaimFacts => ({
  cover: 750_000n,
  principalAtDefaultMinor: 100_000_00n,
  principalAtClaimMinor: 100_000_00n,
  guaranteedBalanceMinor: 75_000_00n,
  portfolioCapLeftMinor: null,
  interestMinor: 0n,
  interestRate: 0n,
  costsMinor: 0n,
  ...changes,
});

describe('what a claim is worth', () => {
  // 13 CFR 120.520 and SBA SOP 50 57: the guaranteed percentage of the outstanding balance; 75 % above USD 150,000, 85 % up to it.
  it('is the covered share of the principal (US 7(a): 75 % of 100,000)', () => {
    expect(claimAmount(facts(), none)).toMatchObject({ totalMinor: 75_000_00n, boundBy: 'cover_of_principal' });
    expect(claimAmount(facts({ cover: 850_000n, guaranteedBalanceMinor: 85_000_00n }), none).totalMinor).toBe(
      85_000_00n,
    );
  });

  // Japan's shared responsibility (責任共有制度, partial guarantee): the corporation guarantees 80 % of the loan; 10,000,000 yen give 8,000,000.
  it('is 8,000,000 of 10,000,000 yen under shared responsibility', () => {
    const japan = facts({
      cover: 800_000n,
      principalAtDefaultMinor: 10_000_000n,
      principalAtClaimMinor: 10_000_000n,
      guaranteedBalanceMinor: 8_000_000n,
    });
    expect(claimAmount(japan, none).totalMinor).toBe(8_000_000n);
  });

  it('counts the smaller of the principal at default and at claim, whichever it is', () => {
    expect(claimAmount(facts({ principalAtClaimMinor: 80_000_00n }), none)).toMatchObject({
      baseMinor: 80_000_00n,
      totalMinor: 60_000_00n,
    });
    expect(claimAmount(facts({ principalAtDefaultMinor: 80_000_00n }), none).totalMinor).toBe(60_000_00n);
  });

  it('never passes what the certificate still guarantees, nor what the portfolio may still pay', () => {
    expect(claimAmount(facts({ guaranteedBalanceMinor: 50_000_00n }), none)).toMatchObject({
      totalMinor: 50_000_00n,
      boundBy: 'guaranteed_balance',
    });
    expect(claimAmount(facts({ portfolioCapLeftMinor: 10_000_00n }), none)).toMatchObject({
      totalMinor: 10_000_00n,
      boundBy: 'portfolio_cap',
    });
    expect(claimAmount(facts({ portfolioCapLeftMinor: 0n }), none).totalMinor).toBe(0n);
  });

  it('rounds the guarantor’s share down', () => {
    expect(
      claimAmount(facts({ cover: 800_000n, principalAtClaimMinor: 101n, guaranteedBalanceMinor: 1_000n }), none)
        .totalMinor,
    ).toBe(80n);
  });

  it('pays interest and costs by a clause only', () => {
    const asked = facts({ interestMinor: 9_000_00n, interestRate: 100_000n, costsMinor: 1_000_00n });
    expect(claimAmount(asked, none).totalMinor).toBe(75_000_00n);
    // 120 days of 10 % a year on 100,000 are 3,287.67 (13 CFR 120.522: interest up to 120 days); 75 % of it, rounded down.
    const clause: ClaimExtras = { interestDays: 120, interestClause: 'C4', costsClause: 'C5' };
    expect(claimAmount(asked, clause)).toMatchObject({
      interestMinor: 2_465_75n,
      costsMinor: 750_00n,
      totalMinor: 78_215_75n,
    });
  });

  it('keeps interest and costs within the cap as well', () => {
    const asked = facts({
      interestMinor: 9_000_00n,
      interestRate: 100_000n,
      costsMinor: 1_000_00n,
      portfolioCapLeftMinor: 76_000_00n,
    });
    const clause: ClaimExtras = { interestDays: 120, interestClause: 'C4', costsClause: 'C5' };
    expect(claimAmount(asked, clause)).toMatchObject({ interestMinor: 1_000_00n, costsMinor: 0n });
  });
});
