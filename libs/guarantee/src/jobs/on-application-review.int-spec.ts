import type { Type } from '@nestjs/common';
import { type CommandContext, type DeliveredEvent, type DueTimer, idBytes, idText, type TimerHandler } from '#platform';
import { reviewTimerHandlers } from '#review';
import { ApplyForGuarantee } from '../application/apply-for-guarantee.js';
import { ReviewApplication } from '../application/review-application.js';
import { GuaranteeHouse } from '../testing/guarantee-house.js';
import { OnApplicationReview } from './on-application-review.handler.js';

describe('an application follows its review case', () => {
  let house: GuaranteeHouse;
  let schemeId: string;
  let lender: CommandContext;
  let firm: CommandContext;
  beforeAll(async () => {
    house = await GuaranteeHouse.open();
    schemeId = await house.scheme();
    lender = await house.lender(schemeId);
    firm = await house.enterprise(schemeId);
  });
  afterAll(() => house.close());

  const submitted = async (): Promise<string> => {
    const apply = house.get(ApplyForGuarantee);
    const { id } = await apply.create(lender, house.application(schemeId, firm.actor.organisationId));
    await apply.submit(lender, id);
    return id;
  };
  /** Delivers what review told of the application since the last time, as it stands in the outbox. */
  const deliver = async (id: string): Promise<string[]> => {
    const handler = house.get(OnApplicationReview);
    const rows = await house.rows<{ id: Buffer; name: string; subject_id: Buffer; payload: string }>(
      `SELECT id, name, subject_id, CAST(payload AS CHAR) AS payload FROM outbox_event WHERE relayed = 0 AND name LIKE 'review_case.%'
         AND JSON_UNQUOTE(JSON_EXTRACT(payload, '$.subjectId')) = ? ORDER BY id`,
      [id],
    );
    const taken = rows.filter(({ name }) => handler.events.includes(name));
    for (const row of taken) {
      const payload = JSON.parse(row.payload) as Record<string, unknown>;
      const event = { name: row.name, subjectId: idText(row.subject_id), payload } as unknown as DeliveredEvent;
      await house.run((tx) => handler.handle(tx, event));
      await house.rows('UPDATE outbox_event SET relayed = 1 WHERE id = ?', [row.id]);
    }
    return taken.map(({ name }) => name);
  };
  const state = async (id: string): Promise<string> => {
    const [row] = await house.rows<{ status: string }>('SELECT status FROM guarantee_application WHERE id = ?', [
      idBytes(id),
    ]);
    return row?.status ?? '';
  };
  const history = async (id: string): Promise<string[]> => {
    const rows = await house.rows<{ action: string }>(
      'SELECT action FROM guarantee_history WHERE subject_id = ? ORDER BY id',
      [idBytes(id)],
    );
    return rows.map(({ action }) => action);
  };
  const silence = async (id: string): Promise<void> => {
    const [row] = await house.rows<{ review_case_id: Buffer }>(
      'SELECT review_case_id FROM guarantee_application WHERE id = ?',
      [idBytes(id)],
    );
    const clock = house.get(reviewTimerHandlers[0] as Type<TimerHandler>);
    const due = { subjectId: idText(row?.review_case_id as Buffer) } as DueTimer;
    await house.run((tx) => clock.fire(tx, [due], new Date(Date.now() + 200 * 86_400_000)));
  };
  const ask = (id: string) =>
    house
      .get(ReviewApplication)
      .requestInformation(house.maker, id, [{ code: 'statements', message: 'Send the statements of six months.' }]);

  it('is in review as soon as somebody of the guarantor has the case, once however often it is told', async () => {
    const id = await submitted();
    expect(await state(id)).toBe('submitted');
    expect(await deliver(id)).toContain('review_case.assigned');
    expect(await state(id)).toBe('in_review');
    await house.rows(
      "UPDATE outbox_event SET relayed = 0 WHERE name = 'review_case.assigned' AND JSON_UNQUOTE(JSON_EXTRACT(payload, '$.subjectId')) = ?",
      [id],
    );
    await deliver(id);
    expect((await history(id)).filter((action) => action === 'take_up')).toHaveLength(1);
  });

  it('goes back to its draft when the lender stays silent, with nothing of the review left; it can be handed in again', async () => {
    const id = await submitted();
    await deliver(id);
    await ask(id);
    expect(await state(id)).toBe('information_requested');
    await silence(id);
    expect(await deliver(id)).toContain('review_case.returned');
    expect(await state(id)).toBe('draft');
    const [row] = await house.rows<{ review_case_id: Buffer | null; proposal: string | null }>(
      'SELECT review_case_id, proposal FROM guarantee_application WHERE id = ?',
      [idBytes(id)],
    );
    expect(row).toEqual({ review_case_id: null, proposal: null });
    await house.get(ApplyForGuarantee).submit(lender, id);
    expect(await state(id)).toBe('submitted');
  });

  it('an answer that came before the return was delivered is not undone', async () => {
    const id = await submitted();
    await deliver(id);
    await ask(id);
    await silence(id);
    // The step of the application came first; the event is late.
    await house.rows("UPDATE guarantee_application SET status = 'in_review' WHERE id = ?", [idBytes(id)]);
    expect(await deliver(id)).toContain('review_case.returned');
    expect(await state(id)).toBe('in_review');
  });

  it('what is told of other subjects is left alone', async () => {
    const id = await submitted();
    const event = {
      name: 'review_case.returned',
      subjectId: id,
      payload: { subjectType: 'guarantee_claim', subjectId: id },
    } as unknown as DeliveredEvent;
    await house.run((tx) => house.get(OnApplicationReview).handle(tx, event));
    expect(await state(id)).toBe('submitted');
  });
});
