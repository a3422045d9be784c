import { idBytes, idText, newId, systemContext } from '#platform';
import { judge } from './house/evidence.js';
import { makeFirm } from './house/parties.js';
import { RunningMarket } from './house/running-market.js';
import { until } from './house/until.js';

jest.setTimeout(120_000);

const events = 2_000;
let market: RunningMarket;

beforeAll(async () => {
  market = await RunningMarket.open({ workers: 2 });
});
afterAll(() => market.close());

it('2,000 events, two workers, crashes between: exactly 2,000 effects', async () => {
  const { owner } = await makeFirm(market, { verified: false });
  await market.settle();
  const [person] = await market.rows<{ id: Buffer }>('SELECT id FROM person WHERE email = ?', [owner.email]);
  const personId = idText(person?.id as Buffer);
  const unitOfWork = market.unitOfWork();
  const emit = async (from: number, count: number) =>
    unitOfWork.run(systemContext('test'), async (tx) => {
      for (let n = from; n < from + count; n++)
        tx.emit({
          name: 'notice.requested',
          subjectType: 'notice',
          subjectId: newId(),
          version: 1,
          payload: { personId, template: 'webhook_disabled', parameters: { url: `https://example.org/${n}` } },
        });
    });
  for (let n = 0; n < events; n += 50) await emit(n, 50);
  const handled = async () =>
    Number((await market.rows('SELECT COUNT(*) AS n FROM notice WHERE person_id = ?', [idBytes(personId)]))[0]?.['n']);
  // Each time another part of the work is done, one of the two dies in the middle of its batch.
  for (let kill = 0; kill < 6; kill++) {
    await until(`event ${kill * 250}`, async () => (await handled()) > kill * 250, 15);
    // As after 15 s of delay: what waits is taken for lost, so a second job comes for events whose first is still queued.
    await market.rows('UPDATE outbox_delivery SET due_at = UTC_TIMESTAMP(6) WHERE open = 1');
    await market.workers[kill % 2]?.kill();
    await market.startWorker(kill % 2);
  }
  await market.settle(90);
  const told = await market.rows<{ url: string; n: string }>(
    "SELECT REGEXP_SUBSTR(body, 'example.org/[0-9]+') AS url, COUNT(*) AS n FROM notice WHERE template = 'webhook_disabled' GROUP BY url",
  );
  expect(told).toHaveLength(events);
  expect(told.filter(({ n }) => Number(n) !== 1)).toEqual([]);
  await judge(market);
});
