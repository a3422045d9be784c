import { IdentityReader, InvitePerson, membershipChanged } from '#identity';
import { type DeliveredEvent, idBytes, idText, UnitOfWork } from '#platform';
import { ReviewHouse } from '../testing/review-house.js';
import { AssignCase, DeclareConflict, TakeCase } from './assign-case.js';
import { OnMembershipChanged } from '../jobs/on-membership-changed.handler.js';
import { AssignWaiting } from './assign-waiting.js';
import { AssignmentDesk } from './assignment.js';
import { ReviewFigures } from './review-figures.js';
import { ReviewQueue } from './review-queue.js';
import { ReviewReader } from './review.reader.js';

let house: ReviewHouse;
let desk: AssignmentDesk;
beforeEach(async () => {
  house = await ReviewHouse.open(2);
  desk = new AssignmentDesk(new IdentityReader(house.database.dataSource));
});
afterEach(() => house.database.stop());

const assignee = async (caseId: string): Promise<string | null> => {
  const { assignee_id: id } = await house.caseRow(caseId);
  return id === null ? null : idText(id as Buffer);
};
const conflict = (personId: string, caseId: string) =>
  new DeclareConflict(house.database.unitOfWork, desk).execute(house.reviewer(personId), caseId, 'my cousin’s firm');
const queue = () => {
  const { dataSource, unitOfWork } = house.database;
  return new ReviewQueue(new ReviewReader(unitOfWork, house.clocks), new IdentityReader(dataSource), unitOfWork);
};

describe('assignment', () => {
  it('passes a case on when a conflict is declared, and to the lead when nobody is left', async () => {
    const { caseId } = await house.open();
    const first = (await assignee(caseId)) as string;
    const second = house.reviewers.find((id) => id !== first) as string;
    expect(await conflict(first, caseId)).toMatchObject({ assigneeId: second, escalated: false });
    expect(await conflict(second, caseId)).toMatchObject({ assigneeId: null, escalated: true });
    const decide = (context: ReturnType<ReviewHouse['lead']>) =>
      house.run(context, (tx) => house.cases.decide(tx, caseId, { outcome: 'approved', reasons: [] }));
    await expect(decide(house.reviewer(first))).rejects.toMatchObject({ code: 'review_not_assigned' });
    await house.run(house.lead(), async (tx) => {
      await tx.execute('UPDATE review_case SET assignee_id = UNHEX(?)', [first.replaceAll('-', '')]);
    });
    await expect(decide(house.reviewer(first))).rejects.toMatchObject({ code: 'review_conflict' });
    await decide(house.lead());
  });

  it('tells the lead when nobody can take a case, and gives it to the first who can', async () => {
    await house.rows('UPDATE membership SET ended_at = UTC_TIMESTAMP(6) WHERE JSON_CONTAINS(roles, \'"reviewer"\')');
    const waiting = [await house.open(), await house.open()];
    const late = await house.open();
    await house.rows('UPDATE review_case SET breached_at = UTC_TIMESTAMP(6) WHERE id = ?', [idBytes(late.caseId)]);
    expect(await Promise.all(waiting.map(({ caseId }) => assignee(caseId)))).toEqual([null, null]);
    const told = await house.rows<{ payload: string }>(
      "SELECT payload FROM outbox_event WHERE name = 'notice.requested' ORDER BY id",
    );
    expect(told.map(({ payload }) => JSON.parse(payload) as object)).toMatchObject(
      Array.from({ length: 3 }, () => ({ template: 'review_unassigned', roles: ['review_lead'] })),
    );
    const hear = (payload: object, name = membershipChanged) =>
      house.run(house.lead(), (tx) =>
        new OnMembershipChanged(new AssignWaiting(desk)).handle(tx, {
          name,
          subjectId: house.operatorId,
          payload,
        } as unknown as DeliveredEvent),
      );
    await hear({ organisationKind: 'operator' });
    expect(await assignee(waiting[0]?.caseId as string)).toBeNull();
    const lead = { ...house.lead(), actor: { ...house.lead().actor, organisationKind: 'operator' } };
    await new InvitePerson(house.database.unitOfWork).execute(lead, {
      email: 'new@example.org',
      name: 'new',
      password: 'a long enough passphrase',
      locale: 'en',
      roles: ['reviewer'],
    });
    expect(await house.rows("SELECT payload FROM outbox_event WHERE name = 'membership.changed'")).toEqual([
      { payload: '{"organisationKind":"operator"}' },
    ]);
    await hear({ organisationKind: 'enterprise' });
    expect(await assignee(waiting[0]?.caseId as string)).toBeNull();
    await hear({ organisationKind: 'operator' });
    const given = await Promise.all(waiting.map(({ caseId }) => assignee(caseId)));
    expect(given).toEqual([expect.any(String), given[0]]);
    expect(await house.caseRow(waiting[0]?.caseId as string)).toMatchObject({ escalated: 0 });
    expect(await assignee(late.caseId)).toBeNull();
  });

  it('lets a reviewer take what nobody has, and only a lead from the lead’s queue or from others', async () => {
    const { caseId } = await house.open();
    const mine = (await assignee(caseId)) as string;
    const other = house.reviewers.find((id) => id !== mine) as string;
    const take = (context: ReturnType<ReviewHouse['lead']>) =>
      new TakeCase(house.database.unitOfWork).execute(context, caseId);
    await expect(take(house.reviewer(other))).rejects.toMatchObject({ code: 'review_case_taken' });
    await house.rows('UPDATE review_case SET assignee_id = NULL, escalated = 1');
    await expect(take(house.reviewer(other))).rejects.toMatchObject({ code: 'review_lead_needed' });
    await house.rows('UPDATE review_case SET escalated = 0');
    const both = await Promise.all(
      [mine, other].map((id) =>
        take(house.reviewer(id)).then(
          () => 'taken',
          (error: { code: string }) => error.code,
        ),
      ),
    );
    expect(both.sort()).toEqual(['review_case_taken', 'taken']);
    const give = (personId: string) =>
      new AssignCase(house.database.unitOfWork, desk).execute(house.lead(), caseId, { personId, reason: 'knows it' });
    await give(other);
    expect(await assignee(caseId)).toBe(other);
    await conflict(mine, caseId);
    await expect(give(mine)).rejects.toMatchObject({ code: 'review_assignee_unfit' });
    await expect(give(house.applicantId)).rejects.toMatchObject({ code: 'review_assignee_unfit' });
  });

  it('shows the queue by time left, filtered, page by page, and the load of each', async () => {
    const lead = house.lead().actor;
    const opened: { caseId: string }[] = [];
    for (const days of [9, 3, 6]) opened.push(await house.open(undefined, days));
    const [slow, fast, middle] = opened.map(({ caseId }) => caseId);
    const ids = async (filter: Parameters<ReviewQueue['list']>[1]) => {
      const page = await queue().list(lead, filter);
      return { ids: page.items.map((item) => (item as { caseId: string }).caseId), next: page.nextCursor };
    };
    const first = await ids({ limit: 2 });
    expect(first.ids).toEqual([fast, middle]);
    expect(await ids({ limit: 2, cursor: first.next as string })).toEqual({ ids: [slow], next: null });
    expect((await ids({ kind: 'claim' })).ids).toEqual([]);
    expect((await ids({ assignee: 'none' })).ids).toEqual([]);
    expect((await ids({ breached: true })).ids).toEqual([]);
    await house.run(house.lead(), (tx) =>
      house.cases.requestInformation(tx, slow as string, { reasons: [{ code: 'x', message: 'Send it.' }] }),
    );
    expect((await ids({})).ids).toEqual([fast, middle]);
    expect((await ids({ state: 'paused' })).ids).toEqual([slow]);
    const detail = await queue().detail(slow as string);
    expect(detail.timeline.map(({ action }) => action)).toEqual(['open', 'assign', 'request_information']);
    expect(detail).toMatchObject({
      requests: [{ answeredAt: null }],
      clock: { left: { workingDays: expect.any(Number) } },
    });
    const load = (await queue().workload()) as { people: { running: number; paused: number }[] };
    expect(load.people.reduce((sum, { running, paused }) => sum + running + paused, 0)).toBe(3);
  });
});

