import { EventHandlers, idBytes, idText, JobQueue, newId, OutboxRelay, UnitOfWork } from '#platform';
import { OnCalendarChanged } from '../jobs/on-calendar-changed.handler.js';
import { ReviewHouse } from '../testing/review-house.js';
import { AdoptCalendar, newerCalendar } from './adopt-calendar.js';
import { CalendarReader } from './calendar.reader.js';
import { EditCalendar } from './edit-calendar.js';
import { RecomputeCases } from './recompute-cases.js';

let house: ReviewHouse;
let queue: JobQueue;
beforeEach(async () => {
  house = await ReviewHouse.open();
  queue = new JobQueue(house.database.environment);
});
afterEach(async () => {
  await queue.close();
  await house.database.stop();
});

const edit = (change: Partial<Parameters<EditCalendar['execute']>[2]>, version = 1, at?: string) => {
  const { environment, dataSource } = house.database;
  const offset = at === undefined ? 0 : (Date.parse(at) - Date.now()) / 1000;
  const useCase = new EditCalendar(new UnitOfWork(dataSource, offset), house.clocks.calendars, environment);
  return useCase.execute(house.lead(), version, { reason: 'Eid al-Fitr announced', ...change });
};

/** Delivers events to the handler until no more come, as the worker does; the database's clock shows `at`. */
async function follow(at: string): Promise<number> {
  const unitOfWork = new UnitOfWork(house.database.dataSource, (Date.parse(at) - Date.now()) / 1000);
  const handlers = new EventHandlers([new OnCalendarChanged(new RecomputeCases(house.clocks))]);
  const relay = new OutboxRelay(unitOfWork, handlers, queue);
  let delivered = 0;
  while ((await relay.relay()) > 0) {
    const open = await house.rows<{ event_id: Buffer; handler: string }>(
      'SELECT event_id, handler FROM outbox_delivery WHERE done_at IS NULL',
    );
    for (const { event_id, handler } of open) await relay.deliver(idText(event_id), handler);
    delivered += open.length;
  }
  return delivered;
}

const notices = async (template: string) =>
  (await house.rows<{ payload: string }>("SELECT payload FROM outbox_event WHERE name = 'notice.requested'"))
    .map(({ payload }) => JSON.parse(payload) as { template: string; parameters: Record<string, unknown> })
    .filter((payload) => payload.template === template);

const due = async (caseId: string) => ((await house.caseRow(caseId)).due_at as Date | null)?.toISOString();

