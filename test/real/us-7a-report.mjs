// What the rehearsal found, read from its own throw-away database.

const sorted = (values) => [...values].sort((a, b) => a - b);
const at = (values, share) => values[Math.min(values.length - 1, Math.floor(values.length * share))];
const spread = (values, digits = 0) => {
  const found = sorted(values);
  return found.length === 0
    ? 'none'
    : ['least', at(found, 0), 'half', at(found, 0.5), 'nine tenths', at(found, 0.9), 'most', found.at(-1)]
        .map((value) => (typeof value === 'number' ? value.toFixed(digits) : value))
        .join(' ');
};

/** Figures and broken invariants of the market as it stands. */
export async function findings(connection, rules) {
  const rows = async (sql) => (await connection.query(sql))[0];
  const requests = await rows(
    `SELECT HEX(r.id) AS id, r.state, r.product_kind, COUNT(m.financier_id) AS matched, SUM(m.state <> 'waiting') AS invited,
            (SELECT COUNT(*) FROM offer o WHERE o.request_id = r.id AND o.state = 'live') AS offers
     FROM funding_request r LEFT JOIN request_match m ON m.request_id = r.id WHERE r.state = 'open' GROUP BY r.id`,
  );
  const offers = await rows(
    "SELECT HEX(request_id) AS request, HEX(financier_id) AS financier, apr, total_cost_minor AS cost, amount_minor AS amount FROM offer WHERE state = 'live'",
  );
  const byRequest = Map.groupBy ? Map.groupBy(offers, ({ request }) => request) : groupBy(offers);
  const competed = [...byRequest.values()].filter((found) => found.length > 1);
  const range = (found, pick) => Math.max(...found.map(pick)) - Math.min(...found.map(pick));
  const apr = ({ apr: rate }) => Number(rate);
  const matched = requests.filter(({ matched: count }) => Number(count) > 0);
  const lines = [
    `open requests: ${requests.length}; matched by at least one lender: ${matched.length}; by none: ${requests.length - matched.length}`,
    `lenders found per request: ${spread(requests.map(({ matched: count }) => Number(count)))}`,
    `offers: ${offers.length}; per request: ${spread(requests.map(({ offers: count }) => Number(count)))}`,
    `annual rate of all offers, percent: ${spread(offers.map(apr), 2)}`,
    `annual rate of the best offer of each request, percent: ${spread(
      [...byRequest.values()].map((found) => Math.min(...found.map(apr))),
      2,
    )}`,
    `from the best to the worst offer of one request, points a year: ${spread(
      competed.map((found) => range(found, apr)),
      2,
    )}`,
    `what the best saves against the worst, dollars in all: ${spread(competed.map((found) => range(found, ({ cost }) => Number(cost)) / 100))}`,
  ];
  const broken = [];
  if (requests.some(({ invited }) => Number(invited) > rules.invitedAtMost))
    broken.push('more lenders invited than the rule allows');
  if (new Set(offers.map(({ request, financier }) => request + financier)).size !== offers.length)
    broken.push('a lender has two offers on one request');
  if (offers.some((offer) => !(apr(offer) > 0))) broken.push('an offer without an annual rate');
  const [{ strangers }] = await rows(
    `SELECT COUNT(*) AS strangers FROM offer o LEFT JOIN request_match m ON m.request_id = o.request_id AND m.financier_id = o.financier_id
     WHERE m.state IS NULL OR m.state = 'waiting'`,
  );
  if (Number(strangers) > 0) broken.push('an offer of a lender that was not invited');
  return { lines, broken, open: requests.length, offers: offers.length };
}

function groupBy(offers) {
  const groups = new Map();
  for (const offer of offers) groups.set(offer.request, [...(groups.get(offer.request) ?? []), offer]);
  return groups;
}

/** How many rows had which answer; refusals by code. */
export function tally(answers) {
  const counts = new Map();
  for (const { result, error } of answers) {
    const fields = error?.fields?.map(({ pointer }) => pointer).join(' ');
    const name = error ? `${error.code}${fields ? ` (${fields})` : ''}` : result;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}
