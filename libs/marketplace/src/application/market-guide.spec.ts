// size: one executor for each kind of example in the guide
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dueAt, dueCalculator } from '#finance';
import {
  type AgeBand,
  type CalendarDate,
  type Mandate,
  parseMoney,
  printAmount,
  type Sector,
  type SizeClass,
} from '#kernel';
import { businessCalendars } from '#platform/rulebooks';
import { type ClosingRule, extendedClose } from '../domain/closing.policy.js';
import { honourRate, type PastAward } from '../domain/honour-rate.calculation.js';
import { discountFigures } from '../domain/discount-figures.js';
import { marketHours } from '../domain/market-hours.policy.js';
import type { MarketRules } from '../domain/market-rules.js';
import { failedRules, matchRules, matchScore, type MatchScore, withAnchorLimits } from '../domain/matching.policy.js';
import { offerDetail, offerFigures } from '../domain/offer-figures.js';
import type { OfferFee } from '../domain/offer-terms.js';
import { amountBand, rankOffers, tenorBand } from '../domain/ranking.policy.js';

/** The worked examples of the market's guide are executed; their arithmetic stands beside them in words. */
const root = join(__dirname, '../../../..');
const marketBook = JSON.parse(readFileSync(join(root, 'config/countries/sa/market.json'), 'utf8')) as ClosingRule &
  Pick<MarketRules, 'receivables'>;
const page = (name: string) => readFileSync(join(root, 'docs/guide', `${name}.md`), 'utf8');
const block = /```json (\w+)\n([\s\S]*?)```\n+```json answer\n([\s\S]*?)```/g;
const sar = (amount: string) => parseMoney(amount, 'SAR');
const anyMandate = {
  id: 'm',
  financierId: 'f',
  productKinds: [],
  currency: 'SAR',
  sectors: [],
  regions: [],
  sizeClasses: [],
  ageBands: [],
  gradeFloor: null,
  collateral: [],
  offersShariah: false,
  shariahOnly: false,
  womenLedOnly: false,
  ruralOnly: false,
};

function match({ mandate, brief }: Shown<'match'>): unknown {
  const full = {
    ...anyMandate,
    ...mandate,
    amountMin: sar(mandate.amountMin).minor,
    amountMax: sar(mandate.amountMax).minor,
  } as unknown as Mandate;
  const asked = {
    requestId: 'r',
    productKind: 'term_loan' as const,
    region: 'SA-01',
    ageBand: '6_to_10' as AgeBand,
    grade: null,
    shariahOnly: false,
    collateral: [],
    womenLed: false,
    rural: false,
    ...brief,
    amount: sar(brief.amount),
  };
  const failed = failedRules(full, asked);
  return failed.length > 0 ? { failed } : { failed, score: matchScore(full, asked) };
}

function ranking({ asked, offers }: Shown<'ranking'>): unknown {
  const wanted = { amount: sar(asked.amount), tenorMonths: asked.tenorMonths };
  const ranked = offers.map((offer) => ({
    ...offer,
    amount: sar(offer.amount),
    totalCostMinor: sar(offer.totalCost).minor,
    receivedMinor: 0n,
    placedAt: new Date(0),
  }));
  const bands = (of: (offer: (typeof ranked)[number]) => number) =>
    Object.fromEntries(ranked.map((offer) => [offer.id, of(offer)]));
  return {
    order: rankOffers(ranked, wanted).map(({ id }) => id),
    amountBands: bands(({ amount }) => amountBand(amount, wanted.amount)),
    tenorBands: bands(({ tenorMonths }) => tenorBand(tenorMonths, wanted.tenorMonths)),
  };
}

function figures({ amount, tenorMonths, on, annualRate, fees }: Shown<'figures'>): unknown {
  const terms = {
    contract: 'conventional' as const,
    interest: 'declining' as const,
    amortization: 'equal_instalments' as const,
    everyMonths: 1,
    graceInstalments: 0,
    collateral: [],
    conditions: [],
    customerChecks: [],
    recourse: true,
    earlySettlementPercent: '0',
    lateChargePercent: '0',
    fees,
    price: { kind: 'fixed' as const, annualRate },
  };
  const day = new Date(`${on}T09:00:00Z`);
  const { apr } = offerFigures(terms, sar(amount), tenorMonths, day);
  const cost = offerDetail(terms, sar(amount), tenorMonths, day);
  const [first] = cost.payments;
  return {
    received: printAmount(cost.received),
    firstInterest: first && printAmount(first.interest),
    instalment: first && printAmount(first.total),
    repaid: printAmount(cost.repaid),
    totalCost: printAmount(cost.totalCost),
    apr,
  };
}

function periods({ calendar, openedAt, biddingWorkingDays, decideWorkingDays }: Shown<'periods'>): unknown {
  const book = businessCalendars().get(calendar);
  if (!book) throw new Error(`no calendar ${calendar}`);
  const closesAt = dueCalculator(businessCalendars())({
    calendar,
    submittedAt: openedAt,
    workingDays: biddingWorkingDays,
  }) as { dueAt: string };
  const decideBy = dueAt(book, new Date(closesAt.dueAt).getTime() + 1, decideWorkingDays).dueAt;
  return { closesAt: closesAt.dueAt, decideBy: riyadh(decideBy) };
}

