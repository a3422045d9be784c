import fc from 'fast-check';
import { allocate, parseMoney, printAmount } from '#kernel';

const amounts = fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n });
const currencies = fc.constantFrom('SAR', 'JPY', 'KWD', 'CLF');

describe('money', () => {
  it('reads back what it prints, in currencies of 0, 2, 3 and 4 decimals', () => {
    fc.assert(
      fc.property(amounts, currencies, (minor, currency) => {
        expect(parseMoney(printAmount({ minor, currency }), currency)).toEqual({ minor, currency });
      }),
    );
  });

  it.each(['1e3', '1,000.00', '1.234', '', ' 1', '٣', '+1', '.5', '1.'])('refuses %j in riyals', (amount) => {
    expect(() => parseMoney(amount, 'SAR')).toThrow(expect.objectContaining({ code: 'money_malformed' }));
  });
});

describe('allocate', () => {
  it('always adds up to the whole, and gives no part more than one unit above its share', () => {
    fc.assert(
      fc.property(
        amounts,
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 }),
        (total, weights) => {
          const sum = weights.reduce((a, b) => a + b, 0n);
          fc.pre(sum > 0n);
          const parts = allocate(total, weights);
          expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
          parts.forEach((part, i) => {
            const exact = total * (weights[i] as bigint);
            const off = part * sum - exact;
            expect(off < sum && off > -sum).toBe(true);
          });
        },
      ),
    );
  });
});
