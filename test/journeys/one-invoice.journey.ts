import { randomUUID } from 'node:crypto';
import { idBytes } from '#platform';
import { spellings } from '../../libs/receivables/src/testing/spellings.js';
import { judge } from '../faults/house/evidence.js';
import { type Desk, type Firm, makeFirm } from '../faults/house/parties.js';
import type { Answer, Json, Person } from '../faults/house/person.js';
import {
  type Anchor,
  ApiClient,
  bidOf,
  bidsOf,
  dayOf,
  expectSoundBooks,
  heldBy,
  invoiceOf,
  listSupplier,
  makeAnchor,
  makeReceivablesBank,
  nextOpening,
  proposeConfirmation,
} from '../faults/house/receivables.js';
import { RunningMarket } from '../faults/house/running-market.js';

jest.setTimeout(120_000);

/** One invoice in fifty spellings through two api processes: two uploaders, a program of each, and two banks that want it. */
let market: RunningMarket;
let anchor: Anchor;
let seller: Firm;
let desks: Desk[];

beforeAll(async () => {
  market = await RunningMarket.open({ at: nextOpening(), apis: 2 });
  anchor = await makeAnchor(market);
  seller = await makeFirm(market);
  await listSupplier(anchor, seller);
  desks = [await makeReceivablesBank(market, [anchor]), await makeReceivablesBank(market, [anchor])];
}, 120_000);
afterAll(() => market.close());

/** Sent again with the same key while the answer is that too many are at one record. */
const send = (person: Person, n: number, path: string, body: object): Promise<Answer> =>
  person.insist('POST', path, body, { key: randomUUID(), at: market.address(n % 2) });

/** Everything that is free is offered on the market at once; gives the requests that stand. */
async function listAll(firm: Firm = seller): Promise<{ open: Json[]; refused: Json[] }> {
  const held = await heldBy(firm);
  const answers = await Promise.all(
    held.map(({ id }, n) => send(firm.owner, n, '/v1/receivable-requests', { certificateIds: [id] })),
  );
  const open = answers.filter(({ status }) => status < 300).map(({ body }) => body);
  return { open, refused: answers.filter(({ status }) => status >= 300).map(({ body }) => body) };
}