/** Instants as the page prints them, with the offset of Riyadh. */
const riyadh = (instant: number) => `${new Date(instant + 3 * 3_600_000).toISOString().slice(0, 19)}+03:00`;

function closing({ mode, closesAt, extensions, offer, at }: Shown<'closing'>): unknown {
  const { extensionMinutes, extensionsAtMost } = marketBook;
  const competition = { mode, closesAt: new Date(closesAt), extensions };
  const moved = extendedClose(competition, offer, new Date(at), { extensionMinutes, extensionsAtMost });
  return { closesAt: riyadh((moved ?? competition.closesAt).getTime()) };
}

/** By the conventions of the Saudi rule book. */
function bid({ parts, settlesOn, annualRate, holdbackPercent, fees }: Shown<'bid'>): unknown {
  const { dayCount, rateIs, rounding } = marketBook.receivables;
  const discount = { holdbackPercent, settlesOn, dayCount, rateIs, rounding, parts };
  const terms = {
    contract: 'discount' as const,
    interest: 'flat' as const,
    amortization: 'bullet' as const,
    everyMonths: 1,
    graceInstalments: 0,
    collateral: [],
    conditions: [],
    customerChecks: [],
    recourse: false,
    earlySettlementPercent: '0',
    lateChargePercent: '0',
    fees,
    price: { kind: 'fixed' as const, annualRate },
  };
  const { holdback, discount: taken, fees: feesTaken, net, totalCost, apr } = discountFigures(terms, discount, 'SAR');
  return {
    holdback: printAmount(holdback),
    discount: printAmount(taken),
    fees: printAmount(feesTaken),
    net: printAmount(net),
    totalCost: printAmount(totalCost),
    apr,
  };
}

function hours({ calendar, at }: Shown<'hours'>): unknown {
  const book = businessCalendars().get(calendar);
  if (!book) throw new Error(`no calendar ${calendar}`);
  const found = marketHours(book, new Date(at));
  return found.open ? found : { open: false, opensAt: riyadh(found.opensAt.getTime()) };
}

interface Inputs {
  match: {
    mandate: { amountMin: string; amountMax: string };
    brief: { amount: string; tenorMonths: number; sector: Sector; sizeClass: SizeClass };
  };
  ranking: {
    asked: { amount: string; tenorMonths: number };
    offers: { id: string; amount: string; tenorMonths: number; apr: number; totalCost: string }[];
  };
  figures: { amount: string; tenorMonths: number; on: string; annualRate: string; fees: OfferFee[] };
  periods: { calendar: string; openedAt: string; biddingWorkingDays: number; decideWorkingDays: number };
  closing: {
    mode: 'sealed' | 'ranked';
    closesAt: string;
    extensions: number;
    offer: { binding: boolean; rank: number };
    at: string;
  };
  honour: PastAward[];
  bid: {
    parts: { dueOn: CalendarDate; amount: string }[];
    settlesOn: CalendarDate;
    annualRate: string;
    holdbackPercent: string;
    fees: OfferFee[];
  };
  hours: { calendar: string; at: string };
  score: { parts: MatchScore['parts']; hasLimits: boolean };
}
type Shown<K extends keyof Inputs> = Inputs[K];

const executors: { readonly [K in keyof Inputs]: (input: Inputs[K]) => unknown } = {
  match,
  ranking,
  figures,
  periods,
  closing,
  honour: honourRate,
  bid,
  hours,
  score: ({ parts, hasLimits }) => withAnchorLimits({ total: 0, parts }, hasLimits),
};

const pages = ['market-rules', 'matching', 'comparison', 'receivables-market'];

describe.each(pages)('guide page %s', (name) => {
  const text = page(name);
  const examples = [...text.matchAll(block)].map(([, kind, input, answer], n) => ({
    title: `example ${n + 1}, ${kind}`,
    run: executors[kind as keyof Inputs] as (input: unknown) => unknown,
    input: JSON.parse(input as string) as unknown,
    answer: JSON.parse(answer as string) as unknown,
  }));

  it('executes every block of JSON', () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(text.split('```json').length - 1).toBe(2 * examples.length);
  });

  it.each(examples)('$title', ({ run, input, answer }) => {
    expect(run(input)).toEqual(answer);
  });
});

describe('the tables of the guide', () => {
  const named = (name: string) => [...page(name).matchAll(/^\| `(\w+)`/gm)].map(([, field]) => field ?? '');

  it('explain every field of the rule book', () => {
    const header = ['kind', 'id', 'title', 'version', 'sources', 'validFrom'];
    expect(named('market-rules').sort()).toEqual(
      Object.keys(marketBook)
        .filter((field) => !header.includes(field))
        .sort(),
    );
  });

  it('explain every rule of matching, in its order', () => {
    expect(named('matching')).toEqual([...matchRules]);
  });
});
