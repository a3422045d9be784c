import { idBytes, JobQueue, newId, TimerRunner, UnitOfWork } from '#platform';
import { PassClockPoints } from '../application/pass-clock-points.js';
import { ReviewHouse } from '../testing/review-house.js';
import { ReviewClockTimer } from './clock.timer.js';

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

/** Fires what is due when the database's clock shows `instant`. */
function fireAt(instant: string): Promise<number> {
  const offset = (Date.parse(instant) - Date.now()) / 1000;
  const unitOfWork = new UnitOfWork(house.database.dataSource, offset);
  return new TimerRunner(unitOfWork, queue, [new ReviewClockTimer(new PassClockPoints(house.clocks))]).fireDue();
}

const events = async (caseId: string): Promise<string[]> =>
  (
    await house.rows<{ name: string }>(
      "SELECT name FROM outbox_event WHERE subject_id = ? AND name LIKE 'review_case.%' ORDER BY version",
      [idBytes(caseId)],
    )
  ).map(({ name }) => name.replace('review_case.', ''));

const notices = async (template: string): Promise<Record<string, unknown>[]> =>
  (
    await house.rows<{ payload: string }>(
      "SELECT payload FROM outbox_event WHERE name = 'notice.requested' ORDER BY id",
    )
  )
    .map(({ payload }) => JSON.parse(payload) as Record<string, unknown>)
    .filter((payload) => payload.template === template);

// Opened Sunday 28 September 2025 at 09:00 in Riyadh: 24 working hours to Tuesday 17:00.
// Half is 12 hours: Monday 13:00. 80 % are 19.2 hours: Tuesday 12:12.
const opened = '2025-09-28T09:00:00+03:00';

