// The market's list of 1,000,000 receivables, filtered by due day, anchor, amount and the seller's facts (issue 4): speed beside the
// bare server. It is the list of all requests; receivables add the due day and the anchor to what it can be asked by.
import { idOf, idSql, kinds, nowSql } from './bench-market.mjs';
import { report, rounded } from './figures.mjs';
import { measureList } from './measured-list.mjs';
import { makeMatches, makeRequests } from './request-data.mjs';

const total = 1_000_000;
const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** A large anchor and one with few receivables. */
const [large, small] = [idOf(kinds.anchor, 0), idOf(kinds.anchor, 900)];
const anchorIs = (id) => ` AND r.anchor_id = UNHEX('${id.replaceAll('-', '')}')`;

const questions = [
  {
    query: `sort=newest&dueFrom=${inDays(30)}&dueTo=${inDays(60)}`,
    order: 'r.opened_at DESC, r.id DESC',
    where: ` AND r.due_on BETWEEN '${inDays(30)}' AND '${inDays(60)}'`,
  },
  {
    query: `sort=closing&anchor=${large}&currency=SAR`,
    order: 'r.closes_at, r.id',
    where: `${anchorIs(large)} AND r.currency = 'SAR'`,
  },
  {
    query: `sort=amount&anchor=${small}&dueTo=${inDays(90)}`,
    order: 'r.amount_minor DESC, r.id DESC',
    where: `${anchorIs(small)} AND r.due_on <= '${inDays(90)}'`,
  },
  {
    query: `sort=score&product=receivables_pool&amountFrom=1000000&amountTo=5000000&dueFrom=${inDays(60)}`,
    order: 'm.score DESC, r.id DESC',
    where: ` AND r.product_kind = 'receivables_pool' AND r.amount_minor BETWEEN 100000000 AND 500000000 AND r.due_on >= '${inDays(60)}'`,
  },
  {
    query: `sort=newest&sector=C,F,G&size=small&dueTo=${inDays(20)}`,
    order: 'r.opened_at DESC, r.id DESC',
    where: ` AND r.sector IN ('C','F','G') AND r.size_class = 'small' AND r.due_on <= '${inDays(20)}'`,
  },
  {
    query: `sort=score&region=SA-05&grade=AAA&womenLed=true&rural=true&dueFrom=${inDays(100)}&dueTo=${inDays(101)}`,
    order: 'm.score DESC, r.id DESC',
    where: ` AND r.region = 'SA-05' AND r.grade = 'AAA' AND r.women_led = 1 AND r.rural = 1 AND r.due_on BETWEEN '${inDays(100)}' AND '${inDays(101)}'`,
  },
];

const { sanad, bare, memory } = await measureList({
  asked: questions,
  name: '1,000,000 receivables, all of them listed',
  fill: async (sql) => {
    await makeRequests(sql, { to: total, receivables: true });
    await makeMatches(sql, { to: total, financier: '0' });
    await sql(
      `INSERT INTO anchor_limit (financier_id, anchor_id, currency, limit_minor, used_minor, ceiling_minor, changed_at)
       SELECT ${idSql(kinds.financier, '0')}, ${idSql(kinds.anchor, 'n')}, 'SAR', 1000000000000, 0, 0, ${nowSql} FROM number WHERE n < 1000`,
    );
  },
});
const ofBare = sanad.rate / bare.rate;
report('list of 1,000,000 receivables, of the bare limit', rounded(ofBare), '×', '≥ 0.5', ofBare >= 0.5);
report('list of 1,000,000 receivables', Math.round(sanad.rate), 'a second');
report('list of 1,000,000 receivables, p99', rounded(sanad.p99, 1), 'ms');
report('api with a book of 1,000,000 receivables, resident', memory, 'MB');
