import { type CommandContext, idBytes } from '#platform';
import { marketTimers } from '../domain/market-timers.js';
import { MarketHouse, plainTerms } from '../testing/market-house.js';
import { tellPeople } from '../testing/tell-people.js';
import { marketTimerHandlers } from '../jobs/market-timers.handler.js';
import { AcceptOffer } from './accept-offer.js';
import { AskBindingOffer } from './ask-binding-offer.js';
import { AwardSteps } from './award-steps.js';
import { LapseAward } from './lapse-award.js';
import { marketEvents } from './market-events.js';
import { type OfferInput, PlaceOffer } from './place-offer.js';
import { AnswerQuestion, AskQuestion } from './questions.js';
import { ReviewRequest } from './review-request.js';

let house: MarketHouse;
beforeAll(async () => {
  house = await MarketHouse.open();
}, 60_000);
afterAll(() => house.close());
/** What earlier tests have left is told to nobody here. */
beforeEach(async () => {
  await house.rows('UPDATE outbox_event SET relayed = 1');
});

const told = async () => (await tellPeople(house)).map(({ to }) => to).sort();
const offer = (binding: boolean, rate = '8'): OfferInput => ({
  binding,
  amount: { amount: '500000.00', currency: 'SAR' },
  tenorMonths: 24,
  expiresAt: house.farFuture(),
  terms: { ...plainTerms, price: { kind: 'fixed', annualRate: rate } },
});
const place = (bank: CommandContext, requestId: string, input: OfferInput) =>
  house.get(PlaceOffer).execute(bank, requestId, input);
async function fire(kind: string, subjectId: string): Promise<void> {
  for (const type of marketTimerHandlers) {
    const handler = house.get(type);
    if (handler.kind !== kind) continue;
    await house.run(async (tx) => handler.fire(tx, [{ subjectId, dueAt: new Date() } as never], await tx.now()));
  }
}