describe('the clock of a case', () => {
  it('warns at 50 % and 80 %, breaches at 100 % of working time, and reminds after each further working day', async () => {
    const { caseId } = await house.open(opened);
    const told = () => events(caseId);
    await fireAt('2025-09-29T12:59:58+03:00');
    expect(await told()).toEqual(['opened', 'assigned']);
    await fireAt('2025-09-29T13:00:01+03:00');
    expect(await told()).toEqual(['opened', 'assigned', 'warned']);
    await fireAt('2025-09-30T12:11:58+03:00');
    expect(await told()).toHaveLength(3);
    await fireAt('2025-09-30T12:12:01+03:00');
    expect(await told()).toEqual(['opened', 'assigned', 'warned', 'warned']);
    const { assignee_id: reviewer } = await house.caseRow(caseId);
    await fireAt('2025-09-30T16:59:58+03:00');
    expect((await house.caseRow(caseId)).breached_at).toBeNull();
    await fireAt('2025-09-30T17:00:01+03:00');
    expect(await told()).toEqual(['opened', 'assigned', 'warned', 'warned', 'breached']);
    expect(await house.caseRow(caseId)).toMatchObject({
      assignee_id: null,
      escalated: 1,
      breached_assignee_id: reviewer,
      state: 'open',
    });
    await fireAt('2025-10-01T16:59:58+03:00');
    expect(await told()).toHaveLength(5);
    await fireAt('2025-10-01T17:00:01+03:00');
    expect((await told()).slice(5)).toEqual(['overdue']);
    expect((await notices('review_warned')).map(({ parameters }) => parameters)).toEqual([
      { percent: 50, count: 1 },
      { percent: 80, count: 1 },
    ]);
    expect(await notices('review_breached')).toMatchObject([
      { parameters: { count: 1 }, personId: expect.any(String) },
      { parameters: { count: 1 }, roles: ['review_lead'] },
    ]);
  });

  it('tells everything that was missed, in its order, when it looks late', async () => {
    const { caseId } = await house.open(opened);
    await fireAt('2025-10-05T10:00:00+03:00');
    expect(await events(caseId)).toEqual(['opened', 'assigned', 'warned', 'warned', 'breached']);
    expect(await house.caseRow(caseId)).toMatchObject({ version: 5, stage: 3 });
    await fireAt('2025-10-05T10:00:05+03:00');
    expect(await events(caseId)).toHaveLength(5);
  });

  it('warns again at the right instant after a pause, and returns a case after ten working days of silence', async () => {
    const { caseId } = await house.open(opened);
    const reasons = [{ code: 'statement_missing', message: 'Send it.' }];
    const lead = house.lead();
    const ask = (at: string) => house.run(lead, (tx) => house.cases.requestInformation(tx, caseId, { reasons }), at);
    await ask('2025-09-28T11:00:00+03:00');
    await fireAt('2025-09-30T18:00:00+03:00');
    expect(await events(caseId)).toEqual(['opened', 'assigned', 'paused']);
    // 22 hours remain from Wednesday 09:00; half of 24 is reached 10 hours later: Thursday 11:00.
    await house.run(house.applicant(), (tx) => house.cases.resume(tx, caseId), '2025-10-01T09:00:00+03:00');
    await fireAt('2025-10-02T10:59:55+03:00');
    expect(await events(caseId)).toHaveLength(4);
    await fireAt('2025-10-02T11:00:05+03:00');
    expect((await events(caseId)).slice(4)).toEqual(['warned']);
    // Asked again on Thursday 2 October: the tenth working day after it is Thursday 16 October.
    await ask('2025-10-02T12:00:00+03:00');
    await fireAt('2025-10-16T16:59:58+03:00');
    expect((await house.caseRow(caseId)).state).toBe('paused');
    await expect(
      house.run(house.applicant(), (tx) => house.cases.resume(tx, caseId), '2025-10-16T17:00:01+03:00'),
    ).rejects.toMatchObject({ code: 'review_silence_over' });
    await fireAt('2025-10-16T17:00:02+03:00');
    expect(await house.caseRow(caseId)).toMatchObject({ state: 'returned', outcome: 'returned', return_at: null });
    expect((await events(caseId)).at(-1)).toBe('returned');
    expect(await notices('review_returned')).toMatchObject([{ organisationId: house.applicantId }]);
    expect(await house.rows('SELECT * FROM timer')).toEqual([]);
  });

  it('follows the database’s clock, not the process’s', async () => {
    const { caseId } = await house.open(opened);
    const real = Date.now;
    try {
      for (const jump of [10 * 365, -10 * 365]) {
        Date.now = () => real() + jump * 86_400_000;
        const unitOfWork = new UnitOfWork(house.database.dataSource, (Date.parse(opened) - real()) / 1000);
        await new TimerRunner(unitOfWork, queue, [new ReviewClockTimer(new PassClockPoints(house.clocks))]).fireDue();
        expect(await events(caseId)).toEqual(['opened', 'assigned']);
      }
    } finally {
      Date.now = real;
    }
  });

  it('records 20,000 breaches of one instant with their history and events, each once', async () => {
    await pending(20_000);
    const started = performance.now();
    const fired = await fireAt('2025-09-30T17:00:01+03:00');
    const seconds = (performance.now() - started) / 1000;
    // How fast it must be is measured apart, on a quiet machine: test/bench/clocks.bench.mjs.
    process.stdout.write(`20,000 clocks of one instant: ${seconds.toFixed(2)} s\n`);
    expect(fired).toBe(20_000);
    const [row] = await house.rows<Record<string, string>>(
      `SELECT (SELECT COUNT(*) FROM review_case WHERE stage = 3 AND escalated = 1) AS cases,
              (SELECT COUNT(*) FROM review_case_history WHERE action = 'breach') AS history,
              (SELECT COUNT(DISTINCT subject_id) FROM outbox_event WHERE name = 'review_case.breached') AS events`,
    );
    expect(row).toEqual({ cases: '20000', history: '20000', events: '20000' });
  });
});

/** Cases that were warned twice and are due on Tuesday 30 September 2025 at 17:00, with their timers. */
async function pending(count: number): Promise<void> {
  await house.open(opened);
  await house.rows('DELETE FROM timer');
  await house.rows('DELETE FROM review_case');
  for (let done = 0; done < count; done += 2000) {
    const ids = Array.from({ length: 2000 }, () => idBytes(newId()));
    const reviewer = idBytes(house.reviewers[done % house.reviewers.length] as string);
    await house.rows(
      `INSERT INTO review_case (id, kind, subject_type, subject_id, applicant_id, operator_id, state, assignee_id, service_days,
         opened_at, due_at, stage, country, calendar_version) VALUES ${ids
           .map(
             () =>
               "(?,'funding_request','funding_request',?,?,?,'open',?,3,'2025-09-28 06:00:00','2025-09-30 14:00:00',2,'SA',1)",
           )
           .join(',')}`,
      ids.flatMap((id) => [id, id, idBytes(house.applicantId), idBytes(house.operatorId), reviewer]),
    );
    await house.rows(
      `INSERT INTO timer (kind, subject_id, due_at) VALUES ${ids.map(() => "('review_case.clock', ?, '2025-09-30 14:00:00')").join(',')}`,
      ids,
    );
  }
}