// Saudi Arabia 2025: Eid al-Fitr holidays from Sunday 30 March; weekend Friday and Saturday.
describe('a changed calendar', () => {
  it('moves every open case, a paused one too, and tells those concerned', async () => {
    const at = '2025-09-14T10:00:00+03:00';
    const running = await house.open(at);
    const paused = await house.open(at);
    const closed = await house.open(at);
    const reasons = [{ code: 'x', message: 'Send it.' }];
    const lead = house.lead();
    await house.run(lead, (tx) => house.cases.requestInformation(tx, paused.caseId, { reasons }), at);
    await house.run(lead, (tx) => house.cases.decide(tx, closed.caseId, { outcome: 'approved', reasons: [] }), at);
    expect(await due(running.caseId)).toBe('2025-09-16T14:00:00.000Z');

    await edit({ addHolidays: [{ from: '2025-09-15', to: '2025-09-16', name: 'A moon-sighted feast' }] }, 1, at);
    await follow('2025-09-14T11:00:00+03:00');

    // Days 14, 17, 18 September; ten working days after the 14th: 17, 18, 21, 22, 24, 25, 28, 29, 30, 1 October.
    expect(await due(running.caseId)).toBe('2025-09-18T14:00:00.000Z');
    expect(await house.caseRow(paused.caseId)).toMatchObject({
      calendar_version: 2,
      due_at: null,
      return_at: new Date('2025-10-01T14:00:00Z'),
    });
    expect(await house.caseRow(closed.caseId)).toMatchObject({ calendar_version: 1, state: 'decided' });
    const timers = await house.rows<{ due_at: Date }>('SELECT due_at FROM timer WHERE subject_id = ?', [
      idBytes(running.caseId),
    ]);
    // 23 working hours from the 14th 10:00; half is 11.5: seven on the 14th, 4.5 on the 17th, 13:30.
    expect(timers.map(({ due_at }) => due_at.toISOString().slice(0, 16))).toEqual(['2025-09-17T10:30']);
    expect(await notices('review_rescheduled')).toHaveLength(2);
    expect((await notices('review_calendar_changed')).map(({ parameters }) => parameters.count)).toEqual([1, 1]);
  });

  it('takes a breach back that the new calendar has not reached', async () => {
    const { caseId } = await house.open('2025-09-14T10:00:00+03:00');
    await house.rows("UPDATE review_case SET stage = 3, breached_at = '2025-09-16 14:00:00', escalated = 1");
    await edit({ addHolidays: [{ from: '2025-09-15', name: 'entered late' }] });
    await follow('2025-09-16T18:00:00+03:00');
    expect(await house.caseRow(caseId)).toMatchObject({ stage: 1, breached_at: null, escalated: 1 });
    expect(await due(caseId)).toBe('2025-09-17T14:00:00.000Z');
  });

  it('is followed by thousands of cases in batches, exactly once each, also when the worker stops between', async () => {
    const { caseId } = await house.open('2025-09-14T10:00:00+03:00');
    const ids = Array.from({ length: 1250 }, () => idBytes(newId()));
    await house.rows(
      `INSERT INTO review_case (id, kind, subject_type, subject_id, applicant_id, state, service_days, opened_at, due_at, country,
         calendar_version) VALUES ${ids
           .map(() => "(?, 'claim', 'claim', ?, ?, 'open', 3, '2025-09-14 07:00:00', '2025-09-16 14:00:00', 'SA', 1)")
           .join(',')}`,
      ids.flatMap((id) => [id, id, idBytes(house.applicantId)]),
    );
    await edit({ removeHolidays: ['2025-09-23'] });
    await edit({ addHolidays: [{ from: '2025-09-15', name: 'one more' }] }, 2);
    expect(await follow('2025-09-14T11:00:00+03:00')).toBeGreaterThanOrEqual(4);
    const [count] = await house.rows<{ n: string }>(
      "SELECT COUNT(*) AS n FROM review_case WHERE calendar_version = 3 AND due_at = '2025-09-17 14:00:00'",
    );
    expect(Number(count?.n)).toBe(1251);
    const [history] = await house.rows<{ n: string }>(
      "SELECT COUNT(*) AS n FROM review_case_history WHERE action = 'reschedule'",
    );
    expect(Number(history?.n)).toBe(1251);
    expect((await house.caseRow(caseId)).version).toBe(3);
  });

  it('also moves a case that was being opened while the calendar changed', async () => {
    const at = '2025-09-14T10:00:00+03:00';
    await house.open(at);
    let changed = false;
    let changing: Promise<unknown> = Promise.resolve();
    const { caseId } = await house.run(
      house.applicant(),
      async (tx) => {
        const opened = await house.cases.open(tx, {
          kind: 'claim',
          subjectType: 'claim',
          subjectId: newId(),
          applicantOrganisationId: house.applicantId,
        });
        changing = edit({ addHolidays: [{ from: '2025-09-15', name: 'meanwhile' }] }).then(() => (changed = true));
        // The edit is at its lock now, or past it when nothing held it back.
        await tx.rows('SELECT SLEEP(0.3)');
        expect(changed).toBe(false);
        return opened;
      },
      at,
    );
    await changing;
    await follow('2025-09-14T11:00:00+03:00');
    expect(await due(caseId)).toBe('2025-09-17T14:00:00.000Z');
  });

  it('takes up a newer rule book when an operator says so: earlier changes hold on, open cases follow', async () => {
    const at = '2025-09-14T10:00:00+03:00';
    const { caseId } = await house.open(at);
    const { environment, dataSource, unitOfWork } = house.database;
    const adopt = (version: number) =>
      new AdoptCalendar(unitOfWork, house.clocks.calendars, environment).execute(house.lead(), version);
    const shown = () => new CalendarReader(unitOfWork, house.clocks.calendars, environment).present();
    await edit({ addHolidays: [{ from: '2025-09-15', name: 'A moon-sighted feast' }] }, 1, at);
    await follow(at);
    await expect(adopt(2)).rejects.toMatchObject({ code: 'calendar_up_to_date' });
    expect(await shown()).toMatchObject({ newerBook: null });
    const newest = house.clocks.calendars.ruleBook();
    // As if the market had begun with an earlier edition, which opened later and did not know the National Day.
    const definitions = await house.rows<{ version: number; definition: string }>(
      'SELECT version, definition FROM business_calendar_version',
    );
    for (const { version, definition } of definitions)
      await house.rows('UPDATE business_calendar_version SET definition = ? WHERE version = ?', [
        JSON.stringify({ ...(JSON.parse(definition) as object), version: '2020.1', opens: '11:00' }),
        version,
      ]);
    expect(await shown()).toMatchObject({ newerBook: newest.version, bookVersion: '2020.1', opens: '11:00' });
    expect(await newerCalendar(dataSource, environment)).toBe(newest.version);
    await expect(adopt(1)).rejects.toMatchObject({ code: 'record_changed' });
    expect(await adopt(2)).toEqual({ version: 3, bookVersion: newest.version, kept: 1, leftOut: [] });
    await follow(at);
    expect(await shown()).toMatchObject({ newerBook: null, opens: newest.opens });
    expect(await house.caseRow(caseId)).toMatchObject({ calendar_version: 3 });
    // The 15th is still off: the 14th, 16th and 17th.
    expect(await due(caseId)).toBe('2025-09-17T14:00:00.000Z');
    expect(await newerCalendar(dataSource, environment)).toBeNull();
  });

  it('is refused when somebody else changed it first, when it contradicts itself, or names what is not there', async () => {
    await house.open();
    await expect(edit({}, 7)).rejects.toMatchObject({ code: 'record_changed' });
    await expect(edit({ removeHolidays: ['2025-09-24'] })).rejects.toMatchObject({
      code: 'calendar_change_invalid',
      details: { fields: [{ pointer: '/removeHolidays/0' }] },
    });
    await expect(edit({ addHolidays: [{ from: '2025-09-23', name: 'again' }] })).rejects.toMatchObject({
      details: { fields: [{ pointer: '/addHolidays/0', rule: 'once' }] },
    });
    await expect(edit({ opens: '18:00' })).rejects.toMatchObject({ code: 'calendar_change_invalid' });
    await expect(edit({ addWorkingDays: ['2025-02-31'] })).rejects.toMatchObject({ code: 'calendar_change_invalid' });
  });
});
