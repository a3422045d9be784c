import { RandomMarket } from '../testing/random-market.js';
import {
  anonymityOrder,
  type BriefFact,
  type CellCount,
  decideFact,
  decideFacts,
  shownFacts,
} from './anonymity.policy.js';

type Facts = Record<BriefFact, string | null>;

/** A firm's values, drawn so that some are common and many are rare, as in a real register. */
function firm(market: RandomMarket): Facts {
  const skewed = (name: string, values: number): string => `${name}${Math.floor(values * market.next() ** 3)}`;
  return {
    sizeClass: skewed('size', 3),
    sector: skewed('sector', 12),
    region: skewed('region', 6),
    womenLed: market.next() < 0.25 ? 'yes' : 'no',
    rural: market.next() < 0.2 ? 'yes' : 'no',
    ageBand: skewed('age', 5),
    revenueBand: market.next() < 0.1 ? null : skewed('revenue', 7),
    staffBand: skewed('staff', 6),
  };
}

function look(firms: readonly Facts[], own: Facts, atLeast = 5): string {
  const cells: CellCount[] = firms.map((facts) => ({ ...facts, firms: 1 }));
  const shown = shownFacts(own, decideFacts(anonymityOrder, cells, own, atLeast));
  return JSON.stringify(shown);
}

describe('what an anonymous brief shows', () => {
  it('leaves at least five firms with the very same brief, whoever submits (500 random markets)', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const market = new RandomMarket(seed);
      const firms = Array.from({ length: 5 + market.below(60) }, () => firm(market));
      const briefs = new Map<string, number>();
      for (const own of firms) {
        const brief = look(firms, own);
        briefs.set(brief, (briefs.get(brief) ?? 0) + 1);
      }
      expect([seed, Math.min(...briefs.values()) >= 5]).toEqual([seed, true]);
    }
  });

  it('shows nothing where the whole market is smaller than that', () => {
    const market = new RandomMarket(3);
    const firms = Array.from({ length: 4 }, () => firm(market));
    expect(new Set(Object.values(JSON.parse(look(firms, firms[0] as Facts)) as Facts))).toEqual(new Set([null]));
  });

  it('shows everything where all firms are alike', () => {
    const own = { ...firm(new RandomMarket(1)), revenueBand: '0..1000000' };
    expect(JSON.parse(look([own, own, own, own, own], own))).toEqual(own);
  });

  it('hides the rarest common value with rare ones that are too few to hide behind each other', () => {
    const counts = [
      ['C', 9],
      ['G', 6],
      ['A', 2],
    ] as const;
    const of = (own: string) => decideFact('sector', counts, own, 5);
    expect(of('C')).toMatchObject({ shown: true, values: ['C'], firms: 9 });
    // Were G shown, whoever knows the register would know that a brief without a sector is one of two.
    expect(of('G')).toMatchObject({ shown: false, values: ['A', 'G'], firms: 8 });
    expect(of('A')).toMatchObject({ shown: false, values: ['A', 'G'], firms: 8 });
  });

  it('does not show a flag where those without it would be found by exclusion', () => {
    const of = (own: string, yes: number, no: number) =>
      decideFact(
        'womenLed',
        [
          ['yes', yes],
          ['no', no],
        ],
        own,
        5,
      ).shown;
    expect([of('yes', 5, 5), of('no', 5, 5)]).toEqual([true, true]);
    expect([of('yes', 6, 1), of('no', 6, 1)]).toEqual([false, false]);
    expect(of('yes', 4, 20)).toBe(false);
  });

  it('never shows what is not known, and can be made again from the counts it kept', () => {
    const decision = decideFact(
      'revenueBand',
      [
        [null, 7],
        ['0..1', 8],
      ],
      null,
      5,
    );
    expect(decision).toMatchObject({ shown: false, values: [null], firms: 7 });
    expect(decideFact('revenueBand', decision.counts, null, 5)).toEqual(decision);
  });
});
