import { type DeliveredEvent, idText } from '#platform';
import { contextOf } from '#platform/testing';
import { ReviewHouse } from '../testing/review-house.js';
import { ComplaintReader } from './complaint.reader.js';
import { OnComplaintReturned } from '../jobs/on-complaint-returned.handler.js';
import {
  AnswerComplaint,
  AnswerReviewer,
  AskComplainant,
  FileAppeal,
  FileComplaint,
  ReturnComplaint,
  WithdrawComplaint,
} from './complaints.js';

let house: ReviewHouse;
beforeAll(async () => {
  house = await ReviewHouse.open(2);
});
afterAll(() => house.database.stop());

const text = 'The reviewer overlooked our audited statement of 2025.';
const work = () => house.database.unitOfWork;
const assignee = async (caseId: string) => idText((await house.caseRow(caseId)).assignee_id as Buffer);
const answer = (complaintId: string, context: ReturnType<ReviewHouse['lead']>) =>
  new AnswerComplaint(work(), house.cases).execute(context, complaintId, {
    outcome: 'upheld',
    answer: 'The statement was there; the request is reviewed again.',
  });
const decided = async () => {
  const { caseId } = await house.open();
  const reviewer = await assignee(caseId);
  await house.run(house.reviewer(reviewer), (tx) =>
    house.cases.decide(tx, caseId, { outcome: 'rejected', reasons: [] }),
  );
  return { caseId, reviewer };
};
const appeal = (caseId: string, context = house.applicant()) =>
  new FileAppeal(work(), house.cases, house.clocks).execute(context, caseId, text);

describe('an appeal', () => {
  it('goes to another reviewer than the one who decided, runs on a clock, and closes with the ruling', async () => {
    for (let n = 0; n < 4; n++) {
      const { caseId, reviewer } = await decided();
      const filed = await appeal(caseId);
      expect(await assignee(filed.caseId)).not.toBe(reviewer);
      await expect(answer(filed.complaintId, house.reviewer(reviewer))).rejects.toMatchObject({
        code: 'review_not_assigned',
      });
      await answer(filed.complaintId, house.reviewer(await assignee(filed.caseId)));
      expect(await house.caseRow(filed.caseId)).toMatchObject({ kind: 'appeal', state: 'decided', outcome: 'upheld' });
      expect(await new ComplaintReader(house.database.dataSource).one(filed.complaintId)).toMatchObject({
        state: 'answered',
        outcome: 'upheld',
        appealOf: caseId,
      });
    }
  });

  it('a lead who decided may not rule on it either', async () => {
    const { caseId } = await house.open();
    await house.run(house.lead(), (tx) => house.cases.decide(tx, caseId, { outcome: 'rejected', reasons: [] }));
    const filed = await appeal(caseId);
    await expect(answer(filed.complaintId, house.lead())).rejects.toMatchObject({ code: 'review_conflict' });
  });

  it('is possible once, against a decision, in time, by the applicant', async () => {
    const running = await house.open();
    await expect(appeal(running.caseId)).rejects.toMatchObject({ details: { data: { rule: 'decided' } } });
    const { caseId } = await decided();
    const stranger = contextOf({ organisationId: house.operatorId });
    await expect(appeal(caseId, stranger)).rejects.toMatchObject({ code: 'review_case_unknown' });
    const filed = await appeal(caseId);
    await expect(appeal(caseId)).rejects.toMatchObject({ details: { data: { rule: 'once' } } });
    await expect(appeal(filed.caseId)).rejects.toMatchObject({ code: 'appeal_not_possible' });
    const old = await decided();
    await house.rows('UPDATE review_case SET closed_at = closed_at - INTERVAL 60 DAY WHERE id = UNHEX(?)', [
      old.caseId.replaceAll('-', ''),
    ]);
    await expect(appeal(old.caseId)).rejects.toMatchObject({ details: { data: { rule: 'in_time' } } });
  });
});

describe('a complaint', () => {
  const file = () =>
    new FileComplaint(work(), house.cases).execute(house.applicant(), { text, about: { type: 'portal' } });
  const reasons = [{ code: 'which_day', message: 'On which day was it?' }];
  const ask = (complaintId: string, context: ReturnType<ReviewHouse['lead']>) =>
    new AskComplainant(work(), house.cases).execute(context, complaintId, reasons);
  const inform = (complaintId: string, context = house.applicant()) =>
    new AnswerReviewer(work(), house.cases).execute(context, complaintId, 'On the third of May.');

  it('waits for what the complainant was asked, and goes on with the time that remained', async () => {
    const filed = await file();
    const reviewer = house.reviewer(await assignee(filed.caseId));
    await expect(inform(filed.complaintId)).rejects.toMatchObject({ code: 'transition_not_allowed' });
    expect(await ask(filed.complaintId, reviewer)).toMatchObject({ state: 'information_requested' });
    expect(await house.caseRow(filed.caseId)).toMatchObject({ state: 'paused', due_at: null });
    await expect(answer(filed.complaintId, reviewer)).rejects.toMatchObject({ code: 'transition_not_allowed' });
    const stranger = contextOf({ organisationId: house.operatorId });
    await expect(inform(filed.complaintId, stranger)).rejects.toMatchObject({ code: 'complaint_unknown' });
    expect(await inform(filed.complaintId)).toMatchObject({ state: 'filed' });
    expect(await house.caseRow(filed.caseId)).toMatchObject({ state: 'open', due_at: expect.any(Date) });
    // The rules against gaming the clock are those of every case.
    await expect(ask(filed.complaintId, reviewer)).rejects.toMatchObject({ code: 'review_lead_needed' });
    await answer(filed.complaintId, reviewer);
    expect(await new ComplaintReader(house.database.dataSource).one(filed.complaintId)).toMatchObject({
      state: 'answered',
      information: [{ reasons, answer: 'On the third of May.', answeredAt: expect.any(Date) }],
    });
  });

  it('is given back when the complainant stays silent, once however often that is told', async () => {
    const filed = await file();
    await ask(filed.complaintId, house.lead());
    const returned = async () =>
      house.run(house.lead(), (tx) =>
        new OnComplaintReturned(new ReturnComplaint()).handle(tx, {
          payload: { subjectType: 'complaint', subjectId: filed.complaintId },
        } as unknown as DeliveredEvent),
      );
    await returned();
    await returned();
    expect(await new ComplaintReader(house.database.dataSource).one(filed.complaintId)).toMatchObject({
      state: 'returned',
      version: 3,
      closedAt: expect.any(Date),
    });
  });

  it('is answered by its reviewer or taken back by who filed it', async () => {
    const filed = await file();
    expect(await house.caseRow(filed.caseId)).toMatchObject({ kind: 'complaint', state: 'open' });
    const withdraw = new WithdrawComplaint(work(), house.cases);
    const stranger = contextOf({ organisationId: house.operatorId });
    await expect(withdraw.execute(stranger, filed.complaintId)).rejects.toMatchObject({ code: 'complaint_unknown' });
    await withdraw.execute(house.applicant(), filed.complaintId);
    expect(await house.caseRow(filed.caseId)).toMatchObject({ state: 'withdrawn' });
    await expect(answer(filed.complaintId, house.lead())).rejects.toMatchObject({ code: 'transition_not_allowed' });
    const { items } = await new ComplaintReader(house.database.dataSource).own(house.applicantId, { limit: 1 });
    expect(items).toMatchObject([{ id: filed.complaintId, state: 'withdrawn', version: 2 }]);
  });
});
