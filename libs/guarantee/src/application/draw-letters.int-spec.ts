import { DomainError } from '#kernel';
import { newId } from '#platform';
import { GuaranteeHouse, riyals } from '../testing/guarantee-house.js';
import { EndLetters } from './end-letters.js';
import { FoldCapacity } from './fold-capacity.js';
import { GuaranteeMarket } from './guarantee-market.js';

/** Only the caps that a test sets. */
const withoutCaps = (terms: Record<string, unknown>): void => {
  const { clauses } = terms as { clauses: { kind: string }[] };
  terms['clauses'] = clauses.filter(({ kind }) => kind !== 'cap');
};

describe('letters of intent', () => {
  let house: GuaranteeHouse;
  beforeAll(async () => {
    house = await GuaranteeHouse.open({ databasePool: 30 });
  });
  afterAll(() => house.close());

  it('500 at once on a capacity for 100: exactly 100, the rest told what is left, and nothing is overdrawn', async () => {
    // 1,600,000 paid in × 5 = 8,000,000: a hundred guarantees of 80,000.
    const schemeId = await house.scheme(withoutCaps, '1600000');
    const lender = await house.lender(schemeId);
    const firm = await house.enterprise(schemeId);
    const template = await house.approved(lender, house.application(schemeId, firm.actor.organisationId));
    const ids = await house.approvedMany(template, 500);
    const outcomes = await Promise.allSettled(ids.map((id) => house.draw(lender, id, newId())));
    const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as DomainError] : []));
    expect(outcomes.length - refused.length).toBe(100);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['scheme_headroom']));
    expect(refused[0]?.details.data).toEqual({ asked: '80000.00', left: '0.00', currency: 'SAR' });
    const { rows, row, base, ledger } = await house.capacity(schemeId);
    expect([rows, row, base, ledger]).toEqual([800_000_000n, 800_000_000n, 160_000_000n, 160_000_000n]);
    expect(await house.books()).toBe(true);
  });

  it('one command answers the same twice, also when both come at once', async () => {
    const schemeId = await house.scheme();
    const lender = await house.lender(schemeId);
    const firm = await house.enterprise(schemeId);
    const id = await house.approved(lender, house.application(schemeId, firm.actor.organisationId));
    const key = newId();
    const [first, twin] = await Promise.all([house.draw(lender, id, key), house.draw(lender, id, key)]);
    expect(twin).toEqual(first);
    expect(await house.draw(lender, id, key)).toEqual(first);
    await expect(house.draw(lender, id, newId())).rejects.toMatchObject({ code: 'letter_exists' });
    expect((await house.inState(schemeId, 'offered')).length).toBe(1);
  });

  it('of one request reserve once, as much as the largest; the lender’s cap counts each', async () => {
    const schemeId = await house.scheme();
    const [first, second] = [await house.lender(schemeId), await house.lender(schemeId)];
    const firm = (await house.enterprise(schemeId)).actor.organisationId;
    const requestId = newId();
    const small = await house.approved(first, house.application(schemeId, firm), { requestId, offerId: newId() });
    const offerId = newId();
    const large = await house.approved(second, house.application(schemeId, firm, { amount: riyals('200000.00') }), {
      requestId,
      offerId,
    });
    await Promise.all([house.draw(first, small), house.draw(second, large)]);
    expect((await house.capacity(schemeId)).rows).toBe(16_000_000n);
    // The award of the larger turns the reservation into the guarantee, voids the other letter and leaves the hot row alone.
    const market = house.get(GuaranteeMarket);
    const [before] = await house.rows('SELECT * FROM scheme_capacity');
    const award = { requestId, offerId, amountMinor: 20_000_000n, final: true };
    const issued = await house.run((tx) => market.turnIntoGuarantee(tx, award));
    expect(issued).toMatchObject({ state: 'issued', balanceMinor: 16_000_000n, feeDue: true });
    const [after] = await house.rows('SELECT * FROM scheme_capacity');
    expect(after).toEqual(before);
    expect(await house.inState(schemeId, 'lapsed')).toHaveLength(1);
    const { rows, row } = await house.capacity(schemeId);
    expect([rows, row]).toEqual([16_000_000n, 16_000_000n]);
    await expect(house.run((tx) => market.turnIntoGuarantee(tx, award))).rejects.toMatchObject({
      code: 'letter_missing',
    });
  });

  it('an award of an offer that is not reserved, or differs, fails and changes nothing', async () => {
    const schemeId = await house.scheme();
    const lender = await house.lender(schemeId);
    const firm = (await house.enterprise(schemeId)).actor.organisationId;
    const origin = { requestId: newId(), offerId: newId() };
    const id = await house.approved(lender, house.application(schemeId, firm), origin);
    const market = house.get(GuaranteeMarket);
    const award = { ...origin, amountMinor: 10_000_000n, final: true };
    await expect(house.run((tx) => market.turnIntoGuarantee(tx, award))).rejects.toMatchObject({
      code: 'letter_missing',
    });
    await house.draw(lender, id);
    await expect(
      house.run((tx) => market.turnIntoGuarantee(tx, { ...award, amountMinor: 9_000_000n })),
    ).rejects.toMatchObject({ code: 'letter_amount_differs' });
    expect(await house.inState(schemeId, 'offered')).toHaveLength(1);
  });

  it('give their headroom back when their day is over, and what is folded in lets others in', async () => {
    const schemeId = await house.scheme(withoutCaps, '16000');
    const lender = await house.lender(schemeId);
    const firm = (await house.enterprise(schemeId)).actor.organisationId;
    const [one, two] = [
      await house.approved(lender, house.application(schemeId, firm)),
      await house.approved(lender, house.application(schemeId, firm)),
    ];
    const letter = await house.draw(lender, one);
    await expect(house.draw(lender, two)).rejects.toMatchObject({ code: 'scheme_headroom' });
    const later = new Date(Date.parse(letter.until) + 1000);
    await house.run((tx) => house.get(EndLetters).expire(tx, [letter.id], later));
    await house.draw(lender, two);
    const { rows, row } = await house.capacity(schemeId);
    expect([rows, row]).toEqual([8_000_000n, 8_000_000n]);
    await house.get(FoldCapacity).execute();
    expect((await house.capacity(schemeId)).row).toBe(8_000_000n);
  });

  it('a cap of the mandate refuses with its clause', async () => {
    const schemeId = await house.scheme((terms) => {
      const { clauses } = terms as { clauses: { id: string; percent?: string; amount?: string }[] };
      const cap = clauses.find(({ id }) => id === 'K1') as { percent?: string; amount?: string };
      delete cap.percent;
      cap.amount = '100000';
    });
    const lender = await house.lender(schemeId);
    const firm = (await house.enterprise(schemeId)).actor.organisationId;
    const [one, two] = [
      await house.approved(lender, house.application(schemeId, firm)),
      await house.approved(lender, house.application(schemeId, firm)),
    ];
    await house.draw(lender, one);
    await expect(house.draw(lender, two)).rejects.toMatchObject({
      code: 'scheme_cap_reached',
      details: { data: { left: '20000.00', scope: 'enterprise', clause: { id: 'K1' } } },
    });
  });
});
