import { join } from 'node:path';
import { dueAt, readCalendar, WorkingCalendar } from '#finance';
import { idBytes } from '#platform';
import { judge } from './house/evidence.js';
import { type Desk, type Firm, makeFinancier, makeFirm } from './house/parties.js';
import { disclose, offerOf, submitRequest } from './house/requests.js';
import { RunningMarket } from './house/running-market.js';
import { until } from './house/until.js';

jest.setTimeout(120_000);

const day = 86_400_000;
const shifts = [0, day, -day];

let market: RunningMarket;
let desk: Desk;
let firm: Firm;

beforeAll(async () => {
  market = await RunningMarket.open({
    preload: join(__dirname, 'house/shifted-clock.cjs'),
    env: { CLOCK_SHIFTS: shifts.join(',') },
  });
  desk = await makeFinancier(market);
  firm = await makeFirm(market);
});
afterAll(() => market.close());

/** Every program's own clock jumps to the next of the shifts. */
async function jump(): Promise<void> {
  const programs = [...market.apis, ...market.workers];
  const before = programs.map(({ text }) => text.split('clock shifted').length);
  for (const program of programs) program.signal('SIGWINCH');
  await until('the clocks shifted', () =>
    programs.every(({ text }, n) => text.split('clock shifted').length > (before[n] ?? 0)),
  );
}

async function calendarNow(): Promise<WorkingCalendar> {
  const [row] = await market.rows<{ definition: string }>(
    'SELECT definition FROM business_calendar_version ORDER BY version DESC LIMIT 1',
  );
  return new WorkingCalendar(readCalendar(JSON.parse(String(row?.definition)) as object));
}

describe.each([1, 2, 3])('the programs’ own clock, jump %i', () => {
  it('changes no due time, no deadline and no session', async () => {
    await jump();
    const id = await submitRequest(firm.owner);
    const lead = await market.lead();
    await lead.post(`/v1/review/requests/${id}/open`);
    await market.settle();
    const [request] = await market.rows<{ opened_at: Date; submitted_at: Date; closes_at: Date }>(
      'SELECT opened_at, submitted_at, closes_at FROM funding_request WHERE id = ?',
      [idBytes(id)],
    );
    const { opened_at: opened, closes_at: closes } = request as { opened_at: Date; closes_at: Date };
    expect(Math.abs(opened.getTime() - Date.now())).toBeLessThan(60_000);
    const calendar = await calendarNow();
    expect(closes.toISOString()).toBe(new Date(dueAt(calendar, opened.getTime(), 5).dueAt).toISOString());
    const [review] = await market.rows<{ due_at: Date }>('SELECT due_at FROM review_case WHERE subject_id = ?', [
      idBytes(id),
    ]);
    const submitted = (request as { submitted_at: Date }).submitted_at.getTime();
    expect(review?.due_at.toISOString()).toBe(new Date(dueAt(calendar, submitted, 3).dueAt).toISOString());
    // An offer that ends in two seconds ends then, whatever day the worker believes it is; one that ended is refused.
    await disclose(firm, id, [desk]);
    const path = `/v1/market/requests/${id}/offers`;
    const { id: offerId } = await desk.maker.post(path, offerOf(market, '9', { binding: false, days: 2 / 86_400 }));
    const past = await desk.maker.send('POST', path, offerOf(market, '9', { binding: false, days: -0.01 }), {
      key: `past-${id}`,
    });
    expect(past.status).toBe(422);
    await until(
      'the offer ended',
      async () =>
        (await market.rows("SELECT 1 FROM offer WHERE id = ? AND state = 'expired'", [idBytes(offerId)])).length > 0,
    );
    const [late] = await market.rows(
      `SELECT TIMESTAMPDIFF(MICROSECOND, o.expires_at, h.at) / 1000 AS ms FROM offer o
       JOIN market_history h ON h.subject_id = o.id AND h.action = 'expire' WHERE o.id = ?`,
      [idBytes(offerId)],
    );
    expect(Number(late?.['ms'])).toBeGreaterThanOrEqual(0);
    expect(Number(late?.['ms'])).toBeLessThan(5_000);
    await firm.owner.stepUp(market.offsetSeconds);
  });
});

describe('the business calendar', () => {
  it('edited while cases run: every open case follows, and those concerned are told', async () => {
    const ids = [await submitRequest(firm.owner), await submitRequest(firm.owner)];
    const lead = await market.lead();
    const { version } = await lead.get('/v1/business-calendar');
    const before = await calendarNow();
    const first = new Date(dueAt(before, Date.now(), 2).dueAt + 3 * 3_600_000).toISOString().slice(0, 10);
    const edit = { reason: 'A day of mourning was declared', addHolidays: [{ from: first, name: 'Mourning' }] };
    await lead.must('PATCH', '/v1/business-calendar', edit, { version });
    const second = await lead.send('PATCH', '/v1/business-calendar', { ...edit, opens: '10:00' }, { version });
    expect([second.status, second.body.code]).toEqual([412, 'record_changed']);
    await market.settle();
    const after = await calendarNow();
    for (const id of ids) {
      const [row] = await market.rows<{ due_at: Date; submitted_at: Date }>(
        'SELECT c.due_at, r.submitted_at FROM review_case c JOIN funding_request r ON r.id = c.subject_id WHERE r.id = ?',
        [idBytes(id)],
      );
      const due = (calendar: WorkingCalendar) =>
        new Date(dueAt(calendar, (row as { submitted_at: Date }).submitted_at.getTime(), 3).dueAt).toISOString();
      expect(due(after)).not.toBe(due(before));
      expect(row?.due_at.toISOString()).toBe(due(after));
    }
    const { items } = await firm.owner.get('/v1/notices?limit=50');
    expect(JSON.stringify(items)).toContain('mourning');
    await judge(market);
  });
});
