import { type CommandContext, idBytes, idText } from '#platform';
import { MarketHouse } from '../testing/market-house.js';
import { MatchMandate } from './match-mandate.js';

let house: MarketHouse;
beforeAll(async () => {
  house = await MarketHouse.open();
}, 60_000);
afterAll(() => house.close());

async function mandateOf(bank: CommandContext): Promise<string> {
  const [row] = await house.rows<{ id: Buffer }>('SELECT id FROM mandate WHERE financier_id = ?', [
    idBytes(bank.actor.organisationId),
  ]);
  return idText((row as { id: Buffer }).id);
}

/** Every transaction that the event leads to; the matches added by each. */
async function matchAll(mandateId: string): Promise<number[]> {
  const added: number[] = [];
  for (let payload: Record<string, unknown> | undefined = {}; payload;) {
    const event: { subjectId: string; version: number; payload: Record<string, unknown> } = {
      subjectId: mandateId,
      version: 1,
      payload,
    };
    const more: Record<string, unknown>[] = [];
    added.push(
      await house.run(async (tx) => {
        const count = await house.get(MatchMandate).within(tx, event);
        for (const pending of tx.pendingEvents)
          if (pending.name === 'mandate.matching_continued') more.push({ ...pending.payload });
        return count;
      }),
    );
    payload = more[0];
  }
  return added;
}

describe('a new mandate', () => {
  it('is matched to the open requests that it fits, once, and invited where there is room', async () => {
    const enterprise = await house.enterprise();
    const requests = [await house.openRequest(enterprise), await house.openRequest(enterprise)];
    const over = await house.openRequest(enterprise);
    await house.endBidding(over);
    const other = await house.openRequest(enterprise, { amount: '900.00' });
    const bank = await house.financier();
    const id = await mandateOf(bank);
    expect(await matchAll(id)).toEqual([2]);
    const rows = await house.rows<{ request_id: Buffer; state: string }>(
      'SELECT request_id, state FROM request_match WHERE mandate_id = ? ORDER BY request_id',
      [idBytes(id)],
    );
    expect(rows.map((row) => [idText(row.request_id), row.state])).toEqual(
      [...requests].sort().map((request) => [request, 'invited']),
    );
    expect(rows.some((row) => idText(row.request_id) === other)).toBe(false);
    expect(await matchAll(id)).toEqual([0]);
  }, 60_000);

  it('locks only requests to which it adds a match', async () => {
    const enterprise = await house.enterprise();
    const tooSmall = await house.openRequest(enterprise, { amount: '900.00' });
    const bank = await house.financier();
    const id = await mandateOf(bank);
    // Another unit holds the lock of a request that the mandate does not fit: the matching does not wait for it.
    await house.run(async (tx) => {
      await tx.rows('SELECT id FROM funding_request WHERE id = ? FOR UPDATE', [idBytes(tooSmall)]);
      expect((await matchAll(id))[0]).toBeGreaterThanOrEqual(0);
    });
  }, 60_000);

  it('goes on in further transactions where it fits very many requests', async () => {
    const enterprise = await house.enterprise();
    const first = await house.openRequest(enterprise, { amount: '777777.00' });
    await house.rows(
      `INSERT INTO funding_request (id, enterprise_id, state, version, product_kind, currency, amount_minor, tenor_months, purpose, anonymous_text, shariah_only, collateral, mode,
         sector, region, size_class, age_band, women_led, rural, created_at, submitted_at, opened_at, closes_at, decide_by)
       SELECT UNHEX(CONCAT('0190000a00007000800000000000', LPAD(HEX(100 * t.n + 10 * d.n + e.n), 4, '0'))), r.enterprise_id, 'open', 1, r.product_kind, r.currency, r.amount_minor,
         r.tenor_months, r.purpose, r.anonymous_text, 0, r.collateral, r.mode, r.sector, r.region, r.size_class, r.age_band, 0, 0, r.created_at, r.submitted_at, r.opened_at,
         r.closes_at, r.decide_by
       FROM funding_request r,
         (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3) t,
         (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) d,
         (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) e
       WHERE r.id = ?`,
      [idBytes(first)],
    );
    const bank = await house.financier();
    await house.rows('UPDATE mandate SET amount_min = 77777700, amount_max = 77777700 WHERE financier_id = ?', [
      idBytes(bank.actor.organisationId),
    ]);
    const added = await matchAll(await mandateOf(bank));
    expect(added).toEqual([200, 200, 1]);
    const [matches] = await house.rows<{ n: string }>(
      'SELECT COUNT(*) AS n FROM request_match WHERE financier_id = ?',
      [idBytes(bank.actor.organisationId)],
    );
    expect(Number(matches?.n)).toBe(401);
  }, 120_000);
});
