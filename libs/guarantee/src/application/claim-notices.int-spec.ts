import type { Type } from '@nestjs/common';
import { noticesEventHandlers } from '#notices';
import { type CommandContext, type DeliveredEvent, type EventHandler, idBytes, idText } from '#platform';
import { ClaimHouse, sar } from '../testing/claim-house.js';
import { AppealClaim, DecideClaim, ProposeClaimDecision } from './decide-claim.js';
import { ConfirmClaimPayment, PrepareClaimPayment } from './pay-claim.js';
import { ClaimDocuments } from './claim-documents.js';
import { ReviewClaim } from './review-claim.js';

describe('who is told of a claim', () => {
  let house: ClaimHouse;
  let firm: CommandContext;
  beforeAll(async () => {
    house = await ClaimHouse.open();
    await house.payeeAccount();
    firm = await house.organisation('enterprise', ['signatory']);
    await told();
  }, 60_000);
  afterAll(() => house.close());

  /** What people read since the last time, as the worker would write it: who, which message, its words. */
  const told = async (): Promise<{ who: string; template: string; body: string; language: string }[]> => {
    const handler = house.get(noticesEventHandlers[0] as Type<EventHandler>);
    await house.rows('DELETE FROM notice');
    const rows = await house.rows<{ id: Buffer; subject_id: Buffer; payload: string }>(
      "SELECT id, subject_id, CAST(payload AS CHAR) AS payload FROM outbox_event WHERE relayed = 0 AND name = 'notice.requested' ORDER BY id",
    );
    for (const { id, subject_id, payload } of rows) {
      const event = { name: 'notice.requested', subjectId: idText(subject_id), payload: JSON.parse(payload) as object };
      await house.run((tx) => handler.handle(tx, event as unknown as DeliveredEvent));
      await house.rows('UPDATE outbox_event SET relayed = 1 WHERE id = ?', [id]);
    }
    return house.rows(
      `SELECT CONCAT(o.kind, ' ', JSON_UNQUOTE(JSON_EXTRACT(m.roles, '$[0]'))) AS who, n.template, n.body, n.language FROM notice n
       JOIN membership m ON m.person_id = n.person_id JOIN organisation o ON o.id = m.organisation_id
       WHERE n.template LIKE 'claim%' OR n.template = 'approval_waits' ORDER BY n.id`,
    );
  };
  const names = (messages: readonly { who: string; template: string }[]): string[] =>
    [...new Set(messages.map(({ who, template }) => `${who}: ${template}`))].sort();
  const propose = (id: string, decision: 'approve' | 'approve_in_part' | 'deny', clauses: string[] = []) =>
    house.get(ProposeClaimDecision).execute(house.maker, id, {
      decision,
      clauses,
      reason: 'The reports came late.',
      ...(decision === 'approve_in_part' ? { reduction: sar('10000.00') } : {}),
    });
  const decide = (id: string, by = house.checker) => house.get(DecideClaim).execute(by, id, true, '');
  const claim = () => house.claim(50_000n, { enterpriseId: firm.actor.organisationId });

  it('the guarantor’s people and the firm of the notice; the checker of a proposal; the lender of approval and payment', async () => {
    const { id, number } = await claim();
    const first = await told();
    expect(names(first)).toEqual([
      'enterprise signatory: claim_on_your_guarantee',
      'guarantor checker: claim_notified',
      'guarantor maker: claim_notified',
    ]);
    for (const { template, body } of first) if (template === 'claim_notified') expect(body).toContain(number);
    await propose(id, 'approve');
    expect(names(await told())).toEqual(['guarantor checker: approval_waits']);
    await decide(id);
    expect(names(await told())).toEqual(['financier maker: claim_approved']);
    await house.get(PrepareClaimPayment).execute(house.maker, id);
    expect(names(await told())).toEqual(['guarantor checker: approval_waits']);
    const advice = { kind: 'payment_evidence', fileName: 'advice.pdf' };
    const { id: evidenceDocumentId } = await house
      .get(ClaimDocuments)
      .add(house.maker, id, advice, Buffer.from('%PDF-1.7 advice'));
    await house.get(ConfirmClaimPayment).execute(house.checker, id, { bankReference: 'B-1', evidenceDocumentId });
    const paid = await told();
    expect(names(paid)).toEqual(['financier maker: claim_paid']);
    expect(paid[0]?.body).toContain(number);
  });

  it('the lender of a denial with its clauses, the guarantor of the appeal, the lender of a part', async () => {
    const { id, number } = await claim();
    await propose(id, 'deny', ['S3']);
    await told();
    await decide(id);
    const [denied, ...others] = await told();
    expect(denied).toMatchObject({ who: 'financier maker', template: 'claim_denied' });
    expect(denied?.body).toContain('S3');
    expect(others).toEqual([]);
    await house.get(AppealClaim).execute(house.lender, id, 'They were in time.');
    const appealed = await told();
    expect(names(appealed)).toEqual(['guarantor checker: claim_appealed', 'guarantor maker: claim_appealed']);
    expect(appealed[0]?.body).toContain(number);
    await house.get(ProposeClaimDecision).execute(house.otherMaker, id, {
      decision: 'approve_in_part',
      clauses: ['S3'],
      reason: 'One report was late.',
      reduction: sar('10000.00'),
    });
    await told();
    await decide(id, house.otherChecker);
    const [part, ...more] = await told();
    expect(part).toMatchObject({ who: 'financier maker', template: 'claim_approved_in_part' });
    expect(part?.body).toContain('S3');
    expect(more).toEqual([]);
  });

  it('the firm of a withdrawal when the arrears are paid, in its own language; the lender of a denial by silence', async () => {
    const cured = await claim();
    await house.rows("UPDATE person SET locale = 'ar' WHERE id = ?", [idBytes(firm.actor.id)]);
    await told();
    await house.get(ReviewClaim).withdraw(house.lender, cured.id, 'The arrears are paid.');
    const messages = (await told()).filter(({ template }) => template === 'claim_cured');
    expect(messages).toMatchObject([{ who: 'enterprise signatory', language: 'ar' }]);
    expect(messages[0]?.body).toMatch(/\p{Script=Arabic}/u);
    const silent = await claim();
    await house.get(ReviewClaim).takeUp(house.maker, silent.id);
    const reasons = [{ code: 'statement', message: 'Send the statement until today.' }];
    await house.get(ReviewClaim).requestInformation(house.maker, silent.id, reasons);
    await told();
    await house.run((tx) =>
      house.get(ReviewClaim).silence(tx, {
        name: 'review_case.returned',
        subjectId: silent.reviewCaseId,
        payload: { subjectType: 'guarantee_claim', subjectId: silent.id },
      } as unknown as DeliveredEvent),
    );
    const [denied] = (await told()).filter(({ template }) => template === 'claim_denied');
    expect(denied).toMatchObject({ who: 'financier maker' });
    expect(denied?.body).toMatch(/clauses: S\d/);
  });

  it('nobody of what is refused', async () => {
    const { id } = await claim();
    await told();
    await expect(propose(id, 'deny')).rejects.toMatchObject({ code: 'claim_clauses_needed' });
    await expect(decide(id)).rejects.toMatchObject({ code: 'claim_decision_not_prepared' });
    expect(await told()).toEqual([]);
  });
});
