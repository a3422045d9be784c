import { randomUUID } from 'node:crypto';
import { idBytes } from '#platform';
import { countOf, judge } from './house/evidence.js';
import { type Desk, type Firm, makeFirm } from './house/parties.js';
import {
  type Anchor,
  bidOf,
  bidsOf,
  confirmedInvoice,
  expectSoundBooks,
  listed,
  makeAnchor,
  makeReceivablesBank,
  nextOpening,
  type Receivable,
} from './house/receivables.js';
import { RunningMarket } from './house/running-market.js';

jest.setTimeout(240_000);

interface Sale {
  readonly seller: Firm;
  readonly invoice: Receivable;
  readonly request: { readonly id: string; readonly closesAt: string };
  readonly offerIds: readonly string[];
}

/** More than one bank can buy, less than all: the limits decide while awards are made at once. */
const limit = '250000.00';
let market: RunningMarket;
let anchor: Anchor;
let desks: Desk[];
const sales: Sale[] = [];

beforeAll(async () => {
  market = await RunningMarket.open({ at: nextOpening() });
  anchor = await makeAnchor(market);
  for (let n = 0; n < 2; n++) desks = [...(desks ?? []), await makeReceivablesBank(market, [anchor], limit)];
  for (let n = 0; n < 3; n++) {
    const seller = await makeFirm(market);
    const invoice = await confirmedInvoice(market, seller, anchor);
    const request = await listed(market, seller, [invoice.certificateId]);
    const offerIds: string[] = [];
    for (const [m, { maker }] of desks.entries())
      offerIds.push((await maker.post(bidsOf(request.id), bidOf(`${7 + m}`))).id);
    sales.push({ seller, invoice, request, offerIds });
  }
}, 240_000);
afterAll(() => market.close());

describe('the api killed with -9 while receivables are awarded', () => {
  it('sells each once, to one bank, within its limit, and loses no position', async () => {
    const last = Math.max(...sales.map(({ request }) => Date.parse(request.closesAt)));
    await market.moveClockTo(new Date(last + 60_000).toISOString());
    await market.settle();
    for (const { seller } of sales) await seller.owner.stepUp(market.offsetSeconds);
    let over = false;
    // Every offer three times, each time as a command of its own.
    const accepting = Promise.all(
      sales.map(({ seller, offerIds }) =>
        Promise.all(
          [...offerIds, ...offerIds, ...offerIds].map((id) =>
            seller.owner.insist('POST', `/v1/offers/${id}/accept`, {}, { key: randomUUID() }),
          ),
        ),
      ),
    ).finally(() => (over = true));
    let kills = 0;
    while (!over && kills < 4) {
      kills += 1;
      await market.apis[0]?.kill();
      await market.startApi();
    }
    const refusals = ['already_awarded', 'offer_not_live', 'request_not_open', 'financier_limit_reached'];
    for (const answers of await accepting) {
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const { body } of answers.filter(({ status }) => status !== 200)) expect(refusals).toContain(body.code);
    }
    expect(kills).toBeGreaterThanOrEqual(1);
    await market.settle();
    for (const { request, invoice } of sales) {
      expect(await countOf(market, 'award', request.id)).toBe(1);
      const sold = await market.rows<{ status: string; items: string; bought: string }>(
        `SELECT c.status, (SELECT COUNT(*) FROM assignment_item i WHERE i.certificate_id = c.id) AS items,
           (SELECT COUNT(*) FROM award w JOIN assignment a ON a.id = w.assignment_id WHERE w.request_id = ?
             AND w.financier_id = c.holder_organisation_id AND a.assignee_id = c.holder_organisation_id) AS bought
         FROM certificate c WHERE c.id = ?`,
        [idBytes(request.id), idBytes(invoice.certificateId)],
      );
      expect(sold.map(({ status, items, bought }) => [status, Number(items), Number(bought)])).toEqual([
        ['assigned', 1, 1],
      ]);
    }
    // Three of 120,000 each, of which no bank may have more than two.
    const used = await market.rows<{ used: string }>('SELECT used_minor AS used FROM anchor_limit ORDER BY used_minor');
    expect(used.map((row) => Number(row.used))).toEqual([12_000_000, 24_000_000]);
    const legs = await market.rows("SELECT id FROM settlement_obligation WHERE kind = 'first_leg' AND state = 'open'");
    expect(legs).toHaveLength(sales.length);
    await expectSoundBooks(market);
    await judge(market);
  });
});