describe('one invoice in fifty spellings at once', () => {
  it('is confirmed in each that differs, and each but one waits for a reviewer', async () => {
    const [issuedOn, dueOn] = [dayOf(market, -3), dayOf(market, 90)];
    const upload = (otherPartyId: string, spelling: string) =>
      invoiceOf(market, otherPartyId, { number: spelling, issuedOn, dueOn });
    const [ofSeller, ofAnchor] = await Promise.all([
      ApiClient.make(seller.owner, ['receivable.upload']),
      ApiClient.make(anchor.admin, ['receivable.upload'], { oauth: true }),
    ]);
    // Each spelling by two of the four, in turn.
    const ways: ((spelling: string, n: number) => Promise<Answer>)[] = [
      (spelling, n) => send(seller.owner, n, '/v1/receivables', upload(anchor.id, spelling)),
      (spelling) => ofAnchor.post('/v1/receivables', upload(seller.id, spelling)),
      (spelling) => ofSeller.post('/v1/receivables', upload(anchor.id, spelling)),
      (spelling, n) => send(anchor.maker, n, '/v1/receivables', upload(seller.id, spelling)),
    ];
    const answers = await Promise.all(
      spellings.flatMap((spelling, n) => [0, 1].map((m) => (ways[(n + m) % 4] as (typeof ways)[0])(spelling, n))),
    );
    for (const { status, text } of answers) expect([status, status === 201 ? '' : text]).toEqual([201, '']);
    const receivables = [...new Set(answers.map(({ body }) => body.id))];
    const proposals = await Promise.all(receivables.map((id) => proposeConfirmation(anchor, [id])));
    const approvals = await Promise.all(
      proposals.map(({ id, undertaking }, n) =>
        send(anchor.checker, n, `/v1/receivable-proposals/${id}/approve`, { undertaking }),
      ),
    );
    for (const { status, body } of approvals.filter((answer) => answer.status !== 200))
      expect([status, body.code]).toEqual([409, 'receivable_registered']);
    const confirmed = approvals.filter(({ status }) => status === 200).length;
    const [free] = await market.rows<{ n: string }>(
      "SELECT COUNT(*) AS n FROM certificate c WHERE c.status = 'held' AND NOT EXISTS (SELECT 1 FROM receivable_hold h WHERE h.receivable_id = c.receivable_id)",
    );
    expect([confirmed > 40, Number(free?.n)]).toEqual([true, 1]);
  });

  it('is listed, wanted by two banks and sold once, also after the cases are decided', async () => {
    const first = await listAll();
    expect(first.open).toHaveLength(1);
    expect(new Set(first.refused.map(({ code }) => code))).toEqual(new Set(['receivable_not_financeable']));
    const lead = await market.lead();
    const held = await market.rows<{ id: string }>(
      'SELECT DISTINCT LOWER(HEX(receivable_id)) AS id FROM receivable_hold',
    );
    const reasons = [{ code: 'same_delivery', message: 'All name the same delivery.' }];
    for (const { id } of held) {
      const path = `/v1/operator/receivables/${id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}/hold-decision`;
      await lead.post(path, { outcome: 'duplicate', reasons });
    }
    const second = await listAll();
    expect([second.open.length, second.refused.length]).toEqual([0, held.length]);
    await market.settle();
    const request = first.open[0] as Json;
    const bids = await Promise.all(desks.map(({ maker }, n) => send(maker, n, bidsOf(request.id), bidOf(`${7 + n}`))));
    expect(bids.map(({ status }) => status)).toEqual([201, 201]);
    await market.moveClockTo(new Date(Date.parse(String(request['closesAt'])) + 60_000).toISOString());
    await market.settle();
    await seller.owner.stepUp(market.offsetSeconds);
    const accepted = await Promise.all(
      [...bids, ...bids].map(({ body }, n) => send(seller.owner, n, `/v1/offers/${body.id}/accept`, {})),
    );
    expect(accepted.filter(({ status }) => status === 200)).toHaveLength(1);
    const third = await listAll();
    expect([third.open.length, third.refused.length]).toEqual([0, held.length]);
    const [sold] = await market.rows<{ awards: string; items: string; assigned: string }>(
      `SELECT (SELECT COUNT(*) FROM award) AS awards, (SELECT COUNT(*) FROM assignment_item) AS items,
         (SELECT COUNT(*) FROM receivable WHERE anchor_id = ? AND state = 'assigned') AS assigned`,
      [idBytes(anchor.id)],
    );
    expect([sold?.awards, sold?.items, sold?.assigned].map(Number)).toEqual([1, 1, 1]);
    await expectSoundBooks(market);
    await judge(market);
  });
});

describe('fifty invoices of one seller at once', () => {
  it('are listed, each, though all of them wait for the lock of one pair', async () => {
    const honest = await makeFirm(market);
    const ids = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        // Numbers, days and amounts of deliveries that have nothing to do with each other.
        const amount = { amount: `${100_000 + n * n * 1_733 + n}.00`, currency: 'SAR' };
        const changes = { number: `X${n}Z${n * 7}`, amount, issuedOn: dayOf(market, -3 - n) };
        return (await send(honest.owner, n, '/v1/receivables', invoiceOf(market, anchor.id, changes))).body.id;
      }),
    );
    const { id, undertaking } = await proposeConfirmation(anchor, ids);
    await anchor.checker.post(`/v1/receivable-proposals/${id}/approve`, { undertaking });
    const { open, refused } = await listAll(honest);
    expect([open.length, refused]).toEqual([50, []]);
  });
});
