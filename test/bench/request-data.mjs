// Funding requests and matches in bulk.
import { idSql, kinds, nowSql } from './bench-market.mjs';

const oneOf = (values, salt) =>
  `ELT(1 + MOD(CRC32(CONCAT('${salt}', n)), ${values.length}), ${values.map((v) => `'${v}'`).join(',')})`;
const products = ['term_loan', 'working_capital_line', 'order_finance', 'lease', 'murabaha', 'equity'];
const sectors = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S'];
const regions = Array.from({ length: 13 }, (_, n) => `SA-${String(n + 1).padStart(2, '0')}`);
const grades = ['AAA', 'AA', 'A', 'BBB', 'BB', 'B', 'CCC'];
/** A share of all, by a hash of the number, so that properties are independent of each other. */
const share = (percent, salt) => `MOD(CRC32(CONCAT('${salt}', n)), 100) < ${percent}`;

/** Amounts from 50,000 to 50 million, evenly by powers of ten. */
export const evenAmounts = `CAST(5000000 * POW(1000, MOD(CRC32(CONCAT('amount', n)), 10007) / 10007) AS UNSIGNED)`;
/** Nearly all between 500,000 and 501,000; one of 20,000 from 20 million on. */
export const clusteredAmounts = `IF(MOD(n, 20000) = 7, 2000000000 + n, 50000000 + MOD(CRC32(CONCAT('amount', n)), 100000))`;

/** The last due day, within half a year from 15 days on, and one of a thousand anchors of very unlike size. */
const receivableColumns = `DATE_FORMAT(${nowSql} + INTERVAL (15 + MOD(CRC32(CONCAT('due', n)), 180)) DAY, '%Y-%m-%d'),
  ${idSql(kinds.anchor, "FLOOR(1000 * POW(MOD(CRC32(CONCAT('anchor', n)), 10007) / 10007, 3))")}`;

/** Requests number `from` to `to` (excluded), those of the first `open` in their state, the others over. */
export async function makeRequests(sql, { from = 0, to, open = to, amounts = evenAmounts, receivables = false }) {
  for (let start = from; start < to; start += 100_000) {
    const end = Math.min(to, start + 100_000);
    await sql(
      `INSERT INTO funding_request (id, enterprise_id, state, product_kind, currency, amount_minor, tenor_months, purpose, anonymous_text, shariah_only, collateral, mode, sector, region,
         size_class, age_band, grade, women_led, rural, revenue_band, staff_band, created_at, submitted_at, opened_at, closes_at, decide_by, due_on, anchor_id)
       SELECT ${idSql(kinds.request, 'n')}, ${idSql(kinds.enterprise, 'MOD(n, 100)')}, IF(n < ${open}, 'open', 'repaid'), ${receivables ? oneOf(['invoice_discounting', 'invoice_discounting', 'receivables_pool'], 'product') : oneOf(products, 'product')},
         IF(${share(90, 'currency')}, 'SAR', 'USD'), ${amounts}, 6 + MOD(CRC32(CONCAT('tenor', n)), 84), 'A second production line for glass, to be bought this year.',
         'A maker of building materials adds a line; orders for two years are signed.', ${share(40, 'shariah')}, '["equipment"]', 'sealed', ${oneOf(sectors, 'sector')},
         ${oneOf(regions, 'region')}, ${oneOf(['micro', 'small', 'medium'], 'size')}, ${oneOf(['1_to_2', '3_to_5', '6_to_10', 'over_10'], 'age')},
         IF(${share(20, 'unrated')}, NULL, ${oneOf(grades, 'grade')}), ${share(20, 'women')}, ${share(20, 'rural')}, '3_to_40m', '6_to_49',
         ${nowSql}, ${nowSql}, FROM_UNIXTIME(1700000000 + n), ${nowSql} + INTERVAL 5 DAY + INTERVAL MOD(CRC32(CONCAT('closes', n)), 864000) SECOND, ${nowSql} + INTERVAL 40 DAY, ${receivables ? receivableColumns : 'NULL, NULL'}
       FROM number WHERE n >= ${start} AND n < ${end}`,
    );
  }
}

/** Every request from `from` to `to` (excluded) matched to the financier that `financier` (SQL over n) numbers. */
export async function makeMatches(sql, { from = 0, to, open = to, financier, disclosed = false }) {
  for (let start = from; start < to; start += 100_000) {
    const range = `FROM number WHERE n >= ${start} AND n < ${Math.min(to, start + 100_000)}`;
    await sql(
      `INSERT INTO request_match (request_id, financier_id, mandate_id, score, score_parts, state, matched_at, invited_at, answer_due, open)
       SELECT ${idSql(kinds.request, 'n')}, ${idSql(kinds.financier, financier)}, ${idSql(kinds.mandate, financier)}, MOD(CRC32(CONCAT('score', n)), 10001) / 100,
         '{"amount":20,"tenor":10,"focus":15,"grade":8}', 'invited', ${nowSql}, ${nowSql}, ${nowSql} + INTERVAL 3 DAY, n < ${open} ${range}`,
    );
    if (disclosed)
      await sql(
        `INSERT INTO disclosure (request_id, financier_id, disclosed_by, disclosed_at)
         SELECT ${idSql(kinds.request, 'n')}, ${idSql(kinds.financier, financier)}, 'bench', ${nowSql} ${range}`,
      );
  }
}
