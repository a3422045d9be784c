import { newId } from '#platform';
import { idBytes } from '#platform';
import { type Firm, makeFirm } from './house/parties.js';
import { RunningMarket } from './house/running-market.js';
import { until } from './house/until.js';

jest.setTimeout(600_000);

const rows = Number(process.env['SANAD_BATCH_ROWS'] ?? 10_000);

let market: RunningMarket;
let firm: Firm;
let anchorNumber: string;
beforeAll(async () => {
  market = await RunningMarket.open({ workers: 2 });
  firm = await makeFirm(market);
  anchorNumber = await openAnchor();
});
afterAll(() => market.close());

/** A verified anchor that shows itself to everybody; its own verification is another test's matter. */
async function openAnchor(): Promise<string> {
  const id = idBytes(newId());
  await market.rows(
    `INSERT INTO organisation (id, kind, name, local_name, country, registration_number, contact_email, verified, suspended, version, created_at)
     VALUES (?, 'anchor', 'Anchor', 'Anchor', 'SA', '7009999999', 'a@anchor.example', 1, 0, 1, UTC_TIMESTAMP(6))`,
    [id],
  );
  await market.rows(
    `INSERT INTO anchor_profile (id, kind, visibility, about, website, status, version, created_at, updated_at)
     VALUES (?, 'company', 'public', 'Buys.', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [id],
  );
  return '7009999999';
}

function table(): Buffer {
  const day = (days: number) => market.instant(days).slice(0, 10);
  const [issued, due] = [day(-3), day(60)];
  const lines = Array.from({ length: rows }, (_, n) => {
    // Each hundredth row is faulty and must be answered as well.
    const amount = n % 100 === 99 ? 'much' : `${1000 + n}.00`;
    return `N-${n},${issued},${due},SAR,Firm,,Anchor,${anchorNumber},${amount}`;
  });
  const header =
    'invoice_number,issue_date,due_date,currency,seller_name,seller_tax_id,buyer_name,buyer_tax_id,amount_due';
  return Buffer.from([header, ...lines].join('\n'));
}

describe(`a batch of ${rows} receivables`, () => {
  it('is finished without a gap or a double while its workers are killed again and again', async () => {
    const content = table();
    const upload = () =>
      firm.owner.must('POST', '/v1/receivable-batches?fileName=a.csv', content, { contentType: 'text/csv' });
    const { id } = await upload();
    const done = async () => {
      const [row] = await market.rows('SELECT rows_done AS n, state FROM receivable_batch');
      return { n: Number(row?.['n']), state: row?.['state'] };
    };
    let kills = 0;
    for (const share of [0.2, 0.5, 0.8]) {
      await until('the batch well under way', async () => (await done()).n >= rows * share, 300);
      if ((await done()).state !== 'running') break;
      for (const worker of market.workers) await worker.kill();
      kills += 1;
      // Sent again while nobody works on it: the same batch.
      expect((await upload()).id).toBe(id);
      await market.startWorker(0);
      await market.startWorker(1);
    }
    await until('the batch done', async () => (await done()).state === 'done', 300);
    expect(kills).toBeGreaterThan(0);
    expect(await done()).toEqual({ n: rows, state: 'done' });
    const [sum] = await market.rows(
      `SELECT (SELECT COUNT(*) FROM receivable) AS receivables, (SELECT COUNT(*) FROM receivable_batch_row) AS answered,
         (SELECT COUNT(DISTINCT line) FROM receivable_batch_row) AS places,
         (SELECT COUNT(*) FROM receivable_batch_row b JOIN receivable r ON r.id = b.receivable_id AND r.number = b.number) AS matching,
         (SELECT COUNT(*) FROM receivable_history WHERE action = 'submit') AS submitted,
         (SELECT COUNT(*) FROM outbox_event WHERE name = 'receivable.submitted') AS announced`,
    );
    const created = String(rows - rows / 100);
    expect(sum).toEqual({
      receivables: created,
      answered: String(rows),
      places: String(rows),
      matching: created,
      submitted: created,
      announced: created,
    });
  });
});
