import { amount, chapter, check, checkEqual, riyadh, tell } from '../teller.mjs';
import { caseOf, reviewerOf } from './the-firm.mjs';

/** One request, submitted once, and the promise of three working days. */
export async function theRequest(market, firm) {
  chapter('3. One request, reviewed within three working days');
  const { owner } = firm;
  const asked = { amount: { amount: '1500000.00', currency: 'SAR' }, tenorMonths: 36 };
  const { id } = await owner.post('/v1/requests', {
    productKind: 'term_loan',
    ...asked,
    purpose: `${firm.name} buys a kiln that burns half the gas.`,
    anonymousText: 'A maker of building materials replaces its kiln and pays back from what it saves and sells.',
    shariahOnly: false,
    collateral: ['equipment', 'personal_guarantee'],
    mode: 'ranked',
  });
  tell(
    `Hanan asks for ${amount(asked.amount)} over ${asked.tenorMonths} months, for a new kiln. The draft saves itself.`,
  );
  const incomplete = await owner.refusal('POST', `/v1/requests/${id}/submit`);
  const missing = incomplete.errors.map(({ pointer }) => pointer.split(':')[1] ?? pointer);
  check(`The checklist names what is missing: ${missing.join(', ').replaceAll('_', ' ')}.`, missing.length === 3);
  for (const kind of missing) {
    const document = await owner.upload('other', kind.replaceAll('_', ' '));
    await owner.post(`/v1/requests/${id}/documents`, { kind, documentId: document.id });
  }
  const submitted = await owner.post(`/v1/requests/${id}/submit`);
  const request = await owner.get(`/v1/requests/${id}`);
  checkEqual(
    `Submitted. The answer is due on ${riyadh(submitted.reviewDueAt)}: closing time of the third working day.`,
    submitted.reviewDueAt,
    market.time.due(request.submittedAt, 3),
  );
  await review(market, firm, request);
  return { id, asked };
}

async function review(market, firm, request) {
  const lead = await market.as('lead@authority.example');
  const found = await caseOf(lead, request.id);
  const reviewer = await reviewerOf(market, found);
  checkEqual(
    `${found.assignee.name} sees it in the queue with ${hours(found.clock.left.workingSeconds)} of working time left.`,
    Math.abs(
      found.clock.left.workingSeconds -
        market.time.between(Math.max(Date.now(), Date.parse(request.submittedAt)), found.dueAt),
    ) <= 5,
    true,
  );
  const { items: queue } = await reviewer.get('/v1/review-cases?limit=50');
  const dues = queue.map(({ dueAt }) => dueAt);
  check(`The queue has ${queue.length} cases, the most urgent first.`, dues.join() === [...dues].sort().join());

  const path = `/v1/review/requests/${request.id}`;
  await reviewer.post(`${path}/begin`);
  await reviewer.post(`${path}/request-information`, {
    reasons: [{ code: 'supplier_quotation', message: 'Please add the quotation of the kiln’s maker.' }],
  });
  const paused = await ownCase(firm.owner, request.id);
  checkEqual('The reviewer asks for the kiln’s quotation. Meanwhile the clock stands still.', paused.state, 'paused');
  tell(`Hanan reads it with the time left, ${hours(paused.clock.left.workingSeconds)}, and answers on the same day.`);
  await firm.owner.post(`/v1/requests/${request.id}/answer-information`, { note: 'The quotation is attached.' });
  const resumed = await ownCase(firm.owner, request.id);
  const left = market.time.between(Date.now(), resumed.dueAt);
  check(
    `The clock goes on with exactly what was left; the answer is due on ${riyadh(resumed.dueAt)}.`,
    Math.abs(left - paused.clock.left.workingSeconds) <= 30,
    `${left} s left instead of ${paused.clock.left.workingSeconds}`,
  );
  const again = { reasons: [{ code: 'other', message: 'One more thing.' }] };
  const refusal = await reviewer.refusal('POST', `${path}/request-information`, again);
  check('A second pause is refused: only a review lead may ask twice.', refusal !== null, JSON.stringify(refusal));

  const opened = await reviewer.post(`${path}/open`);
  const { openedAt, closesAt, decideBy } = await firm.owner.get(`/v1/requests/${request.id}`);
  checkEqual(
    `Reviewed and open. Institutions may offer until ${riyadh(opened.closesAt)}.`,
    closesAt,
    market.time.due(openedAt, market.rules.biddingWorkingDays),
  );
  checkEqual(
    `Then Hanan has until ${riyadh(decideBy)} to decide.`,
    decideBy,
    market.time.due(Date.parse(closesAt) + 1, market.rules.decideWorkingDays),
  );
}

async function ownCase(owner, requestId) {
  const { items } = await owner.get('/v1/own-review-cases?limit=50');
  const { caseId } = items.find(({ subjectId }) => subjectId === requestId);
  return owner.get(`/v1/own-review-cases/${caseId}`);
}

function hours(seconds) {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
