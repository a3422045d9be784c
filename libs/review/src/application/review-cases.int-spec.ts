import { idText, newId } from '#platform';
import { ReviewHouse } from '../testing/review-house.js';

let house: ReviewHouse;
beforeAll(async () => {
  house = await ReviewHouse.open();
});
afterAll(() => house.database.stop());

const assignee = async (caseId: string): Promise<string> => {
  const { assignee_id } = await house.caseRow(caseId);
  return idText(assignee_id as Buffer);
};
const reasons = [{ code: 'statement_missing', message: 'Send the statement of 2025.' }];
const iso = (date: unknown) => (date as Date).toISOString();

// Saudi private-sector calendar of 2025: weekend Friday and Saturday, National Day on Tuesday 23 September,
// open 09:00 to 17:00 at UTC+3. Expected times below are counted by hand on that calendar.
describe('a review case', () => {
  it('is due at closing time of the third working day, is assigned, and leaves its evidence', async () => {
    const opened = await house.open('2025-09-21T10:00:00+03:00');
    expect(iso(opened.dueAt)).toBe('2025-09-24T14:00:00.000Z');
    const history = await house.rows<{ action: string; version: number }>(
      'SELECT action, version FROM review_case_history WHERE case_id = UNHEX(?) ORDER BY version',
      [opened.caseId.replaceAll('-', '')],
    );
    expect(history).toEqual([
      { action: 'open', version: 1 },
      { action: 'assign', version: 2 },
    ]);
    const events = await house.rows<{ name: string; audience: string }>(
      'SELECT name, audience FROM outbox_event WHERE subject_id = UNHEX(?) ORDER BY version',
      [opened.caseId.replaceAll('-', '')],
    );
    expect(events.map(({ name, audience }) => [name, JSON.parse(audience)])).toEqual([
      ['review_case.opened', [house.operatorId, house.applicantId]],
      ['review_case.assigned', [house.operatorId]],
    ]);
    expect(house.reviewers).toContain(await assignee(opened.caseId));
  });

  it('stands still while paused, over a weekend and a holiday, and goes on with the time that remained', async () => {
    // Opened Sunday 10:00; 23 working hours to Wednesday 17:00 (Tuesday is a holiday).
    const { caseId } = await house.open('2025-09-21T10:00:00+03:00');
    const reviewer = house.reviewer(await assignee(caseId));
    // Paused Sunday 12:00 with 21 hours left.
    const asked = await house.run(
      reviewer,
      (tx) => house.cases.requestInformation(tx, caseId, { reasons }),
      '2025-09-21T12:00:00+03:00',
    );
    // Ten working days of silence: 22, 24, 25, 28, 29, 30 September, 1, 2, 5, 6 October.
    expect(iso(asked.returnAt)).toBe('2025-10-06T14:00:00.000Z');
    expect((await house.caseRow(caseId)).due_at).toBeNull();
    // Answered Saturday 27 September at night: 21 hours are Sunday 8, Monday 8, Tuesday 5: 14:00 on 30 September.
    const resumed = await house.run(
      house.applicant(),
      (tx) => house.cases.resume(tx, caseId),
      '2025-09-27T22:00:00+03:00',
    );
    expect(Math.abs(resumed.dueAt.getTime() - Date.parse('2025-09-30T14:00:00+03:00'))).toBeLessThan(2000);
    // Decided Sunday 28 September 11:00: net 2 + 2 hours; gross 7 (21st) + 8 + 8 + 8 + 2 = 33 hours.
    const decided = await house.run(
      reviewer,
      (tx) => house.cases.decide(tx, caseId, { outcome: 'approved', reasons: [] }),
      '2025-09-28T11:00:00+03:00',
    );
    expect(decided.netMs / 3_600_000).toBeCloseTo(4, 2);
    expect(decided.grossMs / 3_600_000).toBeCloseTo(33, 2);
    expect(decided.calendarVersion).toBe(1);
    expect(await house.rows('SELECT * FROM timer WHERE subject_id = UNHEX(?)', [caseId.replaceAll('-', '')])).toEqual(
      [],
    );
  });

  it('lets a reviewer pause once, and not from 80 % of the time on; a lead may', async () => {
    const first = await house.open('2025-09-28T09:00:00+03:00');
    const reviewer = house.reviewer(await assignee(first.caseId));
    const ask = (caseId: string, context = reviewer, at = '2025-09-28T12:00:00+03:00') =>
      house.run(context, (tx) => house.cases.requestInformation(tx, caseId, { reasons }), at);
    await ask(first.caseId);
    await house.run(house.applicant(), (tx) => house.cases.resume(tx, first.caseId), '2025-09-28T13:00:00+03:00');
    await expect(ask(first.caseId, reviewer, '2025-09-28T14:00:00+03:00')).rejects.toMatchObject({
      code: 'review_lead_needed',
      details: { data: { rule: 'second_request' } },
    });
    await ask(first.caseId, house.lead(), '2025-09-28T14:00:00+03:00');

    const second = await house.open('2025-09-28T09:00:00+03:00');
    const other = house.reviewer(await assignee(second.caseId));
    // 24 working hours; 80 % are 19.2, reached on the third day at 12:12.
    await expect(ask(second.caseId, other, '2025-09-30T12:13:00+03:00')).rejects.toMatchObject({
      code: 'review_lead_needed',
      details: { data: { rule: 'too_late', sharePercent: 80 } },
    });
    await ask(second.caseId, other, '2025-09-30T12:11:00+03:00');
  });

  it('is worked on by its reviewer or a lead only', async () => {
    const { caseId } = await house.open();
    const mine = await assignee(caseId);
    const other = house.reviewer(house.reviewers.find((id) => id !== mine) as string);
    const decide = (context = other) =>
      house.run(context, (tx) => house.cases.decide(tx, caseId, { outcome: 'approved', reasons: [] }));
    await expect(decide()).rejects.toMatchObject({ code: 'review_not_assigned' });
    await expect(decide(house.applicant())).rejects.toMatchObject({ code: 'review_not_assigned' });
    await expect(
      house.run(house.reviewer(mine), (tx) => house.cases.requestInformation(tx, caseId, { reasons: [] })),
    ).rejects.toMatchObject({ code: 'review_reasons_missing' });
    await decide(house.lead());
    await expect(decide(house.lead())).rejects.toMatchObject({ code: 'transition_not_allowed' });
  });

  it('is decided by exactly one of two who decide at once', async () => {
    const { caseId } = await house.open();
    const decide = (outcome: string, context: ReturnType<ReviewHouse['lead']>) =>
      house
        .run(context, (tx) => house.cases.decide(tx, caseId, { outcome, reasons: [] }))
        .then(
          () => outcome,
          (error: { code: string }) => error.code,
        );
    const answers = await Promise.all([
      decide('approved', house.reviewer(await assignee(caseId))),
      decide('rejected', house.lead()),
    ]);
    const { outcome, version } = await house.caseRow(caseId);
    expect(answers.filter((answer) => answer === 'transition_not_allowed')).toHaveLength(1);
    expect(answers).toContain(outcome);
    expect(version).toBe(3);
  });

  it('refuses a second open case of one subject, and allows one after the first is closed', async () => {
    const subjectId = newId();
    const open = () =>
      house.run(house.applicant(), (tx) =>
        house.cases.open(tx, {
          kind: 'verification',
          subjectType: 'organisation',
          subjectId,
          applicantOrganisationId: house.applicantId,
        }),
      );
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'review_case_open' });
    await house.run(house.applicant(), (tx) => house.cases.withdraw(tx, first.caseId));
    await open();
    const live = await house.run(house.applicant(), (tx) => house.cases.openCaseOf(tx, 'organisation', subjectId));
    expect(live).toMatchObject({ state: 'open', kind: 'verification', subjectId });
    expect(live?.id).not.toBe(first.caseId);
  });

  it('spreads work evenly', async () => {
    const fresh = await ReviewHouse.open(4);
    try {
      for (let n = 0; n < 22; n++) await fresh.open();
      const loads = await fresh.rows<{ n: string }>('SELECT COUNT(*) AS n FROM review_case GROUP BY assignee_id');
      expect(loads.map(({ n }) => Number(n)).sort()).toEqual([5, 5, 6, 6]);
    } finally {
      await fresh.database.stop();
    }
  });
});
