// The market's list for a financier that sees very many requests (issue 2): speed beside the bare server, p99 beside a small market,
// and the same under skew, where the statement that one would write first falls off a cliff.
import { report, rounded } from './figures.mjs';
import { measureList } from './measured-list.mjs';
import { clusteredAmounts, evenAmounts, makeMatches, makeRequests } from './request-data.mjs';

/** What financiers ask: mostly filtered, in every order, also pages further on. `plain` is the same in SQL, for the first idea. */
const questions = [
  { query: 'sort=newest', order: 'r.opened_at DESC, r.id DESC', where: '' },
  { query: 'sort=closing&sector=C,F,G', order: 'r.closes_at, r.id', where: " AND r.sector IN ('C','F','G')" },
  {
    query: 'sort=amount&size=small&currency=SAR&amountTo=2000000',
    order: 'r.amount_minor DESC, r.id DESC',
    where: " AND r.size_class IN ('small') AND r.currency = 'SAR' AND r.amount_minor <= 200000000",
  },
  {
    query: 'sort=score&region=SA-01,SA-02&grade=AAA,AA,A&shariahOnly=true',
    order: 'm.score DESC, r.id DESC',
    where: " AND r.region IN ('SA-01','SA-02') AND r.grade IN ('AAA','AA','A') AND r.shariah_only = 1",
  },
  {
    query: 'sort=newest&amountFrom=1000000&amountTo=3000000&tenorFrom=12&tenorTo=24&product=term_loan',
    order: 'r.opened_at DESC, r.id DESC',
    where:
      " AND r.product_kind IN ('term_loan') AND r.amount_minor BETWEEN 100000000 AND 300000000 AND r.tenor_months BETWEEN 12 AND 24",
  },
  {
    query: 'sort=score&sector=A&region=SA-05&grade=AAA&womenLed=true&rural=true',
    order: 'm.score DESC, r.id DESC',
    where:
      " AND r.sector IN ('A') AND r.region IN ('SA-05') AND r.grade IN ('AAA') AND r.women_led = 1 AND r.rural = 1",
  },
];

/** Rare matches among clustered amounts: a score of requests from 20 million on, hidden among 400,000. */
const rare = [
  {
    query: 'sort=newest&amountFrom=20000000',
    order: 'r.opened_at DESC, r.id DESC',
    where: ' AND r.amount_minor >= 2000000000',
  },
  {
    query: 'sort=closing&amountFrom=15000000&currency=SAR',
    order: 'r.closes_at, r.id',
    where: " AND r.amount_minor >= 1500000000 AND r.currency = 'SAR'",
  },
  {
    query: 'sort=score&sector=B&region=SA-03&grade=CCC&size=micro&womenLed=true&rural=true',
    order: 'm.score DESC, r.id DESC',
    where:
      " AND r.sector IN ('B') AND r.region IN ('SA-03') AND r.grade IN ('CCC') AND r.size_class IN ('micro') AND r.women_led = 1 AND r.rural = 1",
  },
  {
    query: 'sort=newest&amountFrom=600000&amountTo=19000000',
    order: 'r.opened_at DESC, r.id DESC',
    where: ' AND r.amount_minor BETWEEN 60000000 AND 1900000000',
  },
];

const measure = ({ total, listed, amounts, asked, name }) =>
  measureList({
    asked,
    name,
    fill: async (sql) => {
      await makeRequests(sql, { to: total, open: listed, amounts });
      await makeMatches(sql, { to: total, open: listed, financier: '0' });
    },
  });

const small = await measure({
  total: 10_000,
  listed: 10_000,
  amounts: evenAmounts,
  asked: questions,
  name: '10,000 requests',
});
const large = await measure({
  total: 1_000_000,
  listed: 400_000,
  amounts: evenAmounts,
  asked: questions,
  name: '1,000,000 requests, 400,000 of them open',
});
const skewed = await measure({
  total: 400_000,
  listed: 400_000,
  amounts: clusteredAmounts,
  asked: rare,
  name: '400,000 open, amounts clustered, rare matches',
});

const ofBare = large.sanad.rate / large.bare.rate;
const p99 = large.sanad.p99 / small.sanad.p99;
const skew = skewed.sanad.rate / large.sanad.rate;
report('list of 1,000,000 requests, of the bare limit', rounded(ofBare), '×', '≥ 0.7', ofBare >= 0.7);
report(
  'the same, of a bare server that gathers reads as ours does',
  rounded(large.sanad.rate / large['bare, gathering'].rate),
  '×',
);
report('list of 1,000,000 requests, p99 of that with 10,000', rounded(p99), '×', '≤ 1.5', p99 <= 1.5);
report('list under skew, of its rate without', rounded(skew), '×', '≥ 0.7', skew >= 0.7);
report('list of 1,000,000 requests', Math.round(large.sanad.rate), 'a second');
report('api with a book of 400,000 requests, resident', large.memory, 'MB');
