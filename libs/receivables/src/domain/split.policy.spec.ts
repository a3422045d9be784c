import { splitPartners } from './split.policy.js';

const rule = { parts: 3, relatedParts: 8 };
const claim = (id: string, number: string, amount: number) => ({ id, number, amountMinor: BigInt(amount) });
const whole = claim('w', 'INV-100', 100_000);

describe('an invoice that was split', () => {
  it('is found by its last part, whatever the parts are called', () => {
    expect(splitPartners(claim('b', 'Z-2', 40_000), [whole, claim('a', 'Y-1', 60_000)], rule)).toEqual(['w', 'a']);
  });

  it('is found when the whole comes last', () => {
    const parts = [claim('a', 'Y-1', 60_000), claim('b', 'Z-2', 25_000), claim('c', 'Q-3', 15_000)];
    expect([...splitPartners(whole, parts, rule)].sort()).toEqual(['a', 'b', 'c']);
  });

  it('is found in eight parts that carry its number', () => {
    const parts = Array.from({ length: 8 }, (_, index) => claim(`p${index}`, `INV-100/${index + 2}`, 12_500));
    expect(splitPartners(whole, parts, rule)).toHaveLength(8);
  });

  it('is not seen where parts do not add up, or too many of other numbers would have to', () => {
    expect(splitPartners(claim('b', 'Z-2', 40_001), [whole, claim('a', 'Y-1', 60_000)], rule)).toEqual([]);
    const many = Array.from({ length: 5 }, (_, index) => claim(`p${index}`, `N-${index}${index}`, 20_000));
    expect(splitPartners(whole, many, rule)).toEqual([]);
  });

  it('answers in bounded time for amounts that nearly add up', () => {
    const many = Array.from({ length: 40 }, (_, index) => claim(`p${index}`, `INV-100-${index}`, 2 * index + 2));
    const started = performance.now();
    expect(splitPartners(claim('w', 'INV-100', 99_999), many, rule)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