describe('who is told what', () => {
  it('a competition from the opening to the money', async () => {
    const enterprise = await house.enterprise();
    const [first, second] = [await house.financier(), await house.financier({ makerLimit: 1n })];
    const requestId = await house.openRequest(enterprise);
    expect(await told()).toEqual([
      'enterprise: request_opened',
      'financier: request_invited',
      'financier: request_invited',
      'operator: review_assigned',
    ]);

    const { id: questionId } = await house.get(AskQuestion).execute(first, requestId, 'Is it insured?');
    const [asked] = await tellPeople(house);
    expect(asked).toMatchObject({ to: 'enterprise: question_asked' });
    expect(asked?.body).toContain('“Is it insured?”');
    await house.get(AnswerQuestion).execute(enterprise, requestId, questionId, 'Yes.');
    expect(await told()).toEqual(['financier: question_answered', 'financier: question_answered']);

    const indicative = await place(first, requestId, offer(false, '9'));
    const arrived = await tellPeople(house);
    expect(arrived.map(({ to }) => to)).toEqual(['enterprise: offers_arrived']);
    expect(arrived[0]?.body).toContain('Your request has offers: 1.');
    expect(arrived[0]?.body).not.toMatch(/9 ?%|500[ ,]?000/);
    await house.discloseToAll(requestId);
    await place(second, requestId, offer(true));
    // Only a maker is here: nobody can approve, and the enterprise hears nothing of what is not in the competition.
    expect(await told()).toEqual([]);

    await house.endBidding(requestId);
    await fire(marketTimers.close, requestId);
    expect(await told()).toEqual(['enterprise: bidding_closed', 'financier: bidding_ended']);
    await house.get(AskBindingOffer).execute(enterprise, indicative.id);
    expect(await told()).toEqual(['financier: binding_asked']);
    const binding = await place(first, requestId, offer(true, '9'));
    await told();
    const { awardId: made } = await house.get(AcceptOffer).execute(enterprise, binding.id, false);
    const awardId = made as string;
    expect(await told()).toEqual(['financier: award_made', 'financier: offer_not_chosen']);
    await house.get(AwardSteps).sign(enterprise, awardId);
    await house.get(AwardSteps).sign(first, awardId);
    expect(await told()).toEqual(['enterprise: award_agreed', 'financier: award_agreed']);
    const net = { amount: '500000.00', currency: 'SAR' };
    await house.get(AwardSteps).reportDisbursement(first, awardId, net, 'REF-1');
    const [reported] = await tellPeople(house);
    expect(reported).toMatchObject({ to: 'enterprise: disbursement_reported' });
    expect(reported?.body).toContain('500000.00 SAR');
    await house.get(AwardSteps).confirmReceipt(enterprise, awardId, net);
    expect(await told()).toEqual(['financier: award_disbursed']);
  });

  it('a rejection with its reasons in words', async () => {
    const requestId = await house.submittedRequest(await house.enterprise());
    await told();
    const reasons = [{ code: 'amount_not_supported', message: 'Ask for less.' }];
    await house.get(ReviewRequest).reject(house.reviewer, requestId, reasons);
    const [notice] = (await tellPeople(house)).filter(({ to }) => to === 'enterprise: request_rejected');
    expect(notice?.body).toContain('Ask for less.');
  });

  it('a request that no mandate fits reaches the enterprise and the review lead', async () => {
    await house.openRequest(await house.enterprise(), { amount: '900.00' });
    expect(await told()).toEqual([
      'enterprise: request_opened',
      'enterprise: request_unmatched',
      'operator: request_unmatched_operator',
      'operator: review_assigned',
    ]);
  });

  it('an award that fell: both sides with the reason, and the offer that is back', async () => {
    const enterprise = await house.enterprise();
    const [first, second] = [await house.financier(), await house.financier()];
    const requestId = await house.openRequest(enterprise);
    await house.discloseToAll(requestId);
    const chosen = await place(first, requestId, offer(true));
    await place(second, requestId, offer(true, '8.5'));
    await house.endBidding(requestId);
    const { awardId: made } = await house.get(AcceptOffer).execute(enterprise, chosen.id, false);
    const awardId = made as string;
    await told();
    await house.get(LapseAward).stepBack(enterprise, awardId, 'found other means');
    const notices = await tellPeople(house);
    expect(notices.map(({ to }) => to).sort()).toEqual([
      'enterprise: award_lapsed',
      'financier: award_lapsed',
      'financier: offer_revived',
    ]);
    expect(notices[0]?.body).toContain('found other means');
    await house.rows('UPDATE funding_request SET decide_by = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND');
    await fire(marketTimers.decide, requestId);
    expect(await told()).toEqual(['enterprise: request_expired', 'financier: request_ended']);
  });

  it('a request of which only a part was awarded when its time is over: the rest is given up, the award goes on', async () => {
    const enterprise = await house.enterprise();
    const [first, second] = [await house.financier(), await house.financier()];
    const requestId = await house.openRequest(enterprise);
    await house.discloseToAll(requestId);
    const half = { ...offer(true), amount: { amount: '200000.00', currency: 'SAR' } };
    const chosen = await place(first, requestId, half);
    await place(second, requestId, offer(true, '9'));
    await house.endBidding(requestId);
    await house.get(AcceptOffer).execute(enterprise, chosen.id, false);
    await told();
    await house.rows('UPDATE funding_request SET decide_by = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND');
    await fire(marketTimers.decide, requestId);
    const [request] = await house.rows('SELECT state FROM funding_request WHERE id = ?', [idBytes(requestId)]);
    expect(request).toEqual({ state: 'awarded' });
    const offers = await house.rows('SELECT state FROM offer WHERE request_id = ? ORDER BY id', [idBytes(requestId)]);
    expect(offers).toEqual([{ state: 'awarded' }, { state: 'expired' }]);
  });

  it('who else was invited reaches nobody outside, and every event with an audience is in the catalogue', async () => {
    const events = await house.rows<{ name: string; audience: string; payload: string }>(
      "SELECT DISTINCT name, audience, payload FROM outbox_event WHERE name NOT LIKE 'review_case%' AND name NOT LIKE 'organisation%' AND name <> 'notice.requested'",
    );
    const told = events.filter(({ audience }) => audience !== '[]');
    expect(told.length).toBeGreaterThan(5);
    for (const { name, payload } of told) {
      expect(Object.keys(marketEvents)).toContain(name);
      expect(payload).not.toContain('financierIds');
    }
  });
});
