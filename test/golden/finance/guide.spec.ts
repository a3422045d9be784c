import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aprCalculator, daysCalculator, fnCalculator, offerCost, type OfferTerms, scheduleCalculator } from '#finance';
import { type Money, moneyFromJson, moneyToJson } from '#kernel';

const pages = ['annual-percentage-rate', 'day-counts', 'financial-functions', 'offer-cost', 'repayment-schedules'];

const example = /```json (calc \w+|offer cost)\n([\s\S]*?)```\n+```json answer\n([\s\S]*?)```/g;

/** Money in JSON becomes Money, and back: what the HTTP edge does. */
function withMoney(value: unknown, convert: (value: object) => unknown, isMoney: (value: object) => boolean): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isMoney(value)) return convert(value);
  if (Array.isArray(value)) return value.map((each) => withMoney(each, convert, isMoney));
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withMoney(field, convert, isMoney)]));
}

function costOf(input: unknown): unknown {
  const terms = withMoney(
    input,
    (json) => moneyFromJson(json as never),
    (json) => 'currency' in json && 'amount' in json,
  );
  const cost = offerCost(terms as OfferTerms);
  return withMoney(
    cost,
    (money) => moneyToJson(money as Money),
    (money) => 'minor' in money,
  );
}

const calculators: Readonly<Record<string, (input: unknown) => unknown>> = {
  'calc apr': aprCalculator,
  'calc days': daysCalculator,
  'calc fn': fnCalculator,
  'calc schedule': scheduleCalculator,
  'offer cost': costOf,
};

/** The worked examples of the guide are executed: what a page promises is what the code answers. */
describe.each(pages)('guide page %s', (page) => {
  const text = readFileSync(join(__dirname, '../../../docs/guide', `${page}.md`), 'utf8');
  const examples = [...text.matchAll(example)].map(([, calculator, input, answer], index) => ({
    title: `example ${index + 1}, ${calculator}`,
    calculator: calculator as string,
    input: JSON.parse(input as string) as unknown,
    answer: JSON.parse(answer as string) as object,
  }));

  it('executes every block of JSON', () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(text.split('```json').length - 1).toBe(2 * examples.length);
  });

  it.each(examples)('$title', ({ calculator, input, answer }) => {
    const given = (calculators[calculator] as (input: unknown) => unknown)(input);
    if (calculator === 'offer cost') expect(given).toMatchObject(answer);
    else expect(given).toEqual(answer);
  });
});