describe('the applicant’s clock', () => {
  it('shows net and gross and what is left in working time, to its own organisation only', async () => {
    const { caseId } = await house.open('2025-09-28T09:00:00+03:00');
    const offset = (Date.parse('2025-09-29T11:00:00+03:00') - Date.now()) / 1000;
    const reader = new ReviewReader(new UnitOfWork(house.database.dataSource, offset), house.clocks);
    const view = await reader.clockOf(caseId, house.applicantId);
    expect(view.clock).toMatchObject({
      promised: { workingSeconds: 24 * 3600, workingDays: 3 },
      left: { workingDays: 1.75 },
      net: { workingDays: 1.25 },
      gross: { workingDays: 1.25 },
      usedPercent: 41,
    });
    await expect(reader.clockOf(caseId, house.operatorId)).rejects.toMatchObject({ code: 'review_case_unknown' });
  });
});

describe('public figures', () => {
  it('give medians and the breach rate, and hide small cells', async () => {
    const day = '2025-09-28';
    for (const hour of ['10', '11', '12', '13', '16']) {
      const { caseId } = await house.open(`${day}T09:00:00+03:00`);
      if (hour === '16') await house.rows('UPDATE review_case SET breached_at = opened_at WHERE closed_at IS NULL');
      await house.run(
        house.lead(),
        (tx) => house.cases.decide(tx, caseId, { outcome: 'approved', reasons: [] }),
        `${day}T${hour}:00:00+03:00`,
      );
    }
    await house.rows('UPDATE review_case SET closed_at = UTC_TIMESTAMP(6)');
    const figures = () =>
      new ReviewFigures(house.database.unitOfWork, house.clocks).execute() as Promise<{ items: object[] }>;
    expect((await figures()).items).toMatchObject([
      {
        kind: 'funding_request',
        decided: 5,
        medianNet: { workingSeconds: expect.closeTo(3 * 3600, -1) },
        breachRatePercent: 20,
        promisedDays: 3,
      },
    ]);
    await house.rows('DELETE FROM review_case LIMIT 1');
    expect((await figures()).items).toEqual([{ kind: 'funding_request', promisedDays: 3, suppressed: true }]);
  });
});
